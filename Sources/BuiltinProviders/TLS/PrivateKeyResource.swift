import Addresses
import Diagnostics
import ProviderKit
import Values

/// `tls_private_key`.
struct TLSPrivateKey: PlainType, OutsideType {
    let schema = ResourceSchema(
        type: ResourceType("tls_private_key"),
        block: BlockSchema(
            attributes: [
                .argument("algorithm", .string, isRequired: true, "RSA, ECDSA or ED25519."),
                .defaulted("rsa_bits", .number, "Length of an RSA key in bits: 2048 where not set."),
                .defaulted("ecdsa_curve", .string, "Curve of an ECDSA key: P256, P384 or P521."),
                .computed("private_key_pem", .string, isSensitive: true, "The private key in PEM."),
                .computed("private_key_openssh", .string, isSensitive: true, "The private key in OpenSSH's form."),
                .computed("private_key_pem_pkcs8", .string, isSensitive: true, "The private key in PEM, as PKCS#8."),
            ] + PublicKeyAttributes.schema, description: "A private key that is kept in the state."), version: 1)

    let defaults: [String: Value] = ["rsa_bits": .int(2048), "ecdsa_curve": .string("P224")]

    private static let algorithms = ["RSA", "ECDSA", "ED25519"]
    private static let curves = ["P224", "P256", "P384", "P521"]

    func validate(_ configuration: Value) -> [Diagnostic] {
        var faults =
            oneOfFaults("algorithm", Self.algorithms, in: configuration) + oneOfFaults("ecdsa_curve", Self.curves, in: configuration)
        guard faults.isEmpty else { return faults }
        let curve = configuration["ecdsa_curve"]
        if configuration.string("algorithm") == "ECDSA", curve?.isNull ?? true || curve?.unmarked.stringValue == "P224" {
            var fault = argumentFault(
                "ecdsa_curve", "Unsupported elliptic curve",
                "Keys on P224, which is what an ECDSA key is on where no curve is set, are not made: neither SSH nor browsers take them.")
            fault.hints = ["Write ecdsa_curve = \"P256\", \"P384\" or \"P521\"."]
            faults.append(fault)
        }
        if configuration.string("algorithm") == "RSA", let bits = configuration.int("rsa_bits"), !(1024...16_384).contains(bits) {
            faults.append(
                argumentFault(
                    "rsa_bits", "Invalid Attribute Value", "Attribute rsa_bits value must be between 1024 and 16384, got: \(bits)."))
        }
        return faults
    }

    func create(_ planned: Value) async throws(ProviderFailure) -> Value {
        let arguments = planned.unmarked
        return arguments.setting(try await Self.generated(arguments))
    }

    /// A new key as the arguments ask for it: what is said of it.
    static func generated(_ arguments: Value) async throws(ProviderFailure) -> [String: Value] {
        let algorithm = arguments.string("algorithm") ?? ""
        let bits = arguments.int("rsa_bits") ?? 2048
        let curve = arguments.string("ecdsa_curve") ?? ""
        return try await Blocking.run { () throws(ProviderFailure) in
            try attributes(of: try SigningKey.generate(algorithm: algorithm, bits: bits, curve: curve))
        }
    }

    private static func attributes(of key: SigningKey) throws(ProviderFailure) -> [String: Value] {
        do {
            var values = try PublicKeyAttributes.values(of: key)
            values["private_key_pem"] = .string(try key.pem.text)
            values["private_key_pem_pkcs8"] = .string(try key.pkcs8.text)
            values["private_key_openssh"] = .string(try OpenSSHKey.privatePEM(key).text)
            return values
        } catch {
            throw ProviderFailure(
                .other, summary: "Unable to encode key to PEM", detail: "The key that was generated could not be encoded.")
        }
    }

    func update(_ planned: Value, from prior: Value) async throws(ProviderFailure) -> Value { planned.unmarked }
    func delete(_ prior: Value) async throws(ProviderFailure) {}
    func read(_ object: Value) async throws(ProviderFailure) -> Value? { object }
}

/// What is said of a public key.
enum PublicKeyAttributes {
    static let schema: [AttributeSchema] = [
        .computed("public_key_pem", .string, "The public key in PEM."),
        .computed("public_key_openssh", .string, "The public key as a line for authorized_keys."),
        .computed("public_key_fingerprint_md5", .string, "OpenSSH's fingerprint by MD5: aa:bb:…"),
        .computed("public_key_fingerprint_sha256", .string, "OpenSSH's fingerprint by SHA-256: SHA256:…"),
        .computed("id", .string, "The hexadecimal SHA-1 of the public key."),
    ]

    static func values(of key: SigningKey) throws -> [String: Value] {
        let der = try key.publicDER
        return [
            "public_key_pem": .string(PEM("PUBLIC KEY", der).text), "public_key_openssh": .string(try OpenSSHKey.authorized(key)),
            "public_key_fingerprint_md5": .string(try OpenSSHKey.md5Fingerprint(key)),
            "public_key_fingerprint_sha256": .string(try OpenSSHKey.sha256Fingerprint(key)),
            "id": .string(sha1(of: der)),
        ]
    }
}

/// `data.tls_public_key`.
struct TLSPublicKeyData: BuiltinDataSource {
    let schema: ResourceSchema

    init() {
        var pem = AttributeSchema(name: "private_key_pem", type: .string, isOptional: true, description: "The private key in PEM.")
        var ssh = AttributeSchema(
            name: "private_key_openssh", type: .string, isOptional: true, description: "The private key in OpenSSH's form.")
        pem.isSensitive = true
        ssh.isSensitive = true
        schema = ResourceSchema(
            type: ResourceType("tls_public_key"),
            block: BlockSchema(
                attributes: PublicKeyAttributes.schema + [pem, ssh, .computed("algorithm", .string, "RSA, ECDSA or ED25519.")],
                description: "The public key of a private key."))
    }

    func validate(_ configuration: Value) -> [Diagnostic] {
        exactlyOneFault(["private_key_pem", "private_key_openssh"], in: configuration)
    }

    func read(_ configuration: Value) async throws(ProviderFailure) -> Value {
        let text = configuration.string("private_key_pem") ?? configuration.string("private_key_openssh") ?? ""
        do {
            let key = try SigningKey(pem: text)
            return configuration.setting(try PublicKeyAttributes.values(of: key).merging(["algorithm": .string(key.algorithm)]) { $1 })
        } catch let error as SigningKey.Unreadable {
            throw ProviderFailure(
                .invalidConfiguration, summary: "Unable to parse private key", detail: "The private key cannot be read: \(error.reason).")
        } catch {
            throw ProviderFailure(.other, summary: "Unable to parse private key", detail: "The public key could not be encoded.")
        }
    }
}
