import Crypto
import Diagnostics
import FoundationEssentials
import ProviderKit
import SwiftASN1
import Values
import X509

/// What `tls_self_signed_cert` and `tls_locally_signed_cert` have in common: for how long a certificate holds, and what for.
enum CertificateTerms {
    static let schema: [AttributeSchema] = [
        .argument("validity_period_hours", .number, isRequired: true, "For how many hours it is valid."), AllowedUses.schema,
        AttributeSchema(
            name: "early_renewal_hours", type: .number, isOptional: true, isComputed: true,
            description: "So many hours before its end it is made anew; 0 where not set."),
        .defaulted("is_ca_certificate", .bool, "Whether it may sign others; false where not set."),
        .argument("max_path_length", .number, "How many certificates of authorities may come after it in a chain."),
        .defaulted("set_subject_key_id", .bool, "Whether it holds an identifier of its key; false where not set."),
        .computed("cert_pem", .string, "The certificate in PEM."),
        .computed("ready_for_renewal", .bool, "Whether it is over, or so near its end that it is to be made anew."),
        .computed("validity_start_time", .string, "From when it is valid, in RFC 3339 form."),
        .computed("validity_end_time", .string, "Until when it is valid, in RFC 3339 form."),
        .computed("id", .string, "The serial number."),
    ]

    static let defaults: [String: Value] = [
        "early_renewal_hours": .int(0), "is_ca_certificate": .false, "set_subject_key_id": .false,
    ]

    static func faults(_ configuration: Value) -> [Diagnostic] {
        var faults = AllowedUses.faults(configuration)
        // What a date has room for is less, and is said when it is made.
        for (name, least) in [("validity_period_hours", 0), ("early_renewal_hours", 0), ("max_path_length", -1)] {
            guard let value = configuration[name]?.unmarked, !value.isNull, !value.isUnknown else { continue }
            guard let number = value.intValue else {
                faults.append(argumentFault(name, "Invalid Attribute Value", "Attribute \(name) value must be a whole number."))
                continue
            }
            if number < least {
                faults.append(
                    argumentFault(name, "Invalid Attribute Value", "Attribute \(name) value must be at least \(least), got: \(number)"))
            } else if number > 87_840_000 {
                faults.append(
                    argumentFault(name, "Invalid Attribute Value", "Attribute \(name) value must be at most 87840000, got: \(number)"))
            }
        }
        return faults
    }

    /// A certificate whose time has come is made anew; whether it has is looked at with the hours that are planned.
    static func renewing(_ proposal: Proposal, from prior: Value?, now: CivilTime) throws(ProviderFailure) -> Proposal {
        var proposal = proposal
        guard let planned = proposal.planned else { return proposal }
        let period = planned.int("validity_period_hours")
        let early = planned.int("early_renewal_hours")
        // One that is never valid long enough is ready as soon as it is made.
        let isAlways = period == 0 || (period.flatMap { period in early.map { $0 >= period } } ?? false)
        if let prior, proposal.replaces.isEmpty, try isDue(prior, early: early ?? 0, now: now) {
            proposal.replaces = [.attribute("ready_for_renewal")]
            let computed = ["cert_pem", "validity_start_time", "validity_end_time", "id"]
            proposal.planned = planned.setting(
                Dictionary(uniqueKeysWithValues: computed.map { ($0, Value.unknown(.string, .notNull)) })
            )
        }
        proposal.planned = proposal.planned?.setting(["ready_for_renewal": .bool(isAlways)])
        return proposal
    }

    static func isDue(_ object: Value, early: Int, now: CivilTime) throws(ProviderFailure) -> Bool {
        guard let end = try givenMoment(object, "validity_end_time") else { return false }
        return end.unix - early * 3600 <= now.unix
    }

    // MARK: Making one

    struct Issuer {
        var name: DistinguishedName
        var key: SigningKey
        /// Identifier of its key, if it has one.
        var keyID: [UInt8]?
    }

    struct Subject {
        var name: DistinguishedName
        var key: Certificate.PublicKey
        var alternativeNames: [GeneralName]
    }

    /// - Parameters:
    ///   - issuer: nil signs it with the subject's own key.
    ///   - authorityKeyID: whether it is to name the issuer's key.
    static func values(
        _ arguments: Value, subject: Subject, signedBy own: SigningKey, issuer: Issuer?, namesAuthority: Bool
    ) throws(ProviderFailure) -> [String: Value] {
        let isAuthority = arguments.bool("is_ca_certificate") ?? false
        if isAuthority, subject.name.isEmpty {
            throw ProviderFailure(
                .invalidConfiguration, summary: "Invalid Certificate Subject",
                detail: "Must contain at least one Distinguished Name when creating Certificate Authority (CA)")
        }
        let keyID = isAuthority || arguments.bool("set_subject_key_id") == true ? identifier(of: subject.key) : nil
        let authority = issuer == nil ? keyID : issuer?.keyID
        if namesAuthority, authority == nil {
            throw ProviderFailure(
                .invalidConfiguration, summary: "Invalid Certificate Authority", detail: "Could not determine Authority Key Identifier",
                hints: ["Set set_subject_key_id = true, too."])
        }
        let start = CivilTime.now()
        guard let end = start.adding(arguments.int("validity_period_hours") ?? 0, .hours) else {
            throw ProviderFailure(
                .invalidConfiguration, summary: "Failed to create certificate", detail: "It would be valid beyond the year 9999.")
        }
        var serial = randomBytes(16)
        // A serial number is positive, and not zero.
        serial[0] = serial[0] & 0x7F | 1
        let certificate: Certificate
        do {
            var extensions = try AllowedUses.extensions(in: arguments)
            let length = arguments.int("max_path_length").flatMap { $0 >= 0 ? $0 : nil }
            let constraints: BasicConstraints = isAuthority ? .isCertificateAuthority(maxPathLength: length) : .notCertificateAuthority
            extensions.append(try Certificate.Extension(constraints, critical: true))
            if let keyID { extensions.append(try .init(SubjectKeyIdentifier(keyIdentifier: keyID[...]), critical: false)) }
            if namesAuthority, let authority {
                extensions.append(try .init(AuthorityKeyIdentifier(keyIdentifier: authority[...]), critical: false))
            }
            if !subject.alternativeNames.isEmpty {
                extensions.append(try .init(SubjectAlternativeNames(subject.alternativeNames), critical: subject.name.isEmpty))
            }
            certificate = try Certificate(
                version: .v3, serialNumber: .init(bytes: serial), publicKey: subject.key,
                notValidBefore: Date(timeIntervalSince1970: Double(start.unix)),
                notValidAfter: Date(timeIntervalSince1970: Double(end.unix)), issuer: issuer?.name ?? subject.name, subject: subject.name,
                signatureAlgorithm: own.signatureAlgorithm, extensions: try Certificate.Extensions(extensions),
                issuerPrivateKey: own.signer)
            var writer = DER.Serializer()
            try writer.serialize(certificate)
            return [
                "cert_pem": .string(PEM("CERTIFICATE", writer.serializedBytes).text), "id": .string(decimal(serial)),
                "validity_start_time": .string(start.text), "validity_end_time": .string(end.text),
            ]
        } catch {
            throw ProviderFailure(
                .other, summary: "Failed to create certificate", detail: "The certificate could not be encoded and signed: \(error).")
        }
    }

    /// By the first method of RFC 5280: the SHA-1 of the key's bits.
    static func identifier(of key: Certificate.PublicKey) -> [UInt8] {
        Array(Insecure.SHA1.hash(data: Array(key.subjectPublicKeyInfoBytes)))
    }
}
