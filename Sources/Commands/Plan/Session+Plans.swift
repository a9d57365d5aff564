import Diagnostics
import Engine
import Foundation

extension Session {
    /// For its owner's eyes alone: a plan holds sensitive values.
    func save(_ planned: Engine.Planned, to path: String) throws {
        let bytes = try SavedPlan(plan: planned.plan, digest: planned.digest, program: "ashlar \(version)").encoded()
        let temporary = path + ".\(ProcessInfo.processInfo.processIdentifier)"
        guard FileManager.default.createFile(atPath: temporary, contents: Data(bytes), attributes: [.posixPermissions: 0o600]) else {
            throw fail(
                [.error("Failed to write plan file", "\(path) could not be written: \(String(cString: strerror(errno))).")], SourceMap())
        }
        if rename(temporary, path) != 0 {
            let reason = String(cString: strerror(errno))
            unlink(temporary)
            throw fail([.error("Failed to write plan file", "\(path) could not be written: \(reason).")], SourceMap())
        }
    }

    func savedPlan(_ path: String) throws(DiagnosticError) -> SavedPlan {
        let data: Data
        do {
            data = try Data(contentsOf: URL(filePath: path))
        } catch {
            throw DiagnosticError(
                .error("Failed to load \"\(path)\" as a plan file", "\(path) could not be read: \(error.localizedDescription)"))
        }
        return try SavedPlan([UInt8](data), path: path)
    }
}
