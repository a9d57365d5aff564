import Addresses
import Diagnostics
import ProviderKit
import SwiftASN1
import Values
import X509

extension AttributeSchema {
    static func secretArgument(_ name: String, _ description: String) -> AttributeSchema {
        var attribute = AttributeSchema.argument(name, .string, isRequired: true, description)
        attribute.isSensitive = true
        return attribute
    }
}

/// The key that an argument holds in PEM.
private func key(_ arguments: Value, _ name: String, _ summary: String) throws(ProviderFailure) -> SigningKey {
    do throws(SigningKey.Unreadable) {
        return try SigningKey(pem: arguments.string(name) ?? "")
    } catch {
        throw ProviderFailure(
            .invalidConfiguration, summary: summary, detail: "The private key in \(name) cannot be read: \(error.reason).",
            path: .attribute(name))
    }
}

private func subjectName(_ arguments: Value) throws(ProviderFailure) -> DistinguishedName {
    do {
        return try SubjectBlock.name(in: arguments)
    } catch {
        throw ProviderFailure(
            .invalidConfiguration, summary: "Invalid Certificate Subject", detail: "The subject holds what a name cannot: \(error).",
            path: .attribute("subject"))
    }
}

/// A type that is made once and kept in the state; making it takes computing.
protocol IssuedType: PlainType, OutsideType {
    func issue(_ arguments: Value) throws(ProviderFailure) -> [String: Value]
}

extension IssuedType {
    func create(_ planned: Value) async throws(ProviderFailure) -> Value {
        let arguments = planned.unmarked
        return arguments.setting(try await Blocking.run { () throws(ProviderFailure) in try issue(arguments) })
    }

    func update(_ planned: Value, from prior: Value) async throws(ProviderFailure) -> Value { planned.unmarked }
    func delete(_ prior: Value) async throws(ProviderFailure) {}
    func read(_ object: Value) async throws(ProviderFailure) -> Value? { object }
}

/// An issued certificate: when its time has come it is made anew.
protocol CertificateType: IssuedType {}

extension CertificateType {
    var defaults: [String: Value] { CertificateTerms.defaults }

    func propose(_ configuration: Value, from prior: Value?) throws(ProviderFailure) -> Proposal {
        try CertificateTerms.renewing(plainProposal(configuration, from: prior), from: prior, now: .now())
    }

    func read(_ object: Value) async throws(ProviderFailure) -> Value? {
        guard try CertificateTerms.isDue(object, early: object.int("early_renewal_hours") ?? 0, now: .now()) else { return object }
        return object.setting(["ready_for_renewal": .true])
    }
}

/// `tls_cert_request`.
struct TLSCertificateRequest: IssuedType {
    let schema = ResourceSchema(
        type: ResourceType("tls_cert_request"),
        block: BlockSchema(
            attributes: AlternativeNames.schema + [
                .secretArgument("private_key_pem", "The private key in PEM, to whose owner the certificate is to be given."),
                .computed("cert_request_pem", .string, "The request in PEM."),
                .computed("key_algorithm", .string, "The key's algorithm."),
                .computed("id", .string, "The hexadecimal SHA-1 of the request."),
            ], blocks: [SubjectBlock.schema], description: "A request for a certificate."))

    func validate(_ configuration: Value) -> [Diagnostic] { AlternativeNames.faults(configuration) }

    func issue(_ arguments: Value) throws(ProviderFailure) -> [String: Value] {
        let key = try key(arguments, "private_key_pem", "Failed to parse private key PEM")
        let subject = try subjectName(arguments)
        let names = try AlternativeNames.names(in: arguments)
        do {
            var attributes: [CertificateSigningRequest.Attribute] = []
            if !names.isEmpty {
                let extensions = try Certificate.Extensions([.init(SubjectAlternativeNames(names), critical: subject.isEmpty)])
                attributes.append(try .init(ExtensionRequest(extensions: extensions)))
            }
            let request = try CertificateSigningRequest(
                version: .v1, subject: subject, privateKey: key.signer, attributes: .init(attributes),
                signatureAlgorithm: key.signatureAlgorithm)
            var writer = DER.Serializer()
            try writer.serialize(request)
            let der = writer.serializedBytes
            return [
                "cert_request_pem": .string(PEM("CERTIFICATE REQUEST", der).text), "key_algorithm": .string(key.algorithm),
                "id": .string(sha1(of: der)),
            ]
        } catch {
            throw ProviderFailure(
                .other, summary: "Error creating certificate request", detail: "The request could not be encoded and signed: \(error).")
        }
    }
}

/// `tls_self_signed_cert`.
struct TLSSelfSignedCertificate: CertificateType {
    let schema = ResourceSchema(
        type: ResourceType("tls_self_signed_cert"),
        block: BlockSchema(
            attributes: CertificateTerms.schema + AlternativeNames.schema + [
                .secretArgument("private_key_pem", "The private key in PEM that it is about, and signed with."),
                .defaulted("set_authority_key_id", .bool, "Whether it names the key that signed it; false where not set."),
                .computed("key_algorithm", .string, "The key's algorithm."),
            ], blocks: [SubjectBlock.schema], description: "A certificate signed with its own key."))

    var defaults: [String: Value] { CertificateTerms.defaults.merging(["set_authority_key_id": .false]) { $1 } }

    func validate(_ configuration: Value) -> [Diagnostic] {
        CertificateTerms.faults(configuration) + AlternativeNames.faults(configuration)
    }

    func issue(_ arguments: Value) throws(ProviderFailure) -> [String: Value] {
        let key = try key(arguments, "private_key_pem", "Failed to parse private key PEM")
        let subject = CertificateTerms.Subject(
            name: try subjectName(arguments), key: key.signer.publicKey, alternativeNames: try AlternativeNames.names(in: arguments))
        let values = try CertificateTerms.values(
            arguments, subject: subject, signedBy: key, issuer: nil, namesAuthority: arguments.bool("set_authority_key_id") ?? false)
        return values.merging(["key_algorithm": .string(key.algorithm)]) { $1 }
    }
}

/// `tls_locally_signed_cert`.
struct TLSLocallySignedCertificate: CertificateType {
    let schema = ResourceSchema(
        type: ResourceType("tls_locally_signed_cert"),
        block: BlockSchema(
            attributes: CertificateTerms.schema + [
                .argument("cert_request_pem", .string, isRequired: true, "The request in PEM."),
                .argument("ca_cert_pem", .string, isRequired: true, "The authority's certificate in PEM."),
                .secretArgument("ca_private_key_pem", "The authority's private key in PEM."),
                .computed("ca_key_algorithm", .string, "The algorithm of the authority's key."),
            ], description: "A certificate signed by an authority whose key is at hand."))

    func validate(_ configuration: Value) -> [Diagnostic] { CertificateTerms.faults(configuration) }

    func issue(_ arguments: Value) throws(ProviderFailure) -> [String: Value] {
        let request = try parsed(
            CertificateSigningRequest.self, arguments, "cert_request_pem", ["CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST"],
            "Failed to parse certificate request PEM")
        let key = try key(arguments, "ca_private_key_pem", "Failed to parse CA private key PEM")
        let authority = try parsed(Certificate.self, arguments, "ca_cert_pem", ["CERTIFICATE"], "Failed to parse CA certificate PEM")
        guard authority.publicKey == key.signer.publicKey else {
            throw ProviderFailure(
                .invalidConfiguration, summary: "Failed to create certificate",
                detail: "The authority's private key is not the one that its certificate is about.", path: .attribute("ca_private_key_pem"))
        }
        let names: [GeneralName]
        let keyID: [UInt8]?
        do {
            let wanted = try request.attributes.extensionRequest?.extensions.subjectAlternativeNames
            names = (wanted.map(Array.init) ?? []).filter { name in
                switch name {
                case .dnsName, .ipAddress, .uniformResourceIdentifier: true
                default: false
                }
            }
            keyID = try authority.extensions.subjectKeyIdentifier.map { Array($0.keyIdentifier) }
        } catch {
            throw ProviderFailure(
                .invalidConfiguration, summary: "Failed to create certificate",
                detail: "The request or the authority's certificate holds an extension that cannot be read: \(error).")
        }
        let values = try CertificateTerms.values(
            arguments, subject: .init(name: request.subject, key: request.publicKey, alternativeNames: names), signedBy: key,
            issuer: .init(name: authority.subject, key: key, keyID: keyID), namesAuthority: keyID != nil)
        return values.merging(["ca_key_algorithm": .string(key.algorithm)]) { $1 }
    }

    private func parsed<Structure: DERParseable>(
        _ structure: Structure.Type, _ arguments: Value, _ name: String, _ labels: [String], _ summary: String
    ) throws(ProviderFailure) -> Structure {
        guard let block = PEM.blocks(arguments.string(name) ?? "").first else {
            throw ProviderFailure(
                .invalidConfiguration, summary: summary, detail: "There is no PEM block \"\(labels[0])\" in \(name).",
                path: .attribute(name))
        }
        guard labels.contains(block.label) else {
            throw ProviderFailure(
                .invalidConfiguration, summary: summary, detail: "invalid PEM type - expected \"\(labels[0])\", got \"\(block.label)\"",
                path: .attribute(name))
        }
        do {
            return try Structure(derEncoded: block.bytes)
        } catch {
            throw ProviderFailure(
                .invalidConfiguration, summary: summary, detail: "The block \"\(block.label)\" cannot be read: \(error).",
                path: .attribute(name))
        }
    }
}
