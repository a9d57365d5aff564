import ConfigModel
import FoundationEssentials
import Glibc

/// Git repositories, with the program `git`. Nothing that an address says can become an option of it, and of its transports only those that
/// carry files are allowed: `ext::` runs a command.
extension Fetcher {
    func fetchRepository(_ package: RemotePackage, into folder: String, revision: String?) async throws(PackageFailure) -> String {
        let address = PackageURL(package.url)
        if address["sshkey"] != nil {
            throw .download(
                package.description, "a private key in the address is not supported.",
                hints: ["Load the key into an SSH agent, or name it in ~/.ssh/config."])
        }
        let reference = try checkedReference(address["ref"], package)
        var clone = ["clone", "--quiet", "--no-checkout"]
        if let depth = address["depth"] {
            guard let depth = Int(depth), depth > 0 else {
                throw .download(package.description, "depth must be a whole number above zero.")
            }
            // An earlier commit may lie deeper.
            if revision == nil {
                clone.append("--depth=\(depth)")
                if let reference { clone.append("--branch=\(reference)") }
            }
        }
        try await git(clone + ["--", address.url, folder], package)
        let commit = try await commit(of: revision ?? reference, in: folder, package)
        try await git(["-C", folder, "checkout", "--quiet", "--detach", commit], package)
        if FileManager.default.fileExists(atPath: folder + "/.gitmodules") {
            // What a repository names is fetched by its own transports: none that reads this machine's files, unless it came from there.
            try await git(
                ["-C", folder, "submodule", "--quiet", "update", "--init", "--recursive"], package,
                allowsFiles: address.url.hasPrefix("file:") || address.url.hasPrefix("/"))
        }
        let links = try removeRepositoryFolders(in: folder, package)
        do throws(ArchiveFault) {
            try TreeWriter.checkLinks(links, in: folder)
        } catch {
            throw .download(package.description, "\(error).")
        }
        return commit
    }

    /// Throws for what `git` could take for an option, and for what no name of a branch, tag or commit is.
    private func checkedReference(_ reference: String?, _ package: RemotePackage) throws(PackageFailure) -> String? {
        guard let reference, !reference.isEmpty else { return nil }
        let isName =
            !reference.hasPrefix("-") && reference.unicodeScalars.allSatisfy { $0.value > 0x20 && !"~^:?*[\\".unicodeScalars.contains($0) }
        if !isName || reference.contains("..") {
            throw .download(package.description, "\"\(reference)\" can be neither a branch nor a tag nor a commit.")
        }
        return reference
    }

    private func commit(of reference: String?, in folder: String, _ package: RemotePackage) async throws(PackageFailure) -> String {
        let candidates = reference.map { ["refs/heads/\($0)", "refs/tags/\($0)", "refs/remotes/origin/\($0)", $0] } ?? ["HEAD"]
        for candidate in candidates {
            let output = "\(scratch)/commit-\(UUID().uuidString)"
            let ending = try await runGit(
                ["-C", folder, "rev-parse", "--verify", "--quiet", "--end-of-options", "\(candidate)^{commit}"], package, output: output)
            guard ending.code == 0 else { continue }
            do {
                let text = try String(contentsOf: URL(filePath: output), encoding: .utf8)
                if let line = text.split(separator: "\n").last, line.allSatisfy(\.isHexDigit) { return String(line) }
            } catch {
                throw .download(package.description, "\(error).")
            }
        }
        throw .download(
            package.description, reference.map { "it has no branch, tag or commit \"\($0)\"." } ?? "it is empty.",
            hints: reference == nil ? [] : ["With depth, ref must be a branch or a tag."])
    }

    private func git(_ arguments: [String], _ package: RemotePackage, allowsFiles: Bool = true) async throws(PackageFailure) {
        let ending = try await runGit(arguments, package, allowsFiles: allowsFiles)
        if ending.code == 0 { return }
        var reason = ending.said.split(separator: "\n").filter { !$0.hasPrefix("Cloning into") && !$0.hasPrefix("hint:") }
            .joined(separator: " ").trimmed
        for word in Self.secrets(in: package.url) { reason = reason.replacing(word, with: "…") }
        throw .download(
            package.description, "git failed with exit code \(ending.code)\(reason.isEmpty ? "" : ": \(reason)")",
            hints: ["Git takes credentials from its own configuration, and keys from the SSH agent."])
    }

    private func runGit(_ arguments: [String], _ package: RemotePackage, output: String? = nil, allowsFiles: Bool = true)
        async throws(PackageFailure) -> ChildProgram.Ending
    {
        var environment = settings.environment
        environment["GIT_TERMINAL_PROMPT"] = "0"
        environment["GIT_ALLOW_PROTOCOL"] = (allowsFiles ? "file:" : "") + "git:http:https:ssh"
        environment["LC_ALL"] = "C"
        // Of a repository that this program may have been started in.
        for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY"] { environment[name] = nil }
        do throws(ChildProgram.Failure) {
            return try await ChildProgram(
                name: "git", arguments: arguments, environment: environment, timeout: settings.limits.programSeconds
            ).run(output: output, scratch: scratch)
        } catch {
            throw .download(package.description, "\(error).", hints: error.isMissing ? ["Install git."] : [])
        }
    }

    /// What may stand before the host in a URL, and each part of it.
    static func secrets(in url: String) -> [String] {
        guard let start = url.firstRange(of: "://")?.upperBound else { return [] }
        let end = url[start...].firstIndex { $0 == "/" || $0 == "?" } ?? url.endIndex
        guard let at = url[start..<end].lastIndex(of: "@") else { return [] }
        let user = String(url[start..<at])
        if user == "git" { return [] }
        let parts = user.split(separator: ":", maxSplits: 1).map(String.init)
        return ([user] + parts.reversed() + parts.map { PackageURL.decoded($0) }).filter { $0.utf8.count > 2 }
    }

    /// What Git keeps for itself is no part of the modules. Gives the links that are.
    private func removeRepositoryFolders(in folder: String, _ package: RemotePackage) throws(PackageFailure) -> [String] {
        var links: [String] = []
        var waiting = [""]
        do {
            while let relative = waiting.popLast() {
                let directory = relative.isEmpty ? folder : "\(folder)/\(relative)"
                for name in try FileManager.default.contentsOfDirectory(atPath: directory).sorted() {
                    let path = relative.isEmpty ? name : "\(relative)/\(name)"
                    if name == ".git" {
                        try FileManager.default.removeItem(atPath: "\(folder)/\(path)")
                        continue
                    }
                    var status = stat()
                    guard lstat("\(folder)/\(path)", &status) == 0 else { continue }
                    if status.st_mode & S_IFMT == S_IFLNK { links.append(path) }
                    if status.st_mode & S_IFMT == S_IFDIR { waiting.append(path) }
                }
            }
        } catch {
            throw .download(package.description, "\(error).")
        }
        return links
    }
}

extension StringProtocol {
    var trimmed: String {
        var rest = self[...]
        while let last = rest.last, last.isWhitespace { rest = rest.dropLast() }
        return String(rest.drop { $0.isWhitespace })
    }
}
