import FoundationEssentials
import Glibc

/// Writes what an archive holds, and nothing of it anywhere else than in its folder.
struct TreeWriter {
    let folder: String

    /// - Parameter bytes: what the ranges of files are of.
    func write(_ entries: [ArchiveEntry], from bytes: [UInt8]) throws(ArchiveFault) {
        var files: [String: (content: Range<Int>, isExecutable: Bool)] = [:]
        var folders: Set<String> = []
        var links: [(path: String, target: String)] = []
        for entry in entries {
            let path = try Self.safePath(entry.path)
            if path.isEmpty { continue }
            switch entry.content {
            case .folder: try makeFolder(path, files: files, &folders)
            case .link(let target): links.append((path, target))
            case .file(let content, let isExecutable):
                try makeFolder(parent(path), files: files, &folders)
                if folders.contains(path) { throw ArchiveFault("\"\(path)\" in it is both a file and a folder") }
                try write(bytes[content], to: path, isExecutable)
                files[path] = (content, isExecutable)
            case .hardLink(let target):
                guard let known = files[try Self.safePath(target)] else {
                    throw ArchiveFault("\"\(path)\" in it is a link to \"\(target)\", which is not in it before")
                }
                try makeFolder(parent(path), files: files, &folders)
                if folders.contains(path) { throw ArchiveFault("\"\(path)\" in it is both a file and a folder") }
                try write(bytes[known.content], to: path, known.isExecutable)
                files[path] = known
            }
        }
        // Last of all, so that nothing is written through one.
        for link in links {
            try makeFolder(parent(link.path), files: files, &folders)
            guard !link.target.hasPrefix("/") else {
                throw ArchiveFault("\"\(link.path)\" in it is a link to \"\(link.target)\", outside of it")
            }
            guard symlink(link.target, "\(folder)/\(link.path)") == 0 else {
                throw ArchiveFault("the link \"\(link.path)\" in it could not be made: \(String(cString: strerror(errno)))")
            }
        }
        try Self.checkLinks(links.map(\.path), in: folder)
    }

    /// Without the dots and slashes that mean nothing; empty for the folder itself.
    static func safePath(_ path: String) throws(ArchiveFault) -> String {
        if path.hasPrefix("/") { throw ArchiveFault("\"\(path)\" in it has an absolute path") }
        let parts = path.split(separator: "/").filter { $0 != "." }
        if parts.contains("..") { throw ArchiveFault("\"\(path)\" in it leads out of the folder that it is unpacked in") }
        if path.utf8.contains(0) || path.utf8.count > 4_000 || parts.contains(where: { $0.utf8.count > 255 }) {
            throw ArchiveFault("it has a file whose name no file can have")
        }
        return parts.joined(separator: "/")
    }

    private func parent(_ path: String) -> String { path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "" }

    private func makeFolder(_ path: String, files: [String: (Range<Int>, Bool)], _ folders: inout Set<String>) throws(ArchiveFault) {
        if path.isEmpty || folders.contains(path) { return }
        try makeFolder(parent(path), files: files, &folders)
        if files[path] != nil { throw ArchiveFault("\"\(path)\" in it is both a file and a folder") }
        guard mkdir("\(folder)/\(path)", 0o755) == 0 else {
            throw ArchiveFault("the folder \"\(path)\" could not be made: \(String(cString: strerror(errno)))")
        }
        folders.insert(path)
    }

    private func write(_ bytes: ArraySlice<UInt8>, to path: String, _ isExecutable: Bool) throws(ArchiveFault) {
        let whole = "\(folder)/\(path)"
        do {
            // A later entry of the same name takes the place of an earlier one.
            try Data(bytes).write(to: URL(filePath: whole))
        } catch {
            throw ArchiveFault("the file \"\(path)\" could not be written: \(error)")
        }
        guard chmod(whole, isExecutable ? 0o755 : 0o644) == 0 else {
            throw ArchiveFault("the file \"\(path)\" could not be written: \(String(cString: strerror(errno)))")
        }
    }

    /// Whether every link ends within the folder, however many others it goes through.
    static func checkLinks(_ links: [String], in folder: String) throws(ArchiveFault) {
        guard let root = canonical(folder) else { throw ArchiveFault("its folder is gone") }
        for link in links {
            guard let end = canonical("\(folder)/\(link)") else { throw ArchiveFault("the link \"\(link)\" in it leads nowhere") }
            guard end == root || end.hasPrefix(root + "/") else { throw ArchiveFault("the link \"\(link)\" in it leads out of it") }
        }
    }

    private static func canonical(_ path: String) -> String? {
        guard let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        return String(cString: resolved)
    }
}
