import Engine
import Foundation
import Testing

/// Files of any kind, whole.
@Suite struct FileReadingTests {
    @Test func aPipeThatHasNoSizeIsReadToItsEnd() throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "ashlar-pipe-\(UUID().uuidString)").path
        #expect(mkfifo(path, 0o600) == 0)
        defer { unlink(path) }
        let count = 4 << 20
        let piece = (0..<4096).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ $0 >> 8) }
        Thread.detachNewThread {
            let descriptor = open(path, O_WRONLY | O_CLOEXEC)
            for _ in 0..<count / piece.count { _ = write(descriptor, piece, piece.count) }
            close(descriptor)
        }
        let bytes = try readWholeFile(path)
        #expect(bytes.count == count)
        #expect(stride(from: 0, to: count, by: piece.count).allSatisfy { bytes[$0..<$0 + piece.count].elementsEqual(piece) })
    }

    @Test func whatIsNoFileIsSaid() {
        #expect(throws: FileReadFailure.self) { try readWholeFile("/") }
        #expect(throws: FileReadFailure.self) { try readWholeFile("/nowhere") }
    }
}
