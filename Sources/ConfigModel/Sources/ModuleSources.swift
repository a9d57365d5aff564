public import Diagnostics

/// How the loader reads files: the composition root decides what a path means (a directory on disk, files built in, a test's table).
public struct ModuleSources: Sendable {
    /// Names of the files directly in a directory, in any order; nil where there is no such directory.
    public var list: @Sendable (_ directory: String) -> [String]?
    public var read: @Sendable (_ path: String) throws -> [UInt8]
    /// Where a package from elsewhere is. Never goes there: that is asked of whoever fetches.
    public var package: @Sendable (_ request: PackageRequest, _ caller: PackageCaller) -> PackageAnswer

    /// Who asks for a package, for what is said of it.
    public struct PackageCaller: Sendable, Hashable {
        /// The name of the module's call.
        public var name: String
        /// The header of its block.
        public var span: SourceSpan
        /// The `version` argument, else the block's header.
        public var versionSpan: SourceSpan

        public init(name: String, span: SourceSpan, versionSpan: SourceSpan) {
            self.name = name
            self.span = span
            self.versionSpan = versionSpan
        }
    }

    public init(
        list: @escaping @Sendable (_ directory: String) -> [String]?, read: @escaping @Sendable (_ path: String) throws -> [UInt8],
        package: @escaping @Sendable (_ request: PackageRequest, _ caller: PackageCaller) -> PackageAnswer = { _, _ in .absent }
    ) {
        self.list = list
        self.read = read
        self.package = package
    }

    /// Files held in memory, by path: for tests and for configurations that are made rather than written.
    public init(files: [String: [UInt8]]) {
        var directories: [String: [String]] = [:]
        for path in files.keys {
            let cleaned = cleanPath(path)
            let cut = cleaned.lastIndex(of: "/")
            let directory = cut.map { String(cleaned[..<$0]) } ?? "."
            let name = cut.map { String(cleaned[cleaned.index(after: $0)...]) } ?? cleaned
            directories[directory, default: []].append(name)
        }
        let names = directories
        let bytes = Dictionary(files.map { (cleanPath($0.key), $0.value) }) { first, _ in first }
        self.init(
            list: { names[cleanPath($0)] },
            read: { path in
                guard let found = bytes[cleanPath(path)] else { throw MissingFile(path: path) }
                return found
            })
    }

    struct MissingFile: Error, CustomStringConvertible {
        let path: String
        var description: String { "There is no file \(path)." }
    }
}

/// The shortest path that means the same, without looking at the disk: `./a//b/../c` is `a/c`; nothing is `.`.
public func cleanPath(_ path: String) -> String {
    let absolute = path.hasPrefix("/")
    var parts: [Substring] = []
    for part in path.split(separator: "/") {
        switch part {
        case ".": continue
        case "..":
            if let last = parts.last, last != ".." {
                parts.removeLast()
            } else if !absolute {
                parts.append(part)
            }
        default: parts.append(part)
        }
    }
    let joined = parts.joined(separator: "/")
    if absolute { return "/" + joined }
    return joined.isEmpty ? "." : joined
}

/// `relative` as seen from `directory`.
func joinPath(_ directory: String, _ relative: String) -> String {
    cleanPath(directory == "." || relative.hasPrefix("/") ? relative : "\(directory)/\(relative)")
}
