import Crypto
import ProviderKit
import Values

/// What `local_file` and its data sources say of a file's content.
struct ContentDigests {
    static let attributes: [AttributeSchema] = [
        .computed("id", .string, "The hexadecimal SHA-1 of the content."),
        .computed("content_md5", .string, "The hexadecimal MD5 of the content."),
        .computed("content_sha1", .string, "The hexadecimal SHA-1 of the content."),
        .computed("content_sha256", .string, "The hexadecimal SHA-256 of the content."),
        .computed("content_base64sha256", .string, "The SHA-256 of the content in base64."),
        .computed("content_sha512", .string, "The hexadecimal SHA-512 of the content."),
        .computed("content_base64sha512", .string, "The SHA-512 of the content in base64."),
    ]

    let values: [String: Value]

    init(_ content: [UInt8]) {
        let sha1 = Value.string(hexadecimal(Insecure.SHA1.hash(data: content)))
        let sha256 = Array(SHA256.hash(data: content))
        let sha512 = Array(SHA512.hash(data: content))
        values = [
            "id": sha1, "content_sha1": sha1, "content_md5": .string(hexadecimal(Insecure.MD5.hash(data: content))),
            "content_sha256": .string(hexadecimal(sha256)), "content_base64sha256": .string(base64(sha256)),
            "content_sha512": .string(hexadecimal(sha512)), "content_base64sha512": .string(base64(sha512)),
        ]
    }

    var id: Value? { values["id"] }
}
