import Addresses
import Diagnostics
import FoundationEssentials
import ProviderKit
import SwiftASN1
import Transport
import Values
import X509

/// `data.tls_certificate`.
struct TLSCertificateData: BuiltinDataSource {
    let http: BuiltinProvider.HTTPSource

    let schema = ResourceSchema(
        type: ResourceType("tls_certificate"),
        block: BlockSchema(
            attributes: [
                AttributeSchema(
                    name: "url", type: .string, isOptional: true, description: "The server to ask: https://host, or tls://host:port."),
                AttributeSchema(
                    name: "content", type: .string, isOptional: true, description: "A certificate in PEM, instead of a server's."),
                AttributeSchema(
                    name: "verify_chain", type: .bool, isOptional: true,
                    description: "Whether the server's certificate must be one that is trusted; true where not set."),
                .computed("certificates", .list(CertificateFacts.type), "What the server showed, its own certificate last."),
                .computed("id", .string, "A digest of the certificates."),
            ], description: "The certificates of a server."))

    func validate(_ configuration: Value) -> [Diagnostic] {
        var faults = exactlyOneFault(["content", "url"], in: configuration)
        if !(configuration["content"]?.isNull ?? true), !(configuration["verify_chain"]?.isNull ?? true) {
            faults.append(
                argumentFault(
                    "verify_chain", "Invalid Attribute Combination",
                    "Attribute \"content\" cannot be specified when \"verify_chain\" is specified"))
        }
        if let url = configuration.string("url"), endpoint(url) == nil {
            faults.append(
                argumentFault(
                    "url", "Invalid URL scheme",
                    "URL \"\(url)\" expected to use scheme from [\"https\" \"tls\"]: https://host, or tls://host:port."))
        }
        return faults
    }

    /// Where to connect to, as libcurl takes it; a port must stand behind `tls://`.
    private func endpoint(_ url: String) -> String? {
        if url.hasPrefix("https://"), url.count > "https://".count { return url }
        guard url.hasPrefix("tls://") else { return nil }
        let authority = url.dropFirst("tls://".count).prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        let port = authority.split(separator: ":", omittingEmptySubsequences: false).last.flatMap { UInt16($0) }
        return port == nil || authority.hasPrefix(":") ? nil : "https://" + authority
    }

    func read(_ configuration: Value) async throws(ProviderFailure) -> Value {
        let ders: [[UInt8]]
        if let content = configuration.string("content") {
            ders = [try Self.certificate(in: content)]
        } else {
            ders = try await fetch(configuration)
        }
        var certificates: [Value] = []
        for der in ders { certificates.append(try CertificateFacts.value(of: der)) }
        return configuration.setting([
            "certificates": .list(certificates, of: CertificateFacts.type), "id": .string(sha1(of: ders.flatMap { $0 })),
            // Where it is not said, it is so.
            "verify_chain": configuration["verify_chain"].flatMap { $0.isNull ? nil : $0 } ?? .true,
        ])
    }

    private static func certificate(in text: String) throws(ProviderFailure) -> [UInt8] {
        guard let block = PEM.blocks(text).first else {
            throw ProviderFailure(
                .invalidConfiguration, summary: "Failed to decoded PEM", detail: "Value is not a valid PEM encoding of a certificate",
                path: .attribute("content"))
        }
        guard block.label == "CERTIFICATE" else {
            throw ProviderFailure(
                .invalidConfiguration, summary: "Unexpected PEM preamble",
                detail: "Certificate PEM should be \"CERTIFICATE\", got \"\(block.label)\"", path: .attribute("content"))
        }
        return block.bytes
    }

    /// The chain as the server showed it, turned round: what signs comes before what is signed.
    private func fetch(_ configuration: Value) async throws(ProviderFailure) -> [[UInt8]] {
        let url = configuration.string("url") ?? ""
        var request = HTTPRequest(method: "HEAD", url: endpoint(url) ?? url)
        request.options.endsAfterHandshake = true
        request.options.tls.isVerified = configuration.bool("verify_chain") ?? true
        request.options.timeout = 30
        do throws(TransportFailure) {
            let answer = try await http().send(request)
            let blocks = answer.peerCertificates.compactMap { PEM.blocks($0).first?.bytes }
            if !blocks.isEmpty { return blocks.reversed() }
        } catch {
            throw ProviderFailure(
                error.code == .cancelled ? .cancelled : .unavailable, summary: "Failed to identify fetch peer certificates",
                detail: error.message, hints: error.hints, path: .attribute("url"))
        }
        throw ProviderFailure(
            .unexpectedAnswer, summary: "Failed to identify fetch peer certificates",
            detail: "\(url) showed no certificates.", path: .attribute("url"))
    }
}

/// What is told of one certificate.
enum CertificateFacts {
    static let type: ValueType = {
        let attributes: [(String, ValueType)] = [
            ("signature_algorithm", .string), ("public_key_algorithm", .string), ("serial_number", .string), ("is_ca", .bool),
            ("max_path_length", .number), ("version", .number), ("issuer", .string), ("subject", .string), ("not_before", .string),
            ("not_after", .string), ("sha1_fingerprint", .string), ("cert_pem", .string),
        ]
        return .object(ObjectType(attributes.map { ObjectType.Attribute(name: $0.0, type: $0.1) }))
    }()

    static func value(of der: [UInt8]) throws(ProviderFailure) -> Value {
        do {
            let certificate = try Certificate(derEncoded: der)
            let constraints = try certificate.extensions.basicConstraints
            var isAuthority = false
            // As the reference has it: -1 without a limit, 0 where the certificate says nothing of the matter.
            var length = constraints == nil ? 0 : -1
            if case .isCertificateAuthority(let maximum)? = constraints {
                isAuthority = true
                length = maximum ?? -1
            }
            return .object([
                ("signature_algorithm", .string(signatureName(of: der))), ("public_key_algorithm", .string(keyName(certificate.publicKey))),
                ("serial_number", .string(decimal(Array(certificate.serialNumber.bytes)))), ("is_ca", .bool(isAuthority)),
                ("max_path_length", .int(length)), ("version", .int(certificate.version == .v1 ? 1 : 3)),
                ("issuer", .string(DistinguishedText.text(certificate.issuer))),
                ("subject", .string(DistinguishedText.text(certificate.subject))),
                ("not_before", .string(moment(certificate.notValidBefore))), ("not_after", .string(moment(certificate.notValidAfter))),
                ("sha1_fingerprint", .string(sha1(of: der))), ("cert_pem", .string(PEM("CERTIFICATE", der).text)),
            ])
        } catch {
            throw ProviderFailure(
                .unexpectedAnswer, summary: "Unable to parse certificate",
                detail: "A certificate cannot be read: \(error). Keys of RSA, ECDSA (P256, P384, P521) and Ed25519 are known.")
        }
    }

    private static func moment(_ date: Date) -> String {
        CivilTime(unix: Int(date.timeIntervalSince1970.rounded(.down))).text
    }

    private static func keyName(_ key: Certificate.PublicKey) -> String {
        let text = "\(key)"
        return text.hasPrefix("RSA") ? "RSA" : text.hasPrefix("Ed25519") ? "Ed25519" : "ECDSA"
    }

    /// Read from the bytes: the library has no names for those that it does not check.
    private static func signatureName(of der: [UInt8]) -> String {
        let oid = try? DER.sequence(try DER.parse(der), identifier: .sequence) { nodes -> ASN1ObjectIdentifier? in
            _ = nodes.next()
            let oid = try nodes.next().map { try SigningKey.algorithm($0) }
            while nodes.next() != nil {}
            return oid
        }
        switch oid {
        case [1, 2, 840, 113549, 1, 1, 5]: return "SHA1-RSA"
        case [1, 2, 840, 113549, 1, 1, 11]: return "SHA256-RSA"
        case [1, 2, 840, 113549, 1, 1, 12]: return "SHA384-RSA"
        case [1, 2, 840, 113549, 1, 1, 13]: return "SHA512-RSA"
        case [1, 2, 840, 113549, 1, 1, 10]: return "SHA256-RSAPSS"
        case [1, 2, 840, 10045, 4, 1]: return "ECDSA-SHA1"
        case [1, 2, 840, 10045, 4, 3, 2]: return "ECDSA-SHA256"
        case [1, 2, 840, 10045, 4, 3, 3]: return "ECDSA-SHA384"
        case [1, 2, 840, 10045, 4, 3, 4]: return "ECDSA-SHA512"
        case .ed25519: return "Ed25519"
        default: return "0"
        }
    }
}

/// A name as RFC 2253 writes it: the last part first.
enum DistinguishedText {
    private static let names: [ASN1ObjectIdentifier: String] = [
        [2, 5, 4, 6]: "C", [2, 5, 4, 10]: "O", [2, 5, 4, 11]: "OU", [2, 5, 4, 3]: "CN", [2, 5, 4, 5]: "SERIALNUMBER", [2, 5, 4, 7]: "L",
        [2, 5, 4, 8]: "ST", [2, 5, 4, 9]: "STREET", [2, 5, 4, 17]: "POSTALCODE",
    ]

    static func text(_ name: DistinguishedName) -> String {
        name.reversed().map { part in
            part.map { attribute in
                guard let short = names[attribute.type] else { return unnamed(attribute) }
                return "\(short)=\(escaped("\(attribute.value)"))"
            }.joined(separator: "+")
        }.joined(separator: ",")
    }

    /// What has no short name stands as its number and its bytes.
    private static func unnamed(_ attribute: RelativeDistinguishedName.Attribute) -> String {
        var writer = DER.Serializer()
        let any = ASN1Any(attribute.value)
        guard (try? writer.serialize(any)) != nil else { return "\(attribute.type)=" }
        return "\(attribute.type)=#\(hexadecimal(writer.serializedBytes))"
    }

    private static func escaped(_ text: String) -> String {
        var result = ""
        for (index, character) in text.enumerated() {
            let isEnd = index == 0 || index == text.count - 1
            switch character {
            case ",", "+", "\"", "\\", "<", ">", ";": result += "\\\(character)"
            case "#" where index == 0: result += "\\#"
            case " " where isEnd: result += "\\ "
            default: result.append(character)
            }
        }
        return result
    }
}
