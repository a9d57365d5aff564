import Diagnostics
import Foundation
import SQLiteStore
import StateDocuments
import StateModel

extension Session {
    /// The state in a file of its own, wherever it comes from: a database of ours, or a document of Terraform's. Nil: the file is no state.
    ///
    /// - Throws: where it is one that cannot be read.
    func stateFile(_ path: String) async throws(CommandFailure) -> StateSnapshot? {
        let place = path.hasPrefix("/") ? path : "\(workingDirectory)/\(path)"
        guard let file = FileHandle(forReadingAtPath: place) else { return nil }
        // What cannot be read at all is told as a plan that cannot be.
        let head = (try? file.read(upToCount: 64)) ?? Data()
        if head.starts(with: Data("SQLite format 3\0".utf8)) {
            do throws(StateStoreError) {
                let store = SQLiteStore(path: place)
                return try await Self.keeping((store, store)).snapshot()
            } catch {
                throw fail(error)
            }
        }
        guard head.first(where: { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }) == UInt8(ascii: "{") else { return nil }
        do {
            let document = try await StateDocument([UInt8](try Data(contentsOf: URL(filePath: place))), shapes: backend.tools.shapes)
            return StateSnapshot(
                version: StateVersion(lineage: document.lineage, serial: document.serial),
                objects: Dictionary(document.objects.map { ($0.address, $0) }) { first, _ in first }, outputs: document.outputs)
        } catch {
            let reason = (error as? DocumentFault)?.reason ?? "\(error)"
            throw fail([.error("Unsupported state file format", "The state \(path) cannot be read: \(reason).")], SourceMap())
        }
    }
}
