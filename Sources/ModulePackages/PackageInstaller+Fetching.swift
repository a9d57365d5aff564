import ConfigModel
import FoundationEssentials

/// One package, from its address to its directory.
extension PackageInstaller {
    func fetch(_ request: PackageRequest, for name: String) async throws(PackageFailure) -> LockedPackage {
        let scratch = "\(folder.path)/.new-\(UUID().uuidString)"
        let content = "\(scratch)/content"
        // What is left of it is removed by the next run.
        defer { try? FileManager.default.removeItem(atPath: scratch) }
        do {
            try FileManager.default.createDirectory(atPath: scratch, withIntermediateDirectories: true)
        } catch {
            throw .download(request.title, "\(error).")
        }
        let fetcher = Fetcher(settings: settings, scratch: scratch)
        // What was written down is taken again where only its folder is gone.
        let earlier = renewal == .missing ? folder.written().packages[LockedPackage.key(of: request)] : nil
        let taken = earlier.flatMap { $0.revision.isEmpty ? nil : $0.revision }
        var package = LockedPackage(
            key: LockedPackage.key(of: request), source: request.title, constraint: request.constraint, directory: "")
        let fetched: Fetched
        switch request.origin {
        case .remote(let remote):
            report("Downloading \(remote) for \(name)...")
            fetched = try await fetcher.fetch(remote, into: content, revision: taken)
        case .registry(let module):
            package.version = try await version(of: module, request.constraint, earlier)
            report("Downloading \(module) \(package.version) for \(name)...")
            let (location, base) = try await registry.location(of: module, package.version)
            let asked = RemotePackage(getter: "https", url: base)
            fetched = try await fetcher.fetch(location: location, relativeTo: base, into: content, asked, revision: taken, hops: 1)
        }
        package.revision = fetched.revision ?? ""
        if let taken, package.revision != taken {
            throw .download(
                request.title,
                "it is not what was installed before: modules.json says \(taken), what came is \(package.revision).",
                hints: ["If the new one is wanted, take it with: ashlar init -upgrade"])
        }
        package.subdirectory = try resolved(fetched.subdirectory, in: content, request)
        package.directory = directoryName(package, request)
        try place(content, as: package, request)
        return package
    }

    private func version(of module: RegistryModule, _ constraint: String, _ earlier: LockedPackage?) async throws(PackageFailure) -> String
    {
        if let earlier, !earlier.version.isEmpty { return earlier.version }
        let all = try await registry.versions(of: module)
        let releases = all.filter { $0.version.prerelease.isEmpty }
        guard let newest = (releases.isEmpty ? all : releases).map(\.version).max() else {
            throw PackageFailure(summary: "Module has no versions", detail: "The registry at \(module.host) has no version of \(module).")
        }
        // A constraint that cannot be read has been reported.
        let wanted = VersionConstraint(constraint.isEmpty ? ">= 0" : constraint)?.newest(of: all.map(\.version))
        guard let wanted, let found = all.first(where: { $0.version == wanted }) else {
            throw PackageFailure(
                summary: "Unresolvable module version constraint",
                detail:
                    "No version of \(module) at \(module.host) is allowed by the constraint \"\(constraint)\". The newest one is \(newest).",
                isOfVersion: true)
        }
        return found.text
    }

    /// The folder that was named, with its star replaced: `*` stands for the only folder there is.
    private func resolved(_ subdirectory: String, in content: String, _ request: PackageRequest) throws(PackageFailure) -> String {
        var result = ""
        for part in subdirectory.split(separator: "/") {
            var name = String(part)
            if name == ".." || name == "." {
                throw .download(request.title, "its folder \"\(subdirectory)\" leads out of it, or may.")
            }
            if name == "*" {
                // What cannot be listed has no such folder.
                let names = (try? FileManager.default.contentsOfDirectory(atPath: "\(content)/\(result)")) ?? []
                guard names.count == 1, let only = names.first else {
                    throw .download(request.title, "its folder \"\(subdirectory)\" stands for \(names.count) folders, not for one.")
                }
                name = only
            }
            result += (result.isEmpty ? "" : "/") + name
        }
        guard result.isEmpty || FileManager.default.fileExists(atPath: "\(content)/\(result)") else {
            throw .download(request.title, "it has no folder \"\(result)\".")
        }
        return result
    }

    private func directoryName(_ package: LockedPackage, _ request: PackageRequest) -> String {
        let title =
            switch request.origin {
            case .registry(let module): "\(module.namespace)-\(module.name)-\(module.provider)"
            case .remote(let remote):
                RemotePackage.withoutCredentials(remote.url).prefix { $0 != "?" }.split(separator: "/").last.map(String.init) ?? "package"
            }
        let name = title.unicodeScalars.map { scalar in
            scalar.isASCII
                && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil || "-_.".unicodeScalars.contains(scalar))
                ? Character(scalar) : "-"
        }
        let choice = package.version.isEmpty ? String((package.revision.split(separator: ":").last ?? "").prefix(12)) : package.version
        let parts = [String(name).drop { $0 == "." || $0 == "-" }.prefix(80).description, choice, String(package.key.prefix(8))]
        return parts.filter { !$0.isEmpty }.joined(separator: "-").replacing("/", with: "-")
    }

    private func place(_ content: String, as package: LockedPackage, _ request: PackageRequest) throws(PackageFailure) {
        let target = folder.directory(of: package)
        do {
            if FileManager.default.fileExists(atPath: target) { try FileManager.default.removeItem(atPath: target) }
            try FileManager.default.moveItem(atPath: content, toPath: target)
        } catch {
            throw .download(request.title, "\(error).")
        }
    }
}
