import Diagnostics
import Glibc
import ProviderKit
import SwiftASN1
import Values
import X509

/// The arguments `dns_names`, `ip_addresses` and `uris`.
enum AlternativeNames {
    static let schema: [AttributeSchema] = [
        .argument("dns_names", .list(.string), "Host names that it is for."),
        .argument("ip_addresses", .list(.string), "IP addresses that it is for."),
        .argument("uris", .list(.string), "URIs that it is for."),
    ]

    static func faults(_ configuration: Value) -> [Diagnostic] {
        let addresses = configuration["ip_addresses"]?.unmarked.elements ?? []
        return addresses.compactMap(\.unmarked.stringValue).filter { bytes(ofAddress: $0) == nil }.map { text in
            argumentFault("ip_addresses", "Invalid IP address", "\"\(text)\" is no IP address.")
        }
    }

    static func names(in arguments: Value) throws(ProviderFailure) -> [GeneralName] {
        func texts(_ name: String) -> [String] { (arguments[name]?.elements ?? []).compactMap(\.stringValue) }
        var names = texts("dns_names").map { GeneralName.dnsName($0) }
        for text in texts("ip_addresses") {
            guard let address = bytes(ofAddress: text) else {
                throw ProviderFailure(
                    .invalidConfiguration, summary: "Invalid IP address", detail: "\"\(text)\" is no IP address.",
                    path: .attribute("ip_addresses"))
            }
            names.append(.ipAddress(ASN1OctetString(contentBytes: address[...])))
        }
        return names + texts("uris").map { .uniformResourceIdentifier($0) }
    }

    /// 4 bytes or 16; an IPv4 address in IPv6's clothes counts as the former.
    static func bytes(ofAddress text: String) -> [UInt8]? {
        var four = in_addr()
        if inet_pton(AF_INET, text, &four) == 1 { return withUnsafeBytes(of: &four) { Array($0) } }
        var six = in6_addr()
        guard inet_pton(AF_INET6, text, &six) == 1 else { return nil }
        let bytes = withUnsafeBytes(of: &six) { Array($0) }
        let mapped: [UInt8] = Array(repeating: 0, count: 10) + [0xFF, 0xFF]
        return bytes.starts(with: mapped) ? Array(bytes[12...]) : bytes
    }
}

/// The argument `allowed_uses`.
enum AllowedUses {
    static let schema = AttributeSchema.argument(
        "allowed_uses", .list(.string), isRequired: true, "What the key may be used for: \(names.joined(separator: ", ")).")

    private static let keyUsages = [
        "digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement", "cert_signing",
        "crl_signing", "encipher_only", "decipher_only",
    ]
    private static let extended: [(name: String, oid: ASN1ObjectIdentifier)] = [
        ("any_extended", [2, 5, 29, 37, 0]), ("server_auth", [1, 3, 6, 1, 5, 5, 7, 3, 1]), ("client_auth", [1, 3, 6, 1, 5, 5, 7, 3, 2]),
        ("code_signing", [1, 3, 6, 1, 5, 5, 7, 3, 3]), ("email_protection", [1, 3, 6, 1, 5, 5, 7, 3, 4]),
        ("ipsec_end_system", [1, 3, 6, 1, 5, 5, 7, 3, 5]), ("ipsec_tunnel", [1, 3, 6, 1, 5, 5, 7, 3, 6]),
        ("ipsec_user", [1, 3, 6, 1, 5, 5, 7, 3, 7]), ("timestamping", [1, 3, 6, 1, 5, 5, 7, 3, 8]),
        ("ocsp_signing", [1, 3, 6, 1, 5, 5, 7, 3, 9]), ("microsoft_server_gated_crypto", [1, 3, 6, 1, 4, 1, 311, 10, 3, 3]),
        ("netscape_server_gated_crypto", [2, 16, 840, 1, 113730, 4, 1]),
        ("microsoft_commercial_code_signing", [1, 3, 6, 1, 4, 1, 311, 2, 1, 22]),
        ("microsoft_kernel_code_signing", [1, 3, 6, 1, 4, 1, 311, 61, 1, 1]),
    ]
    private static let names = (keyUsages + extended.map(\.name)).sorted { $0.precedesByBytes($1) }

    static func faults(_ configuration: Value) -> [Diagnostic] {
        let given = configuration["allowed_uses"]?.unmarked.elements ?? []
        return given.indices.compactMap { index in
            guard let text = given[index].unmarked.stringValue, !names.contains(text) else { return nil }
            return argumentFault(
                "allowed_uses", "Invalid Attribute Value Match", matchDetail("allowed_uses[\(index)]", names, got: text),
                hints: nearestName(text, among: names).map { ["Did you mean \"\($0)\"?"] } ?? [])
        }
    }

    static func extensions(in arguments: Value) throws -> [Certificate.Extension] {
        let given = (arguments["allowed_uses"]?.elements ?? []).compactMap(\.stringValue)
        var result: [Certificate.Extension] = []
        if given.contains(where: { keyUsages.contains($0) }) {
            func has(_ name: String) -> Bool { given.contains(name) }
            let usage = KeyUsage(
                digitalSignature: has("digital_signature"), nonRepudiation: has("content_commitment"),
                keyEncipherment: has("key_encipherment"), dataEncipherment: has("data_encipherment"), keyAgreement: has("key_agreement"),
                keyCertSign: has("cert_signing"), cRLSign: has("crl_signing"), encipherOnly: has("encipher_only"),
                decipherOnly: has("decipher_only"))
            result.append(try Certificate.Extension(usage, critical: true))
        }
        var purposes: [ExtendedKeyUsage.Usage] = []
        for name in given {
            guard let oid = extended.first(where: { $0.name == name })?.oid else { continue }
            let usage = ExtendedKeyUsage.Usage(oid: oid)
            if !purposes.contains(usage) { purposes.append(usage) }
        }
        if !purposes.isEmpty { result.append(try Certificate.Extension(try ExtendedKeyUsage(purposes), critical: false)) }
        return result
    }
}
