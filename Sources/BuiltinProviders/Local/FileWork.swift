import Glibc
import ProviderKit

/// Reading and writing files of this machine. It blocks: see `Blocking`.
enum FileWork {
    /// Nil where there is no such file.
    static func read(_ path: String) throws(ProviderFailure) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        if descriptor < 0 {
            if errno == ENOENT || errno == ENOTDIR { return nil }
            throw failure("Reading", path)
        }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        while true {
            let chunk = try readChunk(descriptor, path)
            if chunk.isEmpty { return bytes }
            bytes += chunk
        }
    }

    private static func readChunk(_ descriptor: Int32, _ path: String) throws(ProviderFailure) -> [UInt8] {
        var count = 0
        let chunk = [UInt8](unsafeUninitializedCapacity: 65_536) { buffer, initialized in
            repeat { count = Glibc.read(descriptor, buffer.baseAddress, buffer.count) } while count < 0 && errno == EINTR
            initialized = max(0, count)
        }
        if count < 0 { throw failure("Reading", path) }
        return chunk
    }

    /// Replaces the file in one step: there is always the old content or the new, never half of it. Missing directories are made.
    ///
    /// - Parameters:
    ///   - mode: with which the new file is made, less the process's umask.
    static func write(_ bytes: [UInt8], to path: String, mode: mode_t, directoryMode: mode_t) throws(ProviderFailure) {
        try makeDirectory(parent(of: path), mode: directoryMode)
        discardDraft(of: path)
        let temporary = draft(of: path)
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
        if descriptor < 0 { throw failure("Creating", temporary) }
        do throws(ProviderFailure) {
            defer { close(descriptor) }
            try writeAll(bytes, descriptor, path)
            // Durable before it takes the old file's place.
            if fsync(descriptor) != 0 { throw failure("Writing", path) }
        } catch {
            unlink(temporary)
            throw error
        }
        if rename(temporary, path) != 0 {
            let error = failure("Replacing", path)
            unlink(temporary)
            throw error
        }
    }

    private static func writeAll(_ bytes: [UInt8], _ descriptor: Int32, _ path: String) throws(ProviderFailure) {
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                Glibc.write(descriptor, buffer.baseAddress?.advanced(by: written), buffer.count - written)
            }
            if count < 0 {
                if errno == EINTR { continue }
                throw failure("Writing", path)
            }
            written += count
        }
    }

    /// Where the new content stands until it is whole: always the same, so that what a killed process left is found.
    private static func draft(of path: String) -> String {
        let name = path.split(separator: "/").last.map(String.init) ?? path
        return joined(parent(of: path), ".\(name.prefix(200)).ashlar-new")
    }

    /// Removes what a write that was cut off has left beside the file.
    static func discardDraft(of path: String) {
        // Where it cannot be removed the write that follows says so.
        _ = unlink(draft(of: path))
    }

    /// A file that is not there is removed.
    static func remove(_ path: String) throws(ProviderFailure) {
        if unlink(path) != 0, errno != ENOENT, errno != ENOTDIR { throw failure("Removing", path) }
    }

    private static func makeDirectory(_ path: String, mode: mode_t) throws(ProviderFailure) {
        if path.isEmpty || path == "/" || path == "." { return }
        if mkdir(path, mode) == 0 || errno == EEXIST { return }
        guard errno == ENOENT else { throw failure("Making directory", path) }
        try makeDirectory(parent(of: path), mode: mode)
        if mkdir(path, mode) != 0, errno != EEXIST { throw failure("Making directory", path) }
    }

    private static func parent(of path: String) -> String {
        guard let cut = path.lastIndex(of: "/") else { return "" }
        return cut == path.startIndex ? "/" : String(path[..<cut])
    }

    private static func joined(_ directory: String, _ name: String) -> String {
        directory.isEmpty ? name : directory == "/" ? "/\(name)" : "\(directory)/\(name)"
    }

    private static func failure(_ verb: String, _ path: String) -> ProviderFailure {
        let number = errno
        let reason = String(cString: strerror(number))
        let code: ProviderFailure.Code = number == EACCES || number == EPERM || number == EROFS ? .denied : .other
        var hints: [String] = []
        if number == ENOSPC { hints = ["Make room on the file system, and run again."] }
        if number == EISDIR { hints = ["The name of a file is wanted, and this is a directory."] }
        return ProviderFailure(
            code, summary: "Local file error", detail: "\(verb) \(path) failed: \(reason).", serviceCode: String(number),
            serviceMessage: reason,
            hints: hints)
    }
}
