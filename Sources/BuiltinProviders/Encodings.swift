/// Base64 with padding.
func base64(_ bytes: [UInt8]) -> String {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    var text: [UInt8] = []
    text.reserveCapacity((bytes.count + 2) / 3 * 4)
    for start in stride(from: 0, to: bytes.count, by: 3) {
        let count = min(3, bytes.count - start)
        var word: UInt32 = 0
        for offset in 0..<3 { word = word << 8 | (offset < count ? UInt32(bytes[start + offset]) : 0) }
        for place in 0..<4 { text.append(place <= count ? alphabet[Int(word >> UInt32(18 - 6 * place) & 63)] : UInt8(ascii: "=")) }
    }
    return String(decoding: text, as: UTF8.self)
}

/// Bytes of standard base64, padded; nil where the text is none. Line breaks are skipped.
func bytes(fromBase64 text: String) -> [UInt8]? {
    var result: [UInt8] = []
    var word: UInt32 = 0
    var count = 0
    var padding = 0
    for byte in text.utf8 {
        let value: UInt8
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): value = byte - UInt8(ascii: "A")
        case UInt8(ascii: "a")...UInt8(ascii: "z"): value = byte - UInt8(ascii: "a") + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): value = byte - UInt8(ascii: "0") + 52
        case UInt8(ascii: "+"): value = 62
        case UInt8(ascii: "/"): value = 63
        case UInt8(ascii: "\n"), UInt8(ascii: "\r"): continue
        case UInt8(ascii: "="):
            padding += 1
            value = 0
        default: return nil
        }
        if padding > 0, byte != UInt8(ascii: "=") { return nil }
        word = word << 6 | UInt32(value)
        count += 1
        if count == 4 {
            guard padding <= 2 else { return nil }
            for place in 0..<(3 - padding) { result.append(UInt8(truncatingIfNeeded: word >> UInt32(16 - 8 * place))) }
            word = 0
            count = 0
        }
    }
    return count == 0 ? result : nil
}

func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    for byte in bytes {
        text.append(digits[Int(byte >> 4)])
        text.append(digits[Int(byte & 15)])
    }
    return String(decoding: text, as: UTF8.self)
}

/// The bytes as one big-endian number, in decimal digits.
func decimal(_ bytes: [UInt8]) -> String {
    // In base 10^9, least significant first.
    var limbs: [UInt64] = [0]
    for byte in bytes {
        var carry = UInt64(byte)
        for index in limbs.indices {
            let value = limbs[index] * 256 + carry
            limbs[index] = value % 1_000_000_000
            carry = value / 1_000_000_000
        }
        if carry > 0 { limbs.append(carry) }
    }
    var text = String(limbs.last ?? 0)
    for limb in limbs.dropLast().reversed() {
        let digits = String(limb)
        text += String(repeating: "0", count: 9 - digits.count) + digits
    }
    return text
}
