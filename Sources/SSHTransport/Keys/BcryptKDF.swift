import Crypto
import FoundationEssentials

/// `bcrypt_pbkdf`, by which OpenSSH makes a key of a passphrase (OpenBSD's bcrypt_pbkdf.c). Slow by design: some 0.1 s.
enum BcryptKDF {
    static func derive(passphrase: [UInt8], salt: [UInt8], rounds: Int, count: Int) -> [UInt8] {
        let blowfish = Blowfish()
        let password = sha512(passphrase)
        var key = [UInt8](repeating: 0, count: count)
        // Bytes of each block are spread over the whole key.
        let stride = (count + 31) / 32
        let perBlock = (count + stride - 1) / stride
        for block in 1...stride {
            var input = salt
            input.appendWire(UInt32(block))
            var piece = blowfish.hash(password: password, salt: sha512(input))
            var sum = piece
            for _ in 1..<max(1, rounds) where rounds > 1 {
                piece = blowfish.hash(password: password, salt: sha512(piece))
                for index in 0..<32 { sum[index] ^= piece[index] }
            }
            for index in 0..<perBlock where index * stride + block - 1 < count { key[index * stride + block - 1] = sum[index] }
        }
        return key
    }

    private static func sha512(_ bytes: [UInt8]) -> [UInt8] { Array(SHA512.hash(data: Data(bytes))) }
}

/// Blowfish as bcrypt uses it: a state that is expanded with the key and the salt many times. One of them serves one thread.
private final class Blowfish {
    /// 18 subkeys, then four boxes of 256.
    private let state = UnsafeMutablePointer<UInt32>.allocate(capacity: 18 + 4 * 256)

    deinit { state.deallocate() }

    func hash(password: [UInt8], salt: [UInt8]) -> [UInt8] {
        for (index, word) in BlowfishDigits.words.enumerated() { state[index] = word }
        let (passwordWords, saltWords) = (Self.words(password), Self.words(salt))
        expand(key: passwordWords, salt: saltWords)
        let none = [UInt32](repeating: 0, count: 16)
        for _ in 0..<64 {
            expand(key: saltWords, salt: none)
            expand(key: passwordWords, salt: none)
        }
        var words = Self.words(Array("OxychromaticBlowfishSwatDynamite".utf8))
        for pair in stride(from: 0, to: 8, by: 2) {
            var (left, right) = (words[pair], words[pair + 1])
            for _ in 0..<64 { encipher(&left, &right) }
            (words[pair], words[pair + 1]) = (left, right)
        }
        return words.flatMap {
            [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8), UInt8(truncatingIfNeeded: $0 >> 16), UInt8($0 >> 24)]
        }
    }

    private static func words(_ bytes: [UInt8]) -> [UInt32] {
        stride(from: 0, to: bytes.count, by: 4).map { start in bytes[start..<start + 4].reduce(0) { $0 << 8 | UInt32($1) } }
    }

    /// Key and salt are 16 words each; a salt of zeros is that of the plain expansion.
    private func expand(key: [UInt32], salt: [UInt32]) {
        key.withUnsafeBufferPointer { key in
            salt.withUnsafeBufferPointer { salt in
                for index in 0..<18 { state[index] ^= key[index & 15] }
                var (left, right): (UInt32, UInt32) = (0, 0)
                var position = 0
                var index = 0
                while index < 18 + 4 * 256 {
                    left ^= salt[position]
                    right ^= salt[position + 1]
                    position = (position + 2) & 15
                    encipher(&left, &right)
                    state[index] = left
                    state[index + 1] = right
                    index += 2
                }
            }
        }
    }

    /// Written out for the sake of builds without optimisation, too: it runs millions of times.
    @inline(__always)
    private func encipher(_ left: inout UInt32, _ right: inout UInt32) {
        let state = state
        let (a, b, c, d) = (state + 18, state + 274, state + 530, state + 786)
        var (l, r) = (left ^ state[0], right)
        var round = 1
        while round < 17 {
            r ^= (((a[Int(l >> 24)] &+ b[Int(l >> 16 & 0xFF)]) ^ c[Int(l >> 8 & 0xFF)]) &+ d[Int(l & 0xFF)]) ^ state[round]
            l ^= (((a[Int(r >> 24)] &+ b[Int(r >> 16 & 0xFF)]) ^ c[Int(r >> 8 & 0xFF)]) &+ d[Int(r & 0xFF)]) ^ state[round + 1]
            round += 2
        }
        left = r ^ state[17]
        right = l
    }
}
