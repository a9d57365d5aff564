import Glibc
import Processes

/// A file of this machine, read in pieces.
final class LocalFile {
    private let descriptor: Int32
    let path: String

    /// - Throws: where it cannot be opened, or is no regular file.
    init(_ path: String) throws(SystemFailure) {
        self.path = path
        descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
        guard descriptor >= 0 else { throw SystemFailure("open \(path)", errno) }
    }

    deinit { close(descriptor) }

    /// Up to `count` bytes more; fewer at the end alone.
    func read(_ count: Int) throws(SystemFailure) -> [UInt8] {
        var total = 0
        var code: Int32 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            while total < count {
                let done = Glibc.read(descriptor, buffer.baseAddress?.advanced(by: total), count - total)
                if done < 0, errno == EINTR { continue }
                if done < 0 { code = errno }
                if done <= 0 { break }
                total += done
            }
            filled = total
        }
        if code != 0 { throw SystemFailure("read \(path)", code) }
        return bytes
    }

    static func contents(of path: String, limit: Int) throws(SystemFailure) -> [UInt8] {
        let file = try LocalFile(path)
        let bytes = try file.read(min(limit, 1 << 20))
        if bytes.count < min(limit, 1 << 20) { return bytes }
        var all = bytes
        while all.count < limit {
            let more = try file.read(1 << 20)
            all += more
            if more.count < 1 << 20 { break }
        }
        return all
    }

    enum Kind { case file, directory, other }

    /// What a path leads to, links followed.
    static func kind(of path: String) throws(SystemFailure) -> (kind: Kind, identity: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { throw SystemFailure("stat \(path)", errno) }
        let kind: Kind =
            switch status.st_mode & S_IFMT {
            case S_IFREG: .file
            case S_IFDIR: .directory
            default: .other
            }
        return (kind, "\(status.st_dev):\(status.st_ino)")
    }

    /// Names in a directory, by their bytes.
    static func names(in path: String) throws(SystemFailure) -> [String] {
        guard let stream = opendir(path) else { throw SystemFailure("open \(path)", errno) }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }
}
