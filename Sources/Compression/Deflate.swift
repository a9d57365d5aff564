/// Raw deflate, byte for byte as the reference's compressor writes it: hashes of what was compressed are compared between runs.
public enum Deflate {
    /// How long repetitions are looked for.
    public struct Effort: Sendable {
        /// A previous match of this length ends the search.
        let lazy: Int
        /// A match of this length is taken at once.
        let nice: Int
        /// Candidates that are looked at.
        let chain: Int

        /// What gzip streams are made with.
        public static let standard = Effort(lazy: 16, nice: 128, chain: 128)
        /// What members of zip archives are made with.
        public static let zip = Effort(lazy: 16, nice: 32, chain: 32)
    }

    /// - Parameter isFlushed: whether the writer was flushed before it was closed, which leaves an empty block.
    public static func compress(_ bytes: [UInt8], _ effort: Effort, isFlushed: Bool) -> [UInt8] {
        var writer = BitWriter()
        var matcher = DeflateMatcher(bytes, effort)
        matcher.compress { tokens, literal in DeflateBlock(tokens).write(to: &writer, literal: literal) }
        if isFlushed { DeflateBlock.writeStoredHeader(count: 0, isLast: false, to: &writer) }
        DeflateBlock.writeStoredHeader(count: 0, isLast: true, to: &writer)
        return writer.bytes
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
