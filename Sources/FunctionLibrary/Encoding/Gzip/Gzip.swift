import Values

extension Function {
    static let compression: [Function] = [
        Function("base64gzip", [.string("str")], returns: .string, "The string compressed by gzip, in Base64.") { call in
            .string(Base64.encode(Gzip.compress(Array(try call.string(0).utf8))))
        }
    ]
}

/// Compresses byte for byte as the reference does: what is compressed often becomes the user data of a machine, and another spelling
/// of the same would replace it.
enum Gzip {
    static func compress(_ bytes: [UInt8]) -> [UInt8] {
        var writer = BitWriter()
        // No name, no time, no particular system.
        writer.bytes = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF]
        var matcher = DeflateMatcher(bytes)
        matcher.compress { tokens, literal in DeflateBlock(tokens).write(to: &writer, literal: literal) }
        // A flush, then the end: two empty stored blocks.
        DeflateBlock.writeStoredHeader(count: 0, isLast: false, to: &writer)
        DeflateBlock.writeStoredHeader(count: 0, isLast: true, to: &writer)
        for word in [checksum(bytes), UInt32(truncatingIfNeeded: bytes.count)] {
            writer.bytes += [0, 8, 16, 24].map { UInt8(truncatingIfNeeded: word >> UInt32($0)) }
        }
        return writer.bytes
    }

    /// CRC-32 as IEEE 802.3 has it.
    static func checksum(_ bytes: [UInt8]) -> UInt32 {
        ~bytes.reduce(~0) { sum, byte in sum >> 8 ^ table[Int(UInt8(truncatingIfNeeded: sum) ^ byte)] }
    }

    private static let table: [UInt32] = (0..<256).map { index in
        (0..<8).reduce(UInt32(index)) { value, _ in value & 1 != 0 ? value >> 1 ^ 0xEDB8_8320 : value >> 1 }
    }
}

/// Bits, lowest first.
struct BitWriter {
    var bytes: [UInt8] = []
    private var pending: UInt64 = 0
    private var count: UInt64 = 0

    mutating func write(_ bits: some BinaryInteger, count width: Int) {
        pending |= UInt64(bits) << count
        count += UInt64(width)
        while count >= 8 {
            bytes.append(UInt8(truncatingIfNeeded: pending))
            pending >>= 8
            count -= 8
        }
    }

    /// Zeros up to the next byte.
    mutating func align() { if count > 0 { write(0, count: Int(8 - count)) } }
}
