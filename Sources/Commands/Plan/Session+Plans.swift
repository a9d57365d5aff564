import Diagnostics
import Engine
import Foundation
import Glibc
import PlanModel
import Values

extension Session {
    /// For its owner's eyes alone: a plan holds sensitive values.
    func save(_ planned: Engine.Planned, to path: String) throws {
        let bytes = try SavedPlan(plan: planned.plan, digest: planned.digest, program: "ashlar \(version)").encoded()
        let temporary = path + ".\(ProcessInfo.processInfo.processIdentifier)"
        do {
            try write(bytes, toNewFile: temporary)
        } catch {
            throw unwritable(path, error)
        }
        if rename(temporary, path) != 0 {
            let reason = FileReadFailure(errno)
            unlink(temporary)
            throw unwritable(path, reason)
        }
    }

    /// From its first moment on nobody else can open it.
    private func write(_ bytes: [UInt8], toNewFile path: String) throws(FileReadFailure) {
        // What a killed process of the same number has left.
        unlink(path)
        let descriptor = open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw FileReadFailure(errno) }
        var failure: Int32 = 0
        var written = 0
        while written < bytes.count, failure == 0 {
            let count = bytes[written...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            switch count {
            case 1...: written += count
            case 0: failure = EIO
            default: if errno != EINTR { failure = errno }
            }
        }
        if failure == 0, fsync(descriptor) != 0 { failure = errno }
        if close(descriptor) != 0, failure == 0 { failure = errno }
        if failure == 0 { return }
        unlink(path)
        throw FileReadFailure(failure)
    }

    private func unwritable(_ path: String, _ reason: FileReadFailure) -> CommandFailure {
        fail(
            [
                .error(
                    "Failed to write plan file", "The plan could not be saved to \(path): \(reason).",
                    hints: ["Name a file in a directory that exists and that you may write to."])
            ], SourceMap())
    }

    func savedPlan(_ path: String) throws(DiagnosticError) -> SavedPlan {
        let bytes: [UInt8]
        do throws(FileReadFailure) {
            bytes = try readWholeFile(path)
        } catch {
            throw DiagnosticError(
                .error(
                    "Failed to load \"\(path)\" as a plan file", "\(path) could not be read: \(error).",
                    hints: ["Save a plan with: ashlar plan -out=\(path)"]))
        }
        return try SavedPlan(bytes, path: path)
    }
}

extension Plan {
    /// What the plan was made with, by name.
    var variableValues: [String: Value] { Dictionary(variables.map { ($0.name, $0.value) }) { first, _ in first } }
}
