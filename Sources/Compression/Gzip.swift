/// Compresses byte for byte as the reference does: what is compressed often becomes the user data of a machine, and another spelling
/// of the same would replace it.
public enum Gzip {
    /// The bytes as one gzip member, without name or time.
    ///
    /// - Parameter isFlushed: whether the writer was flushed before it was closed, which leaves an empty block.
    public static func compress(_ bytes: [UInt8], isFlushed: Bool) -> [UInt8] {
        // No name, no time, no particular system.
        var result: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF]
        result += Deflate.compress(bytes, .standard, isFlushed: isFlushed)
        for word in [Checksum.crc32(bytes), UInt32(truncatingIfNeeded: bytes.count)] {
            result += [0, 8, 16, 24].map { UInt8(truncatingIfNeeded: word >> UInt32($0)) }
        }
        return result
    }
}
