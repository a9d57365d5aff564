import Addresses
import BuiltinProviders
import CurlTransport
import Diagnostics
import Foundation
import ProviderKit
import Testing
public import Values

extension Value: ExpressibleByStringLiteral {
    public init(stringLiteral value: String) { self = .string(value) }
    public init(unicodeScalarLiteral value: String) { self = .string(value) }
    public init(extendedGraphemeClusterLiteral value: String) { self = .string(value) }
}

extension BuiltinProvider {
    static let everyOne = all(http: { transport }, rendering: { (text, _) throws(ProviderFailure) in text })
    static let transport = CurlHTTPTransport()

    static func named(_ name: String) throws -> BuiltinProvider {
        try #require(everyOne[name])
    }
}

/// Keys and certificates as OpenSSL and OpenSSH see them.
struct TLSTests {
    private func lifecycle(_ type: String) throws -> Lifecycle { Lifecycle(try .named("tls"), type) }

    private func key(_ algorithm: String = "ECDSA", curve: String = "P256", bits: Int = 2048) async throws -> Value {
        try await lifecycle("tls_private_key").create([
            "algorithm": .string(algorithm), "ecdsa_curve": .string(curve), "rsa_bits": .int(bits),
        ]).attributes
    }

    private func text(_ value: Value, _ name: String) throws -> String { try #require(value[name]?.stringValue) }

    /// For one run: another key each time it is opened, refused as the resource is, and with nothing to know it by.
    @Test func ephemeralKeys() async throws {
        let provider = try BuiltinProvider.named("tls")
        let type = ResourceType("tls_private_key")
        let schema = try #require(provider.schema.ephemerals[type])
        #expect(schema.block.attribute("id") == nil)
        #expect(schema.block.attribute("private_key_pem")?.isSensitive == true)
        let address = ResourceAddress(module: .root, resource: ResourceName(.ephemeral, type: type, name: "k")).instance(.none)
        var publicKeys: Set<String> = []
        for _ in 0..<2 {
            let configuration = Lifecycle.object(schema.block, ["algorithm": "ECDSA", "ecdsa_curve": "P256"])
            #expect(provider.validate(configuration, of: type, mode: .ephemeral).isEmpty)
            let opened = try await provider.open(EphemeralRequest(address: address, configuration: configuration)).result
            #expect(opened.isWhollyKnown && opened["rsa_bits"] == .int(2048))
            #expect(try run("openssl", "pkey", "-pubout", input: text(opened, "private_key_pem")) == (try text(opened, "public_key_pem")))
            publicKeys.insert(try text(opened, "public_key_openssh"))
        }
        #expect(publicKeys.count == 2)
        let wrong = Lifecycle.object(schema.block, ["algorithm": "DSA"])
        #expect(!provider.validate(wrong, of: type, mode: .ephemeral).isEmpty)
    }

    @Test(arguments: [
        ("RSA", "P256", 2048), ("RSA", "P256", 1024), ("ECDSA", "P256", 2048), ("ECDSA", "P384", 2048), ("ECDSA", "P521", 2048),
        ("ED25519", "P256", 2048),
    ])
    func keysAreThoseOfOpenSSLAndOpenSSH(algorithm: String, curve: String, bits: Int) async throws {
        let key = try await key(algorithm, curve: curve, bits: bits)
        let scratch = try Scratch()
        let publicPEM = try text(key, "public_key_pem")
        for form in ["private_key_pem", "private_key_pem_pkcs8"] {
            #expect(try run("openssl", "pkey", "-pubout", input: text(key, form)) == publicPEM, "\(form)")
            try run("openssl", "pkey", "-check", "-noout", input: text(key, form))
        }
        let head = ["RSA": "-----BEGIN RSA PRIVATE KEY-----", "ECDSA": "-----BEGIN EC PRIVATE KEY-----"]
        #expect(try text(key, "private_key_pem").hasPrefix(head[algorithm] ?? "-----BEGIN PRIVATE KEY-----"))
        let file = try scratch.write("id", text(key, "private_key_openssh"), mode: 0o600)
        let line = try text(key, "public_key_openssh")
        #expect(try run("ssh-keygen", "-y", "-f", file).hasPrefix(line.dropLast()))
        #expect(try run("ssh-keygen", "-l", "-E", "sha256", "-f", file).contains(text(key, "public_key_fingerprint_sha256") + " "))
        #expect(try run("ssh-keygen", "-l", "-E", "md5", "-f", file).contains("MD5:" + text(key, "public_key_fingerprint_md5") + " "))
        // The public half of each form is the same, whoever wrote the form.
        let data = try lifecycle("tls_public_key")
        let form = algorithm == "ED25519" ? "-text_pub" : "-traditional"
        let sec1 = try run("openssl", "pkey", form, input: text(key, "private_key_pem"))
        for arguments: [String: Value] in [
            ["private_key_pem": .string(try text(key, "private_key_pem"))], ["private_key_pem": .string(sec1)],
            ["private_key_pem": .string(try text(key, "private_key_pem_pkcs8"))],
            ["private_key_openssh": .string(try text(key, "private_key_openssh"))],
        ] where bits >= 2048 || arguments["private_key_openssh"] == nil {
            let read = try await data.data(arguments)
            #expect(read["public_key_pem"] == key["public_key_pem"] && read["public_key_openssh"] == key["public_key_openssh"])
            #expect(read["algorithm"] == .string(algorithm) && read["id"] == key["id"])
        }
    }

    @Test func anOpenSSHKeyOfOpenSSHIsRead() async throws {
        let scratch = try Scratch()
        for kind in ["rsa", "ecdsa", "ed25519"] {
            try run("ssh-keygen", "-q", "-t", kind, "-N", "", "-C", "", "-f", "\(scratch.path)/\(kind)")
            let secret = try String(contentsOfFile: "\(scratch.path)/\(kind)", encoding: .utf8)
            let line = try String(contentsOfFile: "\(scratch.path)/\(kind).pub", encoding: .utf8)
            let data = try await lifecycle("tls_public_key").data(["private_key_openssh": .string(secret)])
            #expect(
                try text(data, "public_key_openssh").split(separator: " ")[1].dropLast()
                    == line.split(separator: " ")[1].prefix { $0 != "\n" })
        }
        try run("ssh-keygen", "-q", "-t", "ed25519", "-N", "secret", "-f", "\(scratch.path)/locked")
        let locked = try String(contentsOfFile: "\(scratch.path)/locked", encoding: .utf8)
        let failure = await #expect(throws: ProviderFailure.self) {
            try await self.lifecycle("tls_public_key").data(["private_key_openssh": .string(locked)])
        }
        #expect(failure?.summary == "Unable to parse private key" && failure?.detail.contains("encrypted") == true)
    }

    @Test func secretsAreMarkedInTheSchema() throws {
        let schema = try BuiltinProvider.named("tls").schema
        for (type, names) in [
            "tls_private_key": ["private_key_pem", "private_key_openssh", "private_key_pem_pkcs8"], "tls_cert_request": ["private_key_pem"],
            "tls_self_signed_cert": ["private_key_pem"], "tls_locally_signed_cert": ["ca_private_key_pem"],
        ] {
            let block = try #require(schema.resources.first { $0.key.rawValue == type }?.value.block)
            #expect(block.attributes.filter(\.isSensitive).map(\.name).sorted() == names.sorted(), "\(type)")
        }
    }

    // MARK: Certificates

    private func uses(_ names: String...) -> Value { .list(names.map { Value.string($0) }, of: .string) }

    private func authority(_ key: Value) async throws -> RemoteObject {
        let type = try lifecycle("tls_self_signed_cert")
        return try await type.create([
            "private_key_pem": try #require(key["private_key_pem"]), "validity_period_hours": .int(24), "is_ca_certificate": .true,
            "max_path_length": .int(1), "set_authority_key_id": .true, "allowed_uses": uses("cert_signing", "crl_signing"),
            "subject": try type.block(
                "subject",
                [
                    "common_name": .string("Test Authority"), "organization": .string("Müller & Co"), "country": .string("DE"),
                    "street_address": .list([.string("A 1"), .string("B 2")], of: .string), "email_address": .string("a@example.com"),
                ]),
        ])
    }

    @Test(arguments: ["RSA", "ECDSA", "ED25519"])
    func aChainIsBelieved(algorithm: String) async throws {
        let scratch = try Scratch()
        let authorityKey = try await key(algorithm)
        let authority = try await authority(authorityKey).attributes
        let own = try await key("ECDSA", curve: "P384")
        let requests = try lifecycle("tls_cert_request")
        let request = try await requests.create([
            "private_key_pem": try #require(own["private_key_pem"]), "dns_names": uses("example.test", "*.example.test"),
            "ip_addresses": uses("127.0.0.1", "2001:db8::1"), "uris": uses("spiffe://example.test/a"),
            "subject": try requests.block("subject", ["common_name": .string("example.test")]),
        ]).attributes
        #expect(request["key_algorithm"] == "ECDSA")
        let said = try run("openssl", "req", "-noout", "-text", "-verify", input: text(request, "cert_request_pem"))
        #expect(
            said.contains(
                "DNS:example.test, DNS:*.example.test, IP Address:127.0.0.1, IP Address:2001:DB8:0:0:0:0:0:1, URI:spiffe://example.test/a"))
        let leaf = try await lifecycle("tls_locally_signed_cert").create([
            "cert_request_pem": try #require(request["cert_request_pem"]), "ca_cert_pem": try #require(authority["cert_pem"]),
            "ca_private_key_pem": try #require(authorityKey["private_key_pem"]), "validity_period_hours": .int(12),
            "allowed_uses": uses("digital_signature", "key_encipherment", "server_auth", "client_auth"), "set_subject_key_id": .true,
        ]).attributes
        #expect(leaf["ca_key_algorithm"] == .string(algorithm))
        let root = try scratch.write("ca.pem", text(authority, "cert_pem"))
        let file = try scratch.write("leaf.pem", text(leaf, "cert_pem"))
        try run("openssl", "verify", "-x509_strict", "-purpose", "sslserver", "-verify_hostname", "www.example.test", "-CAfile", root, file)
        try run("openssl", "verify", "-purpose", "sslclient", "-verify_ip", "127.0.0.1", "-CAfile", root, file)
        let shown = try run("openssl", "x509", "-noout", "-text", "-in", file)
        for part in [
            "X509v3 Key Usage: critical\n                Digital Signature, Key Encipherment\n",
            "TLS Web Server Authentication, TLS Web Client Authentication", "X509v3 Basic Constraints: critical\n                CA:FALSE",
            "X509v3 Subject Key Identifier", "X509v3 Authority Key Identifier",
        ] { #expect(shown.contains(part), "\(part)") }
        let top = try run("openssl", "x509", "-noout", "-text", "-nameopt", "RFC2253,-esc_msb,utf8", "-in", root)
        #expect(top.contains("CA:TRUE, pathlen:1"))
        #expect(top.contains("Subject: emailAddress=a@example.com,CN=Test Authority,street=B 2+street=A 1,O=Müller & Co,C=DE"), "\(top)")
        let serial = try run("openssl", "x509", "-noout", "-serial", "-in", file).dropFirst("serial=".count).dropLast()
        #expect(try run("python3", "-c", "print(int('\(serial)', 16), end='')") == text(leaf, "id"))
    }

    @Test func aCertificateWhoseTimeHasComeIsMadeAnew() async throws {
        let type = try lifecycle("tls_self_signed_cert")
        let key = try await key()
        func arguments(early: Int) throws -> [String: Value] {
            [
                "private_key_pem": try #require(key["private_key_pem"]), "validity_period_hours": .int(2),
                "early_renewal_hours": .int(early),
                "allowed_uses": uses("server_auth"), "dns_names": uses("a.test"),
            ]
        }
        let object = try await type.create(arguments(early: 1))
        #expect(object.attributes["ready_for_renewal"] == .false)
        let same = try await type.propose(arguments(early: 1), from: object)
        #expect(same.replaces.isEmpty && same.planned == object.attributes)
        // More hours, less than all: changed in place.
        let always = try await type.propose(arguments(early: 2), from: object)
        #expect(always.replaces.map(\.description) == ["ready_for_renewal"])
        #expect(always.planned?["cert_pem"]?.isUnknown == true && always.planned?["ready_for_renewal"] == .true)
        let less = try await type.propose(arguments(early: 0), from: object)
        #expect(less.replaces.isEmpty && less.planned?["cert_pem"] == object.attributes["cert_pem"])
        // Over: what is read says so, and the next plan makes it anew.
        let over = try await type.create(
            arguments(early: 1).merging(["validity_period_hours": .int(0), "early_renewal_hours": .int(0)]) { $1 })
        guard case .found(let read) = try await type.read(over) else { throw Lifecycle.Unexpected() }
        #expect(read.attributes["ready_for_renewal"] == .true)
    }

    @Test func anAuthoritysKeyMustBeItsOwn() async throws {
        let authorityKey = try await key()
        let other = try await key()
        let authority = try await authority(authorityKey).attributes
        let request = try await lifecycle("tls_cert_request").create(["private_key_pem": try #require(other["private_key_pem"])]).attributes
        let type = try lifecycle("tls_locally_signed_cert")
        for (replaced, summary) in [
            (["ca_private_key_pem": try #require(other["private_key_pem"])], "Failed to create certificate"),
            (["ca_private_key_pem": Value.string("x")], "Failed to parse CA private key PEM"),
            (["ca_cert_pem": Value.string("x")], "Failed to parse CA certificate PEM"),
            (["cert_request_pem": try #require(authority["cert_pem"])], "Failed to parse certificate request PEM"),
        ] {
            let proposal = try await type.propose(
                [
                    "cert_request_pem": try #require(request["cert_request_pem"]), "ca_cert_pem": try #require(authority["cert_pem"]),
                    "ca_private_key_pem": try #require(authorityKey["private_key_pem"]), "validity_period_hours": .int(1),
                    "allowed_uses": uses("server_auth"),
                ].merging(replaced) { $1 })
            guard case .failed(let failure, object: nil) = try await type.apply(.create, proposal) else { throw Lifecycle.Unexpected() }
            #expect(failure.summary == summary)
            #expect(!failure.detail.contains("PRIVATE KEY-----"))
        }
    }

    @Test(
        arguments: [
            ("tls_private_key", ["algorithm": "DSA"], "Invalid Attribute Value Match"),
            ("tls_private_key", ["algorithm": "ECDSA"], "Unsupported elliptic curve"),
            ("tls_private_key", ["algorithm": "ECDSA", "ecdsa_curve": "P255"], "Invalid Attribute Value Match"),
            ("tls_private_key", ["algorithm": "RSA", "rsa_bits": .int(512)], "Invalid Attribute Value"),
            ("tls_cert_request", ["ip_addresses": .list([.string("1.2.3")], of: .string)], "Invalid IP address"),
            ("tls_self_signed_cert", ["allowed_uses": .list([.string("server")], of: .string)], "Invalid Attribute Value Match"),
            ("tls_self_signed_cert", ["validity_period_hours": .int(-1)], "Invalid Attribute Value"),
            ("tls_locally_signed_cert", ["early_renewal_hours": .int(-1)], "Invalid Attribute Value"),
        ] as [(String, [String: Value], String)])
    func faultsAreFoundBeforehand(type: String, arguments: [String: Value], summary: String) throws {
        #expect(try lifecycle(type).validate(arguments).map(\.summary) == [summary])
    }

    // MARK: Servers

    @Test func aServersCertificatesAreSeen() async throws {
        let scratch = try Scratch()
        let authorityKey = try await key()
        let authority = try await authority(authorityKey).attributes
        let own = try await key("RSA")
        let type = try lifecycle("tls_cert_request")
        let request = try await type.create([
            "private_key_pem": try #require(own["private_key_pem"]), "ip_addresses": uses("127.0.0.1"),
            "subject": try type.block("subject", ["common_name": .string("leaf")]),
        ]).attributes
        let leaf = try await lifecycle("tls_locally_signed_cert").create([
            "cert_request_pem": try #require(request["cert_request_pem"]), "ca_cert_pem": try #require(authority["cert_pem"]),
            "ca_private_key_pem": try #require(authorityKey["private_key_pem"]), "validity_period_hours": .int(12),
            "allowed_uses": uses("server_auth"),
        ]).attributes
        let chain = try scratch.write("chain.pem", text(leaf, "cert_pem") + text(authority, "cert_pem"))
        let secret = try scratch.write("key.pem", text(own, "private_key_pem"))
        let server = try PythonServer(
            """
            import http.server, ssl, sys
            s = http.server.ThreadingHTTPServer(("127.0.0.1", 0), http.server.SimpleHTTPRequestHandler)
            c = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER); c.load_cert_chain(sys.argv[1], sys.argv[2])
            s.socket = c.wrap_socket(s.socket, server_side=True)
            print(s.server_port); s.serve_forever()
            """, chain, secret)
        let data = try lifecycle("tls_certificate")
        for scheme in ["https", "tls"] {
            let url = Value.string("\(scheme)://127.0.0.1:\(server.port)")
            let seen = try await data.data(["url": url, "verify_chain": .false])
            let certificates = try #require(seen["certificates"]?.elements)
            #expect(certificates.count == 2)
            let last = try #require(certificates.last)
            #expect(last["cert_pem"] == leaf["cert_pem"] && last["serial_number"] == leaf["id"])
            #expect(
                last["issuer"]
                    == "1.2.840.113549.1.9.1=#160d61406578616d706c652e636f6d,CN=Test Authority,STREET=A 1+STREET=B 2,O=Müller & Co,C=DE")
            #expect(last["subject"] == "CN=leaf" && last["is_ca"] == .false && last["version"] == .int(3))
            #expect(last["signature_algorithm"] == "ECDSA-SHA256" && last["public_key_algorithm"] == "RSA")
            #expect(last["not_after"] == leaf["validity_end_time"])
            #expect(certificates[0]["is_ca"] == .true && certificates[0]["max_path_length"] == .int(1))
            let failure = await #expect(throws: ProviderFailure.self) { try await data.data(["url": url]) }
            #expect(failure?.summary == "Failed to identify fetch peer certificates")
        }
        let read = try await data.data(["content": try #require(leaf["cert_pem"])])
        #expect(read["certificates"]?.elements?.count == 1)
        let fingerprint = try run("openssl", "x509", "-noout", "-fingerprint", "-sha1", input: text(leaf, "cert_pem"))
        let hex = fingerprint.split(separator: "=")[1].replacing(":", with: "").lowercased().prefix(40)
        #expect(read["certificates"]?.elements?.first?["sha1_fingerprint"] == .string(String(hex)))
        #expect(try data.dataFaults([:]).map(\.summary) == ["Missing Attribute Configuration"])
        #expect(try data.dataFaults(["url": "http://x"]).map(\.summary) == ["Invalid URL scheme"])
        #expect(try data.dataFaults(["url": "tls://x"]).map(\.summary) == ["Invalid URL scheme"])
    }
}
