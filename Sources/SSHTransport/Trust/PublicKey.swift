import Crypto
import FoundationEssentials
import Transport

/// A public key as SSH sends it: a blob that starts with the name of its type.
struct PublicKey: Hashable, Sendable {
    let blob: [UInt8]
    let type: String

    /// Nil where the blob does not begin with a type's name.
    init?(blob: [UInt8]) {
        var reader = WireReader(blob)
        guard let name = reader.string(), !name.isEmpty, name.count < 100, name.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else { return nil }
        self.blob = blob
        self.type = String(decoding: name, as: UTF8.self)
    }

    /// Nil where the text is not base64 of a key's blob.
    init?(base64: some StringProtocol) {
        guard let data = Data(base64Encoded: String(base64)) else { return nil }
        self.init(blob: [UInt8](data))
    }

    /// Reads `ssh-ed25519 AAAA… comment`, the form of `.pub` files. Nil where it is not that, or the two types differ.
    init?(line: String) {
        let words = line.split(whereSeparator: { $0 == " " || $0 == "\t" })
        guard words.count >= 2, let key = PublicKey(base64: words[1]), key.type == words[0] else { return nil }
        self = key
    }

    /// `SHA256:…` as OpenSSH prints it.
    var fingerprint: String {
        "SHA256:" + String(Data(SHA256.hash(data: Data(blob))).base64EncodedString().prefix { $0 != "=" })
    }

    var base64: String { Data(blob).base64EncodedString() }

    var hostKey: HostKey { HostKey(type: type, base64: base64, fingerprint: fingerprint) }
}

/// Reads SSH's wire types (RFC 4251, section 5) from untrusted bytes; nil once they run out.
struct WireReader {
    private let bytes: [UInt8]
    private var position: Int

    init(_ bytes: [UInt8], at position: Int = 0) {
        self.bytes = bytes
        self.position = position
    }

    mutating func byte() -> UInt8? {
        guard position < bytes.count else { return nil }
        defer { position += 1 }
        return bytes[position]
    }

    mutating func uint32() -> UInt32? {
        guard bytes.count - position >= 4 else { return nil }
        defer { position += 4 }
        return bytes[position..<position + 4].reduce(0) { $0 << 8 | UInt32($1) }
    }

    mutating func string() -> [UInt8]? {
        guard let length = uint32(), Int(length) <= bytes.count - position else { return nil }
        defer { position += Int(length) }
        return [UInt8](bytes[position..<position + Int(length)])
    }

    /// What has not been read.
    func rest() -> [UInt8] { [UInt8](bytes[position...]) }

    mutating func skip(_ count: Int) -> Bool {
        guard count <= bytes.count - position else { return false }
        position += count
        return true
    }
}

extension [UInt8] {
    mutating func appendWire(_ value: UInt32) {
        append(contentsOf: [UInt8(value >> 24), UInt8(value >> 16 & 0xFF), UInt8(value >> 8 & 0xFF), UInt8(value & 0xFF)])
    }

    mutating func appendWire(_ string: some Collection<UInt8>) {
        appendWire(UInt32(string.count))
        append(contentsOf: string)
    }
}
