import Glibc

/// Why a file could not be read or written, as a clause: "there is no such file".
public struct FileReadFailure: Error, CustomStringConvertible, Sendable {
    public let description: String
}

/// A file's bytes, whatever kind of file it is: `/dev/stdin` and pipes too.
public func readWholeFile(_ path: String) throws(FileReadFailure) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileReadFailure(errno) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw FileReadFailure(errno) }
    if status.st_mode & S_IFMT == S_IFDIR { throw FileReadFailure(EISDIR) }
    return try readToEnd(descriptor, expecting: Int(status.st_size))
}

/// What is left to read of an open file.
///
/// - Parameters:
///   - size: what its status says, in bytes: files of the kernel say that they are empty.
///   - limit: bytes after which it is given up.
/// - Throws: `FileReadFailure`, of EFBIG beyond the limit.
func readToEnd(_ descriptor: Int32, expecting size: Int, limit: Int = .max) throws(FileReadFailure) -> [UInt8] {
    var bytes: [UInt8] = []
    // One more than it has: the read that fills less has found the end.
    var piece = max(size + 1, 1 << 16)
    while true {
        var count = 0
        let chunk = [UInt8](unsafeUninitializedCapacity: piece) { buffer, filled in
            repeat { count = read(descriptor, buffer.baseAddress, piece) } while count < 0 && errno == EINTR
            filled = max(0, count)
        }
        if count < 0 { throw FileReadFailure(errno) }
        if count == 0 { return bytes }
        if bytes.isEmpty { bytes = chunk } else { bytes += chunk }
        if bytes.count > limit { throw FileReadFailure(EFBIG) }
        piece = 1 << 16
    }
}

extension FileReadFailure {
    /// - Parameter code: `errno`.
    public init(_ code: Int32) {
        switch code {
        case ENOENT: description = "there is no such file or directory"
        case ENOTDIR: description = "a part of the path is no directory"
        case EISDIR: description = "it is a directory"
        case EACCES, EPERM: description = "permission denied"
        default:
            let text = String(cString: strerror(code))
            description = text.prefix(1).lowercased() + text.dropFirst()
        }
    }
}
