import Addresses
import BuiltinProviders
import ConfigModel
import Diagnostics
import Engine
import Evaluation
import FoundationEssentials
import ManifestProviders
import ModulePackages
import Planning
import ProviderKit
import Synchronization
import Values

/// Providers: those built in, and folders of manifests on disk, read only when they are named.
final class DiskCatalog: ProviderCatalog {
    private let folders: [String]
    private let transports: @Sendable () -> ManifestTransports
    private let builtins: [String: BuiltinProvider]
    private let loaded = Mutex<[String: any ProviderSource]>([:])
    private let manifestSources = Mutex(SourceMap())
    private let knownKinds = Mutex<[ResourceType: KindCatalog.Kind?]>([:])

    private let packages: PackageFolder

    init(folders: [String], packages: PackageFolder, transports: @escaping @Sendable () -> ManifestTransports) {
        self.folders = folders
        self.packages = packages
        self.transports = transports
        builtins = BuiltinProvider.all(http: { transports().http }, rendering: TemplateRendering.text(of:_:))
    }

    /// Of a provider that is in the program.
    func builtinVersion(_ name: String) -> String? { builtins[name]?.schema.version }

    /// Manifests read so far, for excerpts in diagnostics.
    var readManifests: SourceMap { manifestSources.withLock { $0 } }

    func source(named name: String) async throws(DiagnosticError) -> any ProviderSource {
        if let builtin = builtins[name] { return builtin }
        if let known = loaded.withLock({ $0[name] }) { return known }
        for folder in folders {
            let directory = folder + "/" + name
            guard let names = try? FileManager.default.contentsOfDirectory(atPath: directory) else {
                // Not there: the next place is asked.
                continue
            }
            let source = try load(name, directory, names.filter { $0.hasSuffix(".hcl") }.sorted())
            loaded.withLock { $0[name] = source }
            return source
        }
        var distinct: [String] = []
        for folder in folders where !distinct.contains(folder) { distinct.append(folder) }
        throw DiagnosticError(
            .error(
                "Failed to query available provider packages",
                "There is no provider \"\(name)\": it is not built in, and none of these folders has it: \(distinct.joined(separator: ", ")).",
                hints: [
                    nearestName(name, among: knownNames).map { "Did you mean \"\($0)\"?" }
                        ?? "Check the spelling, or put the provider's manifests into .ashlar/providers/\(name)."
                ]))
    }

    /// Providers that are there, and kinds, whose types look like those of a provider.
    private var knownNames: [String] {
        let inFolders = folders.flatMap { folder in
            // A folder that is not there has none.
            [folder, folder + "/kinds"].flatMap { (try? FileManager.default.contentsOfDirectory(atPath: $0)) ?? [] }
        }
        return (builtins.keys + inFolders.filter { $0 != "kinds" }).sorted()
    }

    private func load(_ name: String, _ directory: String, _ names: [String]) throws(DiagnosticError) -> any ProviderSource {
        var files: [(name: String, bytes: [UInt8])] = []
        for file in names {
            let path = directory + "/" + file
            do {
                let bytes = try readWholeFile(path)
                files.append((path, bytes))
                manifestSources.withLock { $0.add(path: path, bytes: bytes) }
            } catch {
                throw DiagnosticError(.error("Failed to read a manifest", "\(path) could not be read: \(error)."))
            }
        }
        let (source, diagnostics) = ManifestProviderSource.load(
            directory: directory, files: files, functions: Engine.plainFunctions, transports: transports())
        guard let source, !diagnostics.hasErrors else { throw DiagnosticError(diagnostics) }
        return source
    }

    // MARK: Modules and kinds

    var sources: ModuleSources {
        ModuleSources(
            list: { directory in
                // Nil is the answer for what is no directory.
                guard let names = try? FileManager.default.contentsOfDirectory(atPath: directory) else { return nil }
                return names.filter { name in
                    // A directory is no file of the configuration, whatever its name. A link to one is a file that cannot be read.
                    let mayBeRead = name.hasSuffix(".tf") || name.hasSuffix(".tf.json") || name.hasSuffix(".tfvars")
                    // What went meanwhile is missed where it is read.
                    guard mayBeRead, let attributes = try? FileManager.default.attributesOfItem(atPath: directory + "/" + name) else {
                        return true
                    }
                    return attributes[.type] as? FileAttributeType != .typeDirectory
                }
            },
            read: readWholeFile, package: { [packages] request, _ in packages.answer(request) })
    }

    /// Kinds are found by their folders when a configuration is loaded.
    var kinds: KindCatalog {
        KindCatalog { [self] type in
            if let answer = knownKinds.withLock({ $0[type] }) { return answer }
            var found: KindCatalog.Kind?
            for folder in folders {
                let interface = "\(folder)/kinds/\(type.rawValue)/interface.tf"
                guard FileManager.default.fileExists(atPath: interface) else { continue }
                var compositions: [String: String] = [:]
                for other in folders {
                    for provider in (try? FileManager.default.contentsOfDirectory(atPath: other)) ?? [] {
                        // A folder that cannot be listed has no composition.
                        let directory = "\(other)/\(provider)/kinds/\(type.rawValue)"
                        if compositions[provider] == nil, FileManager.default.fileExists(atPath: directory) {
                            compositions[provider] = directory
                        }
                    }
                }
                found = KindCatalog.Kind(interface: interface, compositions: compositions)
                break
            }
            let answer = found
            knownKinds.withLock { $0[type] = .some(answer) }
            return found
        }
    }
}
