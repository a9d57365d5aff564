import CSpawn
import Glibc

/// Two ends of a pipe, neither of which another child inherits.
public struct Pipe: Sendable {
    public let reading: Int32
    public let writing: Int32

    public init() throws(SystemFailure) {
        var ends: [Int32] = [-1, -1]
        guard ashlar_pipe(&ends) == 0 else { throw SystemFailure("pipe", errno) }
        (reading, writing) = (ends[0], ends[1])
    }

    public func close() {
        Glibc.close(reading)
        Glibc.close(writing)
    }
}

/// What is there to be read, at most so much; empty at the end. Blocks.
public func readSome(from descriptor: Int32, most: Int = 64 << 10) -> [UInt8] {
    var count = 0
    return [UInt8](unsafeUninitializedCapacity: most) { buffer, filled in
        repeat { count = read(descriptor, buffer.baseAddress, buffer.count) } while count < 0 && errno == EINTR
        filled = max(0, count)
    }
}
