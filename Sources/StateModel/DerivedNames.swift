import Crypto

/// Names that a run gives to what it does: derived, never drawn, so that a plan that is resumed gives the same ones.
public struct DerivedNames: Sendable, Hashable {
    private let high: UInt64
    private let low: UInt64

    /// - Parameter planDigest: of the plan that is applied.
    public init(planDigest: String) {
        var words: (UInt64, UInt64) = (0, 0)
        for (index, byte) in SHA256.hash(data: Array(planDigest.utf8)).prefix(16).enumerated() {
            if index < 8 { words.0 = words.0 << 8 | UInt64(byte) } else { words.1 = words.1 << 8 | UInt64(byte) }
        }
        (high, low) = words
    }

    /// 32 hexadecimal digits, all of which vary from vertex to vertex: a provider may shorten it.
    public func intent(ofVertex vertex: Int) -> String {
        let vertex = UInt64(bitPattern: Int64(vertex))
        // Each half is a bijection of the vertex: no two vertices of a plan share an intent.
        return hexadecimal(mixed(high ^ mixed(vertex))) + hexadecimal(mixed(low &+ vertex &* 0x9E37_79B9_7F4A_7C15))
    }

    /// Key of the object that the create with this intent makes way for: eight hexadecimal digits.
    public static func deposedKey(ofIntent intent: String) -> String { String(intent.suffix(8)) }

    /// The same, for whoever has the vertex of the *create* alone.
    public func deposedKey(ofCreateVertex vertex: Int) -> String { Self.deposedKey(ofIntent: intent(ofVertex: vertex)) }
}

/// The finaliser of SplitMix64: a bijection in which each bit depends on all.
private func mixed(_ value: UInt64) -> UInt64 {
    var value = value &+ 0x9E37_79B9_7F4A_7C15
    value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
    return value ^ value >> 31
}

private func hexadecimal(_ value: UInt64) -> String {
    String(unsafeUninitializedCapacity: 16) { buffer in
        for index in 0..<16 {
            let digit = UInt8(truncatingIfNeeded: value >> UInt64(60 - 4 * index)) & 0xF
            buffer[index] = digit < 10 ? 0x30 + digit : 0x57 + digit
        }
        return 16
    }
}
