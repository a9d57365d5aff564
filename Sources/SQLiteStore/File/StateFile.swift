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
    /// A write-ahead log that is not empty stands beside it.
    var hasLog = false
    /// Which file it is, whatever its name.
    var identity: FileIdentity?

    init(path: String) {
        var status = stat()
        exists = stat(path, &status) == 0
        if exists { identity = FileIdentity(device: UInt64(status.st_dev), number: UInt64(status.st_ino)) }
        isReadable = access(path, R_OK) == 0
        var log = stat()
        hasLog = stat(path + "-wal", &log) == 0 && log.st_size > 0
    }
}

struct FileIdentity: Equatable {
    var device: UInt64
    var number: UInt64
}

enum StateFile {
    /// Makes an empty file that its owner alone may read, from the first instant; SQLite gives its companions the same mode.
    /// - Parameter path: of the state that it is to become: what failures speak of.
    static func create(_ draft: String, for path: String) throws {
        let descriptor = open(draft, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw creationError(errno, path: path) }
        // A umask can only have taken away what the owner needs.
        _ = fchmod(descriptor, 0o600)
        close(descriptor)
    }

    /// A state is a file. What else may stand at its path would be waited for, or written to where nobody looks.
    static func requireRegular(_ path: String) throws {
        var own = stat()
        guard lstat(path, &own) == 0 else { return }
        var target = stat()
        if own.st_mode & S_IFMT == S_IFLNK, stat(path, &target) != 0 {
            throw StateStoreError(
                .permission, "The state \(path) is a symbolic link to a file that does not exist.",
                hints: ["Remove the link, or bring back what it points to."])
        }
        let kind = (own.st_mode & S_IFMT == S_IFLNK ? target : own).st_mode & S_IFMT
        guard kind == S_IFREG else {
            throw StateStoreError(
                .permission, "The state \(path) cannot be used: \(kind == S_IFDIR ? "it is a directory" : "it is no regular file").",
                hints: ["Move it away, or use another directory."])
        }
    }

    /// Gives a finished file its name, unless another process was quicker: then there is a state already.
    static func place(_ draft: String, at path: String) throws {
        if link(draft, path) == 0 || errno == EEXIST { return }
        let code = errno
        // File systems without a second name for a file. Two first runs at the very same instant are not told apart there.
        guard [EPERM, EOPNOTSUPP, ENOSYS, EMLINK].contains(code), !FileFacts(path: path).exists else {
            throw creationError(code, path: path)
        }
        if rename(draft, path) != 0 { throw creationError(errno, path: path) }
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
