import Testing

@testable import SQLiteStore

@Suite struct ChecksumTests {
    /// Published vectors of XXH64: the bytes of its sanity check, made by a multiplicative generator.
    @Test func agreesWithThePublishedVectors() {
        let prime32: UInt64 = 2_654_435_761
        let prime64: UInt64 = 11_400_714_785_074_694_797
        var generator = prime32
        var bytes: [UInt8] = []
        for _ in 0..<222 {
            bytes.append(UInt8(truncatingIfNeeded: generator >> 56))
            generator = generator &* prime64
        }
        let vectors: [(Int, UInt64, UInt64)] = [
            (0, 0, 0xEF46_DB37_51D8_E999), (0, prime32, 0xAC75_FDA2_929B_17EF), (1, 0, 0xE934_A84A_DB05_2768),
            (1, prime32, 0x5014_6076_43A9_B4C3), (4, 0, 0x9136_A0DC_A574_57EE), (14, 0, 0x8282_DCC4_994E_35C8),
            (14, prime32, 0xC3BD_6BF6_3DEB_6DF0), (222, 0, 0xB641_AE8C_B691_C174), (222, prime32, 0x20CB_8AB7_AE10_C14A),
        ]
        for (count, seed, expected) in vectors {
            let found = bytes.prefix(count).withUnsafeBytes { Checksum.hash($0, seed: seed) }
            #expect(found == expected, "\(count) bytes, seed \(seed)")
        }
    }

    @Test func findsEveryFlippedBit() {
        let bytes = (0..<100).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let right = Checksum.of(bytes, seed: 3)
        for index in bytes.indices {
            for bit in 0..<8 {
                var wrong = bytes
                wrong[index] ^= 1 << UInt8(bit)
                #expect(Checksum.of(wrong, seed: 3) != right)
            }
        }
    }
}
