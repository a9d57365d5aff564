import CurlTransport
import Foundation
import Testing
import Transport

/// Who is at the other end is always proven.
@Suite struct TLSTests {
    let transport = CurlHTTPTransport()
    let certificates: Certificates

    init() throws {
        certificates = try Certificates()
    }

    private func server(_ pair: Certificates.Pair) throws -> TestServer {
        try TestServer("--cert", pair.certificate, "--key", pair.key)
    }

    private func trusting(_ change: (inout HTTPRequest.TLS) throws -> Void = { _ in }) rethrows -> HTTPRequest.Options {
        var options = HTTPRequest.Options.quick
        options.tls.certificateAuthorities = certificates.authority
        try change(&options.tls)
        return options
    }

    @Test func aTrustedServerByNameAndAddress() async throws {
        let server = try server(certificates.server)
        for host in ["localhost", "127.0.0.1"] {
            let response = try await transport.send(HTTPRequest(url: server.url("/echo", host: host), options: trusting()))
            #expect(response.status == 200)
        }
        // Kept alive, one connection each.
        for _ in 0..<10 { _ = try await transport.send(HTTPRequest(url: server.url("/echo"), options: trusting())) }
        #expect(try await server.stats(transport, trusting()).connections == 2)
    }

    @Test func anUntrustedServer() async throws {
        let server = try server(certificates.server)
        // First trusted, so that a connection that could be reused exists.
        _ = try await transport.send(HTTPRequest(url: server.url("/echo"), options: trusting()))
        let error = try await failure { try await transport.send(HTTPRequest(method: "POST", url: server.url("/echo"), options: .quick)) }
        #expect(error.code == .tls)
        #expect(error.hadNoEffect)
        #expect(error.message.contains("is not trusted"))
        #expect(error.hints.first?.contains("PEM") == true)
        #expect(try await server.stats(transport, trusting()).count("/echo") == 1)
    }

    @Test func aSelfSignedCertificateCanBeTrustedItself() async throws {
        let pair = try certificates.selfSigned("lonely")
        let server = try server(pair)
        let text = try pair.certificateText
        let response = try await transport.send(
            HTTPRequest(url: server.url("/echo"), options: .quick { $0.tls.certificateAuthorities = text }))
        #expect(response.status == 200)
        #expect(try await failure { try await transport.send(HTTPRequest(url: server.url("/echo"), options: trusting())) }.code == .tls)
    }

    @Test func anExpiredCertificate() async throws {
        let server = try server(certificates.pair("expired", names: "IP:127.0.0.1", days: -1))
        let error = try await failure { try await transport.send(HTTPRequest(url: server.url("/echo"), options: trusting())) }
        #expect(error.code == .tls)
        #expect(error.message.contains("is not valid now"), "\(error.message)")
    }

    @Test func aCertificateForAnotherName() async throws {
        let server = try server(certificates.pair("other", names: "DNS:other.example,IP:127.0.0.2"))
        for host in ["localhost", "127.0.0.1"] {
            let error = try await failure {
                try await transport.send(HTTPRequest(url: server.url("/echo", host: host), options: trusting()))
            }
            #expect(error.code == .tls)
            #expect(error.message.contains("is for another name"), "\(error.message)")
        }
    }

    @Test func aPinnedKeyIsCheckedInAddition() async throws {
        let server = try server(certificates.server)
        let pin = try certificates.pin(certificates.server)
        let response = try await transport.send(HTTPRequest(url: server.url("/echo"), options: trusting { $0.pinnedPublicKey = pin }))
        #expect(response.status == 200)
        let wrong = try certificates.pin(certificates.pair("another", names: "IP:127.0.0.1"))
        let error = try await failure {
            try await transport.send(HTTPRequest(url: server.url("/echo"), options: trusting { $0.pinnedPublicKey = wrong }))
        }
        #expect(error.code == .tls)
        #expect(error.message.contains("another public key than the pinned one"))
        // The right key does not make up for a missing authority.
        let untrusted = try await failure {
            try await transport.send(HTTPRequest(url: server.url("/echo"), options: .quick { $0.tls.pinnedPublicKey = pin }))
        }
        #expect(untrusted.code == .tls)
    }

    @Test func clientCertificates() async throws {
        let client = try certificates.pair("client", names: "DNS:client")
        let stranger = try certificates.selfSigned("stranger")
        let server = try TestServer(
            "--cert", certificates.server.certificate, "--key", certificates.server.key, "--client-ca", certificates.authorityPath)
        let known = try trusting {
            $0.clientCertificate = try client.certificateText
            $0.clientKey = try client.keyText
        }
        #expect(try await transport.send(HTTPRequest(url: server.url("/echo"), options: known)).status == 200)
        // Neither without one, though a connection with one is open, nor with one that is not trusted.
        let unknown = try trusting {
            $0.clientCertificate = try stranger.certificateText
            $0.clientKey = try stranger.keyText
        }
        for options in try [trusting(), unknown] {
            let error = try await failure {
                try await CurlHTTPTransport().send(HTTPRequest(method: "POST", url: server.url("/echo"), options: options))
            }
            // With TLS 1.3 the refusal races with the request. When the request wins, no word of the refusal is left to read.
            switch error.code {
            case .tls:
                #expect(error.hadNoEffect)
                #expect(error.message.contains("wants a client certificate"), "\(error.message)")
            case .connection:
                #expect(error.hints.contains { $0.contains("client's certificate") }, "\(error)")
            default:
                Issue.record("\(error)")
            }
        }
        // Nor does a connection that was opened with one serve those without.
        _ = try await failure { try await transport.send(HTTPRequest(method: "POST", url: server.url("/echo"), options: trusting())) }
        let mismatched = try trusting {
            $0.clientCertificate = try client.certificateText
            $0.clientKey = try stranger.keyText
        }
        let error = try await failure {
            try await CurlHTTPTransport().send(HTTPRequest(url: server.url("/echo"), options: mismatched))
        }
        #expect(error.code == .tls)
        #expect(error.message.contains("could not be used"), "\(error.message)")
        #expect(try await server.stats(transport, known).count("/echo") == 1)
    }

    @Test func textThatIsNoCertificate() async throws {
        let server = try server(certificates.server)
        let error = try await failure {
            try await transport.send(HTTPRequest(url: server.url("/"), options: .quick { $0.tls.certificateAuthorities = "nonsense" }))
        }
        #expect(error.code == .tls)
        #expect(error.message.contains("the certificates to trust could not be read"), "\(error.message)")
    }

    @Test func aPortThatDoesNotSpeakTLS() async throws {
        let plain = try TestServer.shared()
        var options = try trusting()
        options.connectTimeout = 0.5
        options.retry.attempts = 1
        let error = try await failure {
            try await transport.send(HTTPRequest(url: "https://127.0.0.1:\(plain.port)/", options: options))
        }
        // It answers nonsense, or waits for the rest of what it takes for a line.
        #expect([.tls, .connection, .timeout].contains(error.code), "\(error)")
        #expect(error.hadNoEffect)
    }
}
