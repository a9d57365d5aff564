/// How the loader reads files: the composition root decides what a path means (a directory on disk, files built in, a test's table).
public struct ModuleSources: Sendable {
    /// Names of the files directly in a directory, in any order; nil where there is no such directory.
    public var list: @Sendable (_ directory: String) -> [String]?
    public var read: @Sendable (_ path: String) throws -> [UInt8]

    public init(
        list: @escaping @Sendable (_ directory: String) -> [String]?, read: @escaping @Sendable (_ path: String) throws -> [UInt8]
    ) {
        self.list = list
        self.read = read
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
