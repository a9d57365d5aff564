/// The password digest of OpenBSD: Blowfish with a key schedule that takes 2^cost rounds.
public enum Bcrypt {
    /// - Parameters:
    ///   - password: up to 72 bytes.
    ///   - salt: 16 bytes.
    ///   - cost: 4 to 31; each more doubles the time (10: a tenth of a second).
    /// - Returns: `$2a$…`, 60 characters.
    public static func hash(_ password: [UInt8], salt: [UInt8], cost: Int) -> String {
        var state = Blowfish()
        // The terminating zero is part of the key.
        let key = password + [0]
        state.expand(key: key, salt: salt)
        for _ in 0..<(1 << cost) {
            state.expand(key: key, salt: [])
            state.expand(key: salt, salt: [])
        }
        var words = Blowfish.words(Array("OrpheanBeholderScryDoubt".utf8))
        for pair in stride(from: 0, to: 6, by: 2) {
            var (left, right) = (words[pair], words[pair + 1])
            for _ in 0..<64 { state.encrypt(&left, &right) }
            (words[pair], words[pair + 1]) = (left, right)
        }
        let digest = words.flatMap { word in [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: word >> UInt32($0)) } }
        let costText = cost < 10 ? "0\(cost)" : "\(cost)"
        // The last byte is left out, as the first implementation did.
        return "$2a$\(costText)$\(base64(salt))\(base64(Array(digest.dropLast())))"
    }

    /// Base64 with an alphabet of its own and without padding.
    private static func base64(_ bytes: [UInt8]) -> String {
        let alphabet = Array("./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".utf8)
        var text: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let chunk = bytes[start..<min(start + 3, bytes.count)]
            var word: UInt32 = 0
            for byte in chunk { word = word << 8 | UInt32(byte) }
            word <<= UInt32(8 * (3 - chunk.count))
            for place in 0...chunk.count { text.append(alphabet[Int(word >> UInt32(18 - place * 6) & 63)]) }
        }
        return String(decoding: text, as: UTF8.self)
    }
}

private struct Blowfish {
    private var subkeys = Array(PiDigits.words[..<18])
    private var boxes = Array(PiDigits.words[18...])

    static func words(_ bytes: [UInt8]) -> [UInt32] {
        stride(from: 0, to: bytes.count, by: 4).map { start in
            bytes[start..<(start + 4)].reduce(0) { $0 << 8 | UInt32($1) }
        }
    }

    /// Mixes a key, repeated as often as needed, and a salt (or none) into the state.
    mutating func expand(key: [UInt8], salt: [UInt8]) {
        var position = 0
        for index in subkeys.indices {
            var word: UInt32 = 0
            for _ in 0..<4 {
                word = word << 8 | UInt32(key[position])
                position = (position + 1) % key.count
            }
            subkeys[index] ^= word
        }
        let salts = Self.words(salt)
        var (left, right): (UInt32, UInt32) = (0, 0)
        var next = 0
        func mixSalt() {
            guard !salts.isEmpty else { return }
            left ^= salts[next]
            right ^= salts[next + 1]
            next = (next + 2) % salts.count
        }
        for index in stride(from: 0, to: 18, by: 2) {
            mixSalt()
            encrypt(&left, &right)
            (subkeys[index], subkeys[index + 1]) = (left, right)
        }
        for index in stride(from: 0, to: 1024, by: 2) {
            mixSalt()
            encrypt(&left, &right)
            (boxes[index], boxes[index + 1]) = (left, right)
        }
    }

    func encrypt(_ left: inout UInt32, _ right: inout UInt32) {
        subkeys.withUnsafeBufferPointer { keys in
            boxes.withUnsafeBufferPointer { boxes in
                func mixed(_ word: UInt32) -> UInt32 {
                    let high = boxes[Int(word >> 24)] &+ boxes[256 + Int(word >> 16 & 255)]
                    return (high ^ boxes[512 + Int(word >> 8 & 255)]) &+ boxes[768 + Int(word & 255)]
                }
                for round in stride(from: 0, to: 16, by: 2) {
                    left ^= keys[round]
                    right ^= mixed(left)
                    right ^= keys[round + 1]
                    left ^= mixed(right)
                }
                left ^= keys[16]
                right ^= keys[17]
            }
        }
        swap(&left, &right)
    }
}
