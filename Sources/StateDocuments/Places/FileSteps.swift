import StateModel

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Reading and writing files so that what is written is there after a power cut.
enum FileSteps {
    static func failure(_ attempt: String, _ path: String, _ code: Int32) -> StateStoreError {
        let reason = String(cString: strerror(code))
        let message = "\(attempt) failed at \(path): \(reason.prefix(1).lowercased() + reason.dropFirst())."
        switch code {
        case ENOSPC, EDQUOT, EFBIG:
            return StateStoreError(.full, message, hints: ["Make room, and run the command again: nothing is lost."])
        case EACCES, EPERM, EROFS: return StateStoreError(.permission, message)
        default: return StateStoreError(.other, message)
        }
    }

    /// Nil where there is no file.
    static func read(_ path: String) throws(StateStoreError) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        if descriptor < 0 {
            if errno == ENOENT || errno == ENOTDIR { return nil }
            throw failure("Reading the state", path, errno)
        }
        defer { close(descriptor) }
        return try read(descriptor, path)
    }

    static func read(_ descriptor: Int32, _ path: String) throws(StateStoreError) -> [UInt8] {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw failure("Reading the state", path, errno) }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw StateStoreError(.other, "The state \(path) is no regular file.", hints: ["Name a file in `path`."])
        }
        var bytes: [UInt8] = []
        var offset = 0
        while true {
            var count = 0
            let chunk = [UInt8](unsafeUninitializedCapacity: max(1 << 16, Int(status.st_size) + 1 - offset)) { buffer, filled in
                repeat { count = pread(descriptor, buffer.baseAddress, buffer.count, off_t(offset)) } while count < 0 && errno == EINTR
                filled = max(0, count)
            }
            if count < 0 { throw failure("Reading the state", path, errno) }
            if count == 0 { return bytes }
            bytes += chunk
            offset += count
        }
    }

    /// All of a file that is open anew.
    static func overwrite(_ descriptor: Int32, _ bytes: [UInt8], _ path: String) throws(StateStoreError) {
        guard ftruncate(descriptor, 0) == 0 else { throw failure("Writing the state", path, errno) }
        var code: Int32 = 0
        bytes.withUnsafeBytes { buffer in
            var done = 0
            while done < buffer.count {
                let count = pwrite(descriptor, buffer.baseAddress?.advanced(by: done), buffer.count - done, off_t(done))
                if count < 0, errno == EINTR { continue }
                if count <= 0 {
                    code = count < 0 ? errno : EIO
                    return
                }
                done += count
            }
        }
        if code == 0, fsync(descriptor) != 0 { code = errno }
        if code != 0 { throw failure("Writing the state", path, code) }
    }

    /// A file that is there whole under its name, or not at all.
    static func place(_ bytes: [UInt8], at path: String, mode: mode_t = 0o600) throws(StateStoreError) {
        let draft = "\(path).new-\(getpid())"
        unlink(draft)
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw failure("Writing the state", path, errno) }
        do throws(StateStoreError) {
            defer { close(descriptor) }
            try overwrite(descriptor, bytes, path)
        } catch {
            unlink(draft)
            throw error
        }
        guard rename(draft, path) == 0 else {
            let code = errno
            unlink(draft)
            throw failure("Writing the state", path, code)
        }
        syncFolder(of: path)
    }

    static func syncFolder(of path: String) {
        let descriptor = open(folder(of: path), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        // File systems that cannot sync a folder need not.
        fsync(descriptor)
        close(descriptor)
    }

    static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    static func name(of path: String) -> String { path.split(separator: "/").last.map(String.init) ?? path }

    static func makeFolder(of path: String) throws(StateStoreError) {
        let folder = folder(of: path)
        var made = folder.hasPrefix("/") ? "" : "."
        for part in folder.split(separator: "/") where part != "." {
            made += "/" + part
            if mkdir(made, 0o777) != 0, errno != EEXIST { throw failure("Making the state's folder", made, errno) }
        }
    }
}
