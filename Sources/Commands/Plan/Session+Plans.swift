import Diagnostics
import Engine
import Foundation

extension Session {
    /// For its owner's eyes alone: a plan holds sensitive values.
    func save(_ planned: Engine.Planned, to path: String) throws {
        let bytes = try SavedPlan(plan: planned.plan, digest: planned.digest, program: "ashlar \(version)").encoded()
        let temporary = path + ".\(ProcessInfo.processInfo.processIdentifier)"
        guard FileManager.default.createFile(atPath: temporary, contents: Data(bytes), attributes: [.posixPermissions: 0o600]) else {
            throw unwritable(path, FileReadFailure(errno))
        }
        if rename(temporary, path) != 0 {
            let reason = FileReadFailure(errno)
            unlink(temporary)
            throw unwritable(path, reason)
        }
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
