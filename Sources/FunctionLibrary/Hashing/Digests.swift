import Crypto
import Values

extension Function {
    static let digests: [Function] = [
        digest("md5", "The MD5 digest, in hexadecimal.") { Digest.md5.hexadecimal(of: $0) },
        digest("sha1", "The SHA-1 digest, in hexadecimal.") { Digest.sha1.hexadecimal(of: $0) },
        digest("sha256", "The SHA-256 digest, in hexadecimal.") { Digest.sha256.hexadecimal(of: $0) },
        digest("sha512", "The SHA-512 digest, in hexadecimal.") { Digest.sha512.hexadecimal(of: $0) },
        digest("base64sha256", "The SHA-256 digest, in Base64.") { Base64.encode(Digest.sha256.bytes(of: $0)) },
        digest("base64sha512", "The SHA-512 digest, in Base64.") { Base64.encode(Digest.sha512.bytes(of: $0)) },
    ]

    private static func digest(_ name: String, _ summary: String, _ digest: @escaping @Sendable ([UInt8]) -> String) -> Function {
        Function(name, [.string("str")], returns: .string, summary) { call in .string(digest(Array(try call.string(0).utf8))) }
    }
}

enum Digest {
    case md5, sha1, sha256, sha512

    func bytes(of data: [UInt8]) -> [UInt8] {
        switch self {
        case .md5: Array(Insecure.MD5.hash(data: data))
        case .sha1: Array(Insecure.SHA1.hash(data: data))
        case .sha256: Array(SHA256.hash(data: data))
        case .sha512: Array(SHA512.hash(data: data))
        }
    }

    func hexadecimal(of data: [UInt8]) -> String { hexadecimalText(bytes(of: data)) }
}

func hexadecimalText(_ bytes: some Sequence<UInt8>) -> String {
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
}
