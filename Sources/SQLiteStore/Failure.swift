import GRDB
import StateModel

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
    switch error.resultCode {
    case .SQLITE_FULL:
        return StateStoreError(
            .full, "\(failed): the disk is full (\(words)). Nothing of it was recorded.",
            hints: ["Free some space in \(directory), then try again."])
    case .SQLITE_CORRUPT, .SQLITE_FORMAT, .SQLITE_CONSTRAINT, .SQLITE_MISMATCH:
        return damaged(path, "SQLite says \"\(words)\"")
    case .SQLITE_NOTADB:
        return StateStoreError(
            .damaged, "The file \(path) is not a state: it is no SQLite database (\(words)).",
            hints: ["Check the path of the state. If the file was a state once, restore it from a backup."])
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
    case .SQLITE_ERROR where words.contains("no such table") || words.contains("no such column"):
        return damaged(path, "SQLite says \"\(words)\"")
    default:
        return StateStoreError(.other, "\(failed): SQLite says \"\(words)\" (code \(error.extendedResultCode.rawValue)).")
    }
}
