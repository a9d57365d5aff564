import Diagnostics
import Foundation
import Glibc
import SQLiteStore
import StateDocuments
import StateModel

extension Session {
    /// The state in a file of its own, wherever it comes from: a database of ours, or a document of Terraform's. Nil: the file is no state.
    ///
    /// - Throws: where it is one that cannot be read.
    func stateFile(_ path: String) async throws(CommandFailure) -> StateSnapshot? {
        let place = path.hasPrefix("/") ? path : "\(workingDirectory)/\(path)"
        let head = Self.beginning(of: place)
        if head.starts(with: Array("SQLite format 3\0".utf8)) {
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

    /// As many bytes as tell kinds of files apart; none where it cannot be read, which is told as a plan that cannot be.
    private static func beginning(of path: String) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { return [] }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 64)
        let count = read(descriptor, &bytes, bytes.count)
        return Array(bytes.prefix(max(0, count)))
    }
}
