import StateModel

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The lock that Terraform takes on a state file: a record lock on all of it. It belongs to the open file, not to the process, so that reading
/// the file elsewhere in the same process does not give it away.
struct FileLock {
    // Not in the headers that Swift sees: they are Linux's own.
    private static let test: Int32 = 36
    private static let set: Int32 = 37

    private static func whole(_ type: Int32) -> flock {
        var lock = flock()
        lock.l_type = Int16(truncatingIfNeeded: type)
        lock.l_whence = Int16(SEEK_SET)
        return lock
    }

    /// - Returns: false where somebody else has it; nil where the file system knows no locks.
    static func take(_ descriptor: Int32) -> Bool? {
        var lock = whole(F_WRLCK)
        if fcntl(descriptor, set, &lock) == 0 { return true }
        return errno == EAGAIN || errno == EACCES ? false : nil
    }

    /// Whether somebody else has it.
    static func isTaken(_ descriptor: Int32) -> Bool {
        var lock = whole(F_WRLCK)
        guard fcntl(descriptor, test, &lock) == 0 else { return false }
        return Int32(lock.l_type) != F_UNLCK
    }
}
