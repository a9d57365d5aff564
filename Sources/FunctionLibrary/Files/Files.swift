import Values

extension Function {
    static let files: [Function] = [
        Function("file", [.string("path")], returns: .string, "What is in a text file.") { call in
            let path = try call.string(0)
            let bytes = try contents(path, call)
            guard let text = String(validating: bytes, as: UTF8.self) else {
                throw FunctionError(
                    "contents of \(quoted(path)) are not valid UTF-8; use the filebase64 function to obtain the Base64 encoded contents or the other file functions (e.g. filemd5, filesha256) to obtain file hashing results instead"
                )
            }
            return .string(text)
        },
        Function("filebase64", [.string("path")], returns: .string, "What is in a file, in Base64.") { call in
            .string(Base64.encode(try contents(try call.string(0), call)))
        },
        Function("fileexists", [.string("path")], returns: .bool, "Whether there is such a file.") { call in
            let path = try call.string(0)
            do {
                return .bool(try call.environment.fileExists(try FilePath.resolved(path, call.environment)))
            } catch let failure as FileFailure {
                switch failure {
                case .missing: return .false
                case .isDirectory: throw FunctionError("\(quoted(path)) is a directory, not a file")
                case .notRegular(let kind): throw FunctionError("\(quoted(path)) is \(kind), not a regular file")
                case .other(let message): throw FunctionError("failed to stat \(quoted(path)): \(message)")
                }
            }
        },
        Function(
            "fileset", [.string("path"), .string("pattern")], returns: .set(.string),
            "The files beneath a directory whose paths match a pattern."
        ) { call in
            let pattern = try call.string(1)
            let directory = try FilePath.resolved(try call.string(0), call.environment)
            let whole = FilePath.clean(directory + "/" + pattern)
            let glob: GlobPattern
            do {
                glob = try GlobPattern(whole)
            } catch {
                throw FunctionError("failed to glob pattern \(quoted(whole)): syntax error in pattern")
            }
            guard !glob.isEmpty else { return .set([], of: .string) }
            do {
                let files = try call.environment.files(beneath: glob.directory, levels: glob.levels)
                let base = glob.directory == "." ? "" : glob.directory == "/" ? "/" : glob.directory + "/"
                return .set(
                    files.filter { glob.matches($0) }.map { Value.string(FilePath.relative(base + $0, to: directory)) }, of: .string)
            } catch let failure as FileFailure {
                throw FunctionError("failed to glob pattern \(quoted(whole)): \(failure.text)")
            }
        },
        digest("filemd5", "The MD5 digest of a file, in hexadecimal.") { Digest.md5.hexadecimal(of: $0) },
        digest("filesha1", "The SHA-1 digest of a file, in hexadecimal.") { Digest.sha1.hexadecimal(of: $0) },
        digest("filesha256", "The SHA-256 digest of a file, in hexadecimal.") { Digest.sha256.hexadecimal(of: $0) },
        digest("filesha512", "The SHA-512 digest of a file, in hexadecimal.") { Digest.sha512.hexadecimal(of: $0) },
        digest("filebase64sha256", "The SHA-256 digest of a file, in Base64.") { Base64.encode(Digest.sha256.bytes(of: $0)) },
        digest("filebase64sha512", "The SHA-512 digest of a file, in Base64.") { Base64.encode(Digest.sha512.bytes(of: $0)) },
    ]

    private static func digest(_ name: String, _ summary: String, _ digest: @escaping @Sendable ([UInt8]) -> String) -> Function {
        Function(name, [.string("path")], returns: .string, summary) { call in
            let path = try call.string(0)
            do {
                return .string(digest(try call.environment.readFile(try FilePath.resolved(path, call.environment))))
            } catch let failure as FileFailure {
                switch failure {
                case .isDirectory: throw FunctionError("read \(path): is a directory")
                case .notRegular(let kind): throw FunctionError("\(quoted(path)) is \(kind), not a regular file")
                default: throw FunctionError("open \(path): \(failure.text)")
                }
            }
        }
    }
}

extension FileFailure {
    fileprivate var text: String {
        switch self {
        case .missing: "no such file or directory"
        case .isDirectory: "is a directory"
        case .notRegular(let kind): "is \(kind)"
        case .other(let message): message
        }
    }
}

private func contents(_ path: String, _ call: Call) throws -> [UInt8] {
    let resolved = try FilePath.resolved(path, call.environment)
    do {
        return try call.environment.readFile(resolved)
    } catch let failure as FileFailure {
        switch failure {
        case .missing:
            throw FunctionError.argument(
                0,
                "no file exists at \(quoted(path)); this function works only with files that are distributed as part of the configuration source code, so if this file will be created by a resource in this configuration you must instead obtain this result from an attribute of that resource"
            )
        case .isDirectory: throw FunctionError.argument(0, "failed to read file: read \(resolved): is a directory")
        case .notRegular(let kind): throw FunctionError.argument(0, "\(quoted(path)) is \(kind), not a regular file")
        default: throw FunctionError.argument(0, "failed to open file: open \(resolved): \(failure.text)")
        }
    }
}
