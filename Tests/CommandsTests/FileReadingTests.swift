import Engine
import Foundation
import Testing

/// Files of any kind, whole.
@Suite struct FileReadingTests {
    /// Reads so many bytes from a pipe that has no size.
    /// - Returns: seconds of this thread alone, which other work on the machine does not move.
    private func readPipe(_ count: Int) throws -> Double {
        let path = FileManager.default.temporaryDirectory.appending(path: "ashlar-pipe-\(UUID().uuidString)").path
        #expect(mkfifo(path, 0o600) == 0)
        defer { unlink(path) }
        let piece = (0..<4096).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ $0 >> 8) }
        Thread.detachNewThread {
            let descriptor = open(path, O_WRONLY | O_CLOEXEC)
            for _ in 0..<count / piece.count { _ = write(descriptor, piece, piece.count) }
            close(descriptor)
        }
        let before = seconds()
        let bytes = try readWholeFile(path)
        let after = seconds()
        #expect(bytes.count == count)
        #expect(stride(from: 0, to: count, by: piece.count).allSatisfy { bytes[$0..<$0 + piece.count].elementsEqual(piece) })
        return after - before
    }

    private func seconds() -> Double {
        var now = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now)
        return Double(now.tv_sec) + Double(now.tv_nsec) / 1e9
    }

    @Test func aPipeIsReadInTimeThatGrowsWithItsLength() throws {
        func best(_ count: Int) throws -> Double { try (0..<3).map { _ in try readPipe(count) }.min() ?? 0 }
        let (short, long) = (try best(4 << 20), try best(32 << 20))
        // Eight times as much: 64 times as long where each piece moves all that came before it.
        #expect(long < short * 24, "\(short) s, \(long) s")
    }
}
