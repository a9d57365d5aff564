import GRDB
import StateModel
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Refused for want of a right, or for a path that cannot be opened.
func isPermission(_ error: DatabaseError) -> Bool {
    switch error.resultCode {
    case .SQLITE_PERM, .SQLITE_READONLY, .SQLITE_CANTOPEN, .SQLITE_AUTH: true
    default: false
    }
}

func damaged(_ path: String, _ what: String) -> StateStoreError {
    StateStoreError(
        .damaged, "The state \(path) is damaged: \(what).",
        hints: [
            "Keep a copy of the file (and of those named like it with -wal and -shm) before anything else.",
            "Restore the state from a backup. Nothing was written to the damaged one.",
        ])
}

/// Says what was attempted, on which file, what happened and what to do.
func stateStoreError(_ error: any Error, attempt: String, path: String) -> StateStoreError {
    switch error {
    case let error as StateStoreError: return error
    case let error as StateCodingError:
        if error.isNewerFormat {
            return StateStoreError(
                .newerFormat, "The state \(path) holds \(error.message): a later version of this program wrote it.",
                hints: ["Use the version that wrote it, or a later one."])
        }
        return damaged(path, error.message)
    case let error as DatabaseError: return sqliteError(error, attempt: attempt, path: path)
    default: return StateStoreError(.other, "Could not \(attempt) \(path): \(error).")
    }
}

private func sqliteError(_ error: DatabaseError, attempt: String, path: String) -> StateStoreError {
    let words = error.message ?? error.resultCode.description
    let failed = "Could not \(attempt) \(path)"
    let directory = StateFile.directory(of: path)
    let isWrite = error.extendedResultCode == .SQLITE_IOERR_WRITE
    let writeError = CheckedPages.writeError.load(ordering: .relaxed)
    func full(_ what: String, _ remedy: String? = nil) -> StateStoreError {
        StateStoreError(
            .full, "\(failed): \(what). Nothing of it was recorded.",
            hints: [
                "\(remedy ?? "Free some space for \(directory)"), then run again: what was under way is looked for before anything else."
            ])
    }
    switch error.resultCode {
    case .SQLITE_FULL: return full("the disk is full")
    case .SQLITE_IOERR where isWrite && writeError == EDQUOT: return full("the quota of the disk is used up")
    case .SQLITE_IOERR where isWrite && writeError == EFBIG:
        return full("the file would grow beyond the size that the process may give a file", "Raise the limit (`ulimit -f`)")
    case .SQLITE_IOERR where error.extendedResultCode == .SQLITE_IOERR_SHMSIZE:
        return full("the disk is full, or files may not grow far enough, for the memory that SQLite shares beside it")
    case .SQLITE_IOERR where error.extendedResultCode.rawValue == CheckedPages.failure:
        return damaged(path, "a page of it does not agree with its checksum")
    case .SQLITE_CORRUPT, .SQLITE_NOTADB, .SQLITE_FORMAT, .SQLITE_CONSTRAINT, .SQLITE_MISMATCH:
        return damaged(path, "SQLite says \"\(words)\"")
    case .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_AUTH:
        return StateStoreError(
            .permission, "\(failed): the file or its directory cannot be written to (\(words)).",
            hints: ["Give yourself the right to write to \(path) and to \(directory), where SQLite keeps its log."])
    case .SQLITE_CANTOPEN:
        return StateStoreError(
            .permission, "\(failed): the file cannot be opened (\(words)).",
            hints: ["Check that you may read and write \(path), and may make files in \(directory)."])
    case .SQLITE_BUSY, .SQLITE_LOCKED:
        return StateStoreError(
            .other, "\(failed): another process kept the file busy for too long (\(words)).",
            hints: ["Try again. If it goes on, look for a process that holds \(path) open."])
    case .SQLITE_IOERR:
        return StateStoreError(
            .other, "\(failed): reading or writing the disk failed (\(words), code \(error.extendedResultCode.rawValue)).",
            hints: ["Check the disk, its quota and the limits of the process, then try again."])
    case .SQLITE_ERROR where ["no such table", "no such column", "malformed", "unsupported file format"].contains { words.contains($0) }:
        return damaged(path, "SQLite says \"\(words)\"")
    default:
        return StateStoreError(.other, "\(failed): SQLite says \"\(words)\" (code \(error.extendedResultCode.rawValue)).")
    }
}
