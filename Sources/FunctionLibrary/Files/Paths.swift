import Values

extension Function {
    static let paths: [Function] = [
        Function("basename", [.string("path")], returns: .string, "The last part of a path.") { call in
            .string(FilePath.base(try call.string(0)))
        },
        Function("dirname", [.string("path")], returns: .string, "All of a path but its last part.") { call in
            .string(FilePath.directory(try call.string(0)))
        },
        Function("abspath", [.string("path")], returns: .string, "The path from the root of the file system.") { call in
            let path = try call.string(0)
            if path.utf8.first == UInt8(ascii: "/") { return .string(FilePath.clean(path)) }
            return .string(FilePath.clean(call.environment.workingDirectory + "/" + path))
        },
        Function("pathexpand", [.string("path")], returns: .string, "The path with `~` replaced by the home directory.") { call in
            .string(try FilePath.expandingHome(try call.string(0), call.environment))
        },
    ]
}

/// Paths as text.
enum FilePath {
    /// Without empty parts, `.`, and `..` as far as there is something before it; `.` if nothing is left.
    static func clean(_ path: String) -> String {
        let isAbsolute = path.utf8.first == UInt8(ascii: "/")
        var parts: [Substring] = []
        for part in path.split(separator: "/") where part != "." {
            if part == "..", let last = parts.last, last != ".." {
                parts.removeLast()
            } else if part != ".." || !isAbsolute {
                parts.append(part)
            }
        }
        let joined = parts.joined(separator: "/")
        return isAbsolute ? "/" + joined : joined.isEmpty ? "." : joined
    }

    static func base(_ path: String) -> String {
        if path.isEmpty { return "." }
        return path.split(separator: "/").last.map { String($0) } ?? "/"
    }

    static func directory(_ path: String) -> String {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
        return clean(String(path[...slash]))
    }

    /// - Throws: for another user's home directory.
    static func expandingHome(_ path: String, _ environment: any FunctionEnvironment) throws -> String {
        guard path.utf8.first == UInt8(ascii: "~") else { return path }
        let rest = path.utf8.dropFirst()
        if let next = rest.first, next != UInt8(ascii: "/") { throw FunctionError("cannot expand user-specific home dir") }
        guard let home = environment.homeDirectory else { throw FunctionError("cannot find the home directory") }
        return rest.isEmpty ? home : clean(home + String(decoding: rest, as: UTF8.self))
    }

    /// A path as a function is given it, as the environment takes it.
    static func resolved(_ path: String, _ environment: any FunctionEnvironment) throws -> String {
        do {
            return clean(try expandingHome(path, environment))
        } catch let error as FunctionError {
            throw FunctionError.argument(0, "failed to expand ~: \(error.message)")
        }
    }

    /// How a path leads from a directory; both relative to the same place, or both absolute.
    static func relative(_ path: String, to directory: String) -> String {
        let parts = path.split(separator: "/")
        let base = directory == "." ? [] : directory.split(separator: "/")
        var shared = 0
        while shared < min(parts.count, base.count), parts[shared] == base[shared] { shared += 1 }
        let up = Array(repeating: Substring(".."), count: base.count - shared)
        return (up + parts[shared...]).joined(separator: "/")
    }
}
