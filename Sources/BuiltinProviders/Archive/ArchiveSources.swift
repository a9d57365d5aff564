import FunctionLibrary
import Glibc
import ProviderKit
import Values

/// What is to go into an archive, read from the disk. It blocks: see `Blocking`.
struct ArchiveSources {
    var members: [ArchiveMember] = []
    private var excludes: [GlobPattern] = []
    private var excludesLinkedDirectories = false
    private var fixedMode: UInt32?

    /// - Parameter arguments: of `archive_file`, wholly known.
    static func members(_ arguments: Value) throws(ProviderFailure) -> [ArchiveMember] {
        var sources = ArchiveSources()
        if let text = arguments.string("output_file_mode"), !text.isEmpty { sources.fixedMode = try mode(text) }
        sources.excludesLinkedDirectories = arguments.bool("exclude_symlink_directories") ?? false
        for pattern in (arguments["excludes"]?.elements ?? []).compactMap(\.stringValue) where !pattern.isEmpty {
            do {
                sources.excludes.append(try GlobPattern(pattern))
            } catch {
                throw failure("error checking excludes matches: syntax error in pattern \"\(pattern)\"", .invalidConfiguration)
            }
        }
        if let directory = arguments.string("source_dir") {
            try sources.addDirectory(directory)
        } else if let file = arguments.string("source_file") {
            try sources.addFile(file, as: name(of: file))
        } else if let name = arguments.string("source_content_filename") {
            sources.members = [ArchiveMember(name: name, content: Array((arguments.string("source_content") ?? "").utf8))]
        } else {
            var contents: [String: String] = [:]
            for source in arguments["source"]?.elements ?? [] {
                contents[source.string("filename") ?? ""] = source.string("content") ?? ""
            }
            sources.members = contents.sorted { $0.key.precedesByBytes($1.key) }.map { name, text in
                ArchiveMember(name: name, content: Array(text.utf8))
            }
        }
        return sources.members
    }

    /// In octal digits with a leading zero, as in the language of the reference; else decimal.
    static func mode(_ text: String) throws(ProviderFailure) -> UInt32 {
        let digits = text.hasPrefix("0o") ? text.dropFirst(2) : text[...]
        let radix = text.hasPrefix("0") ? 8 : 10
        guard let mode = UInt32(digits, radix: radix) else {
            throw failure("error parsing output_file_mode value: \(text)", .invalidConfiguration)
        }
        return mode
    }

    static func failure(_ detail: String, _ code: ProviderFailure.Code = .other) -> ProviderFailure {
        ProviderFailure(code, summary: "Archive creation error", detail: "error creating archive: \(detail)")
    }

    // MARK: The disk

    private mutating func addDirectory(_ directory: String) throws(ProviderFailure) {
        guard let status = Self.status(directory, following: true) else {
            throw Self.failure("error archiving directory: could not archive missing directory: \(directory)", .notFound)
        }
        guard status.isDirectory else {
            throw Self.failure("error archiving directory: could not archive directory that is a file: \(directory)")
        }
        var open: Set<[UInt64]> = []
        try walk(directory, as: "", &open)
        if members.isEmpty { throw Self.failure("error archiving directory: archive has not been created as it would be empty") }
    }

    /// In the order of names, directories at their place in it.
    /// - Parameter open: directories that this one lies in, so that links that go round are noticed.
    private mutating func walk(_ directory: String, as base: String, _ open: inout Set<[UInt64]>) throws(ProviderFailure) {
        if isExcluded(base.isEmpty ? "." : base) { return }
        guard let status = Self.status(directory, following: true) else { return }
        guard open.insert(status.identity).inserted else {
            throw Self.failure("error archiving directory: \(directory) lies within itself, by a symbolic link")
        }
        defer { open.remove(status.identity) }
        for name in try Self.names(in: directory) {
            let path = directory.hasSuffix("/") ? directory + name : directory + "/" + name
            let inside = base.isEmpty ? name : base + "/" + name
            guard let own = Self.status(path, following: false) else { continue }
            if own.isDirectory {
                try walk(path, as: inside, &open)
                continue
            }
            if isExcluded(inside) { continue }
            if own.isLink {
                guard let target = Self.status(path, following: true) else {
                    throw Self.failure("error archiving directory: \(path) is a symbolic link that leads nowhere", .notFound)
                }
                if target.isDirectory {
                    if !excludesLinkedDirectories { try walk(path, as: inside, &open) }
                    continue
                }
            }
            try addFile(path, as: inside)
        }
    }

    private func isExcluded(_ path: String) -> Bool { excludes.contains { $0.matchesWhole(path) } }

    private mutating func addFile(_ path: String, as name: String) throws(ProviderFailure) {
        guard let status = Self.status(path, following: true) else {
            throw Self.failure("error archiving file: could not archive missing file: \(path)", .notFound)
        }
        guard status.isRegular else { throw Self.failure("error archiving file: \(path) is no regular file") }
        guard let content = try FileWork.read(path) else {
            throw Self.failure("error archiving file: could not archive missing file: \(path)", .notFound)
        }
        members.append(ArchiveMember(name: name, content: content, mode: fixedMode ?? status.permissions))
    }

    private static func name(of path: String) -> String { path.split(separator: "/").last.map(String.init) ?? path }

    private static func names(in directory: String) throws(ProviderFailure) -> [String] {
        guard let stream = opendir(directory) else {
            throw failure("error archiving directory: \(directory) cannot be read: \(String(cString: strerror(errno)))", .denied)
        }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted { $0.precedesByBytes($1) }
    }

    private struct Status {
        let mode: UInt32
        let identity: [UInt64]
        var isDirectory: Bool { mode & S_IFMT == S_IFDIR }
        var isLink: Bool { mode & S_IFMT == S_IFLNK }
        var isRegular: Bool { mode & S_IFMT == S_IFREG }
        var permissions: UInt32 { mode & 0o7777 }
    }

    private static func status(_ path: String, following: Bool) -> Status? {
        var status = stat()
        guard (following ? stat(path, &status) : lstat(path, &status)) == 0 else { return nil }
        return Status(mode: status.st_mode, identity: [UInt64(status.st_dev), UInt64(status.st_ino)])
    }
}
