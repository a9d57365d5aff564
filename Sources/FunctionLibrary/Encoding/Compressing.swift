import Compression
import Values

extension Function {
    static let compression: [Function] = [
        Function("base64gzip", [.string("str")], returns: .string, "The string compressed by gzip, in Base64.") { call in
            .string(Base64.encode(Gzip.compress(Array(try call.string(0).utf8), isFlushed: true)))
        }
    ]
}
