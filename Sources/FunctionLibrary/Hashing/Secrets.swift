import FoundationEssentials
import Values
import _CryptoExtras

extension Function {
    static let secrets: [Function] = [
        Function(
            "bcrypt", [.string("str")], rest: .number("cost"), returns: .string, isImpure: true,
            "A slow, salted digest of a password, another one each time."
        ) { call in
            if call.count > 2 { throw FunctionError("bcrypt() takes no more than two arguments") }
            let cost = call.count == 2 ? try call.whole(1) : 10
            let password = Array(try call.string(0).utf8)
            guard cost <= 31 else {
                throw FunctionError("error occured generating password crypto/bcrypt: cost \(cost) is outside allowed range (4,31)")
            }
            guard password.count <= 72 else {
                throw FunctionError("error occured generating password bcrypt: password length exceeds 72 bytes")
            }
            guard let salt = call.environment.randomBytes(16) else { return call.unknown }
            // A cost that is too low becomes the usual one.
            return .string(Bcrypt.hash(password, salt: salt, cost: cost < 4 ? 10 : cost))
        },
        Function(
            "rsadecrypt", [.string("ciphertext"), .string("privatekey", [.marked])], returns: .string,
            "The text that was encrypted for an RSA key."
        ) { call in
            let text = try call.string(0)
            guard case .bytes(let ciphertext) = Base64.decode(text) else {
                throw FunctionError.argument(0, "failed to decode input \(quoted(text)): cipher text must be base64-encoded")
            }
            guard try call.string(1).containsBytes("-----BEGIN") else {
                throw FunctionError.argument(1, "invalid private key: ssh: no key found")
            }
            let key: _RSA.Encryption.PrivateKey
            do {
                key = try _RSA.Encryption.PrivateKey(unsafePEMRepresentation: try call.string(1))
            } catch {
                throw FunctionError.argument(1, "invalid private key: an RSA key in PEM without a passphrase is needed")
            }
            do {
                let plain = try key.decrypt(Data(ciphertext), padding: ._WEAK_AND_INSECURE_PKCS_V1_5)
                return Value.string(String(decoding: plain, as: UTF8.self)).marked(call[1].marks)
            } catch {
                throw FunctionError("failed to decrypt: crypto/rsa: decryption error")
            }
        },
    ]
}
