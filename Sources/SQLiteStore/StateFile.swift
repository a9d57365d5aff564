import StateModel

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// What the operating system says of a path.
struct FileFacts {
    var exists = false
    var isReadable = false
    /// Bytes.
    var size: Int?
    /// A write-ahead log that is not empty stands beside it.
    var hasLog = false

    init(path: String) {
        var status = stat()
        exists = stat(path, &status) == 0
        if exists { size = Int(status.st_size) }
        isReadable = access(path, R_OK) == 0
        var log = stat()
        hasLog = stat(path + "-wal", &log) == 0 && log.st_size > 0
    }
}

enum StateFile {
    /// Makes an empty file that its owner alone may read, from the first instant; SQLite gives its companions the same mode.
    /// - Returns: whether it was made now.
    static func createIfMissing(_ path: String) throws -> Bool {
        let descriptor = open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0o600)
        if descriptor >= 0 {
            // A umask can only have taken away what the owner needs.
            _ = fchmod(descriptor, 0o600)
            close(descriptor)
            return true
        }
        let code = errno
        if code == EEXIST { return false }
        throw creationError(code, path: path)
    }

    /// The file's name, too, must survive a power cut.
    static func syncDirectory(of path: String) throws {
        let descriptor = open(directory(of: path), O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        // Some file systems cannot sync a directory and say EINVAL; they keep names by other means.
        if fsync(descriptor) != 0, errno != EINVAL, errno != EROFS {
            throw StateStoreError(.other, "The directory of the state \(path) could not be synced: \(text(of: errno)).")
        }
    }

    /// The path as a URI that promises SQLite that nobody changes the file.
    static func immutableURI(_ path: String) -> String {
        var uri = "file:"
        for byte in path.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                UInt8(ascii: "/"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"):
                uri.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let digits = Array("0123456789ABCDEF".unicodeScalars)
                uri.unicodeScalars.append("%")
                uri.unicodeScalars.append(digits[Int(byte >> 4)])
                uri.unicodeScalars.append(digits[Int(byte & 15)])
            }
        }
        return uri + "?immutable=1"
    }

    static func directory(of path: String) -> String {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    static func text(of code: Int32) -> String { String(cString: strerror(code)) }

    private static func creationError(_ code: Int32, path: String) -> StateStoreError {
        let directory = directory(of: path)
        let attempt = "The state \(path) could not be created"
        switch code {
        case EACCES, EPERM, EROFS:
            return StateStoreError(
                .permission, "\(attempt): the directory \(directory) cannot be written to (\(text(of: code))).",
                hints: ["Give yourself the right to write to \(directory), or keep the state elsewhere."])
        case ENOENT:
            return StateStoreError(
                .permission, "\(attempt): the directory \(directory) does not exist.", hints: ["Create the directory, or check the path."])
        case ENOTDIR:
            return StateStoreError(.permission, "\(attempt): \(directory) is not a directory.", hints: ["Check the path of the state."])
        case EISDIR:
            return StateStoreError(.permission, "\(attempt): the path is a directory.", hints: ["Check the path of the state."])
        case ENOSPC, EDQUOT:
            return StateStoreError(
                .full, "\(attempt): the disk is full (\(text(of: code))).", hints: ["Free some space in \(directory), then try again."])
        default:
            return StateStoreError(.other, "\(attempt): \(text(of: code)).")
        }
    }
}
