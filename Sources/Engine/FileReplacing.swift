import Glibc

/// Gives a file new content in one step: whoever reads it finds the old or the new one. Its mode and owner stay, a link to it too.
public func replaceFile(_ path: String, with bytes: [UInt8]) throws(FileReadFailure) {
    func failure(_ code: Int32) -> FileReadFailure { FileReadFailure(code) }
    guard let resolved = realpath(path, nil) else { throw failure(errno) }
    let target = String(cString: resolved)
    free(resolved)
    var status = stat()
    guard stat(target, &status) == 0 else { throw failure(errno) }
    // A file that may not be written is not to be replaced either, though its folder would allow it.
    guard access(target, W_OK) == 0 else { throw failure(errno) }
    let draft = target + ".\(getpid()).fmt~"
    var descriptor = status.st_nlink > 1 ? -1 : open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    let isDraft =
        descriptor >= 0 && fchown(descriptor, status.st_uid, status.st_gid) == 0 && fchmod(descriptor, status.st_mode & 0o7777) == 0
    if !isDraft {
        // It has other names, or what takes its place could not be like it: written where it is.
        if descriptor >= 0 {
            close(descriptor)
            unlink(draft)
        }
        descriptor = open(target, O_WRONLY | O_TRUNC | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure(errno) }
    }
    var code = writeAll(bytes, to: descriptor)
    if close(descriptor) != 0, code == 0 { code = errno }
    if isDraft, code == 0, rename(draft, target) != 0 { code = errno }
    if code != 0 {
        if isDraft { unlink(draft) }
        throw failure(code)
    }
}

/// - Returns: `errno`, or 0.
private func writeAll(_ bytes: [UInt8], to descriptor: Int32) -> Int32 {
    bytes.withUnsafeBytes { buffer in
        var done = 0
        while done < buffer.count {
            let count = write(descriptor, UnsafeRawBufferPointer(rebasing: buffer[done...]).baseAddress, buffer.count - done)
            if count < 0, errno == EINTR { continue }
            if count < 0 { return errno }
            done += count
        }
        return 0
    }
}
