import CurlTransport
import Foundation
import Testing
import Transport

/// HTTP/2, against nginx where this machine has it: Python's library speaks only HTTP/1.
@Suite struct HTTP2Tests {
    static let nginx = ["/usr/sbin/nginx", "/usr/bin/nginx"].first { FileManager.default.isExecutableFile(atPath: $0) }

    @Test(.enabled(if: nginx != nil, "nginx is not installed"))
    func manyRequestsShareOneConnection() async throws {
        let certificates = try Certificates()
        let folder = certificates.folder.path
        let configuration = """
            daemon off; master_process off; pid \(folder)/nginx.pid; error_log /dev/null;
            events { worker_connections 256; }
            http {
              access_log off;
              client_body_temp_path \(folder)/a; proxy_temp_path \(folder)/b; fastcgi_temp_path \(folder)/c;
              uwsgi_temp_path \(folder)/d; scgi_temp_path \(folder)/e;
              server {
                listen unix:\(folder)/nginx.sock ssl http2;
                ssl_certificate \(certificates.server.certificate); ssl_certificate_key \(certificates.server.key);
                location / { return 200 "$server_protocol $connection $request_method"; }
              }
            }
            """
        try configuration.write(toFile: "\(folder)/nginx.conf", atomically: true, encoding: .utf8)
        let child = try Child([try #require(Self.nginx), "-c", "\(folder)/nginx.conf", "-p", folder])
        defer { child.end() }
        let options = HTTPRequest.Options.quick {
            $0.tls.certificateAuthorities = certificates.authority
            $0.unixSocketPath = "\(folder)/nginx.sock"
            $0.connectionsPerEndpoint = 32
            $0.retry.attempts = 8
        }
        let transport = CurlHTTPTransport()
        var seen: Set<String> = []
        try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<200 {
                group.addTask { try await transport.send(HTTPRequest(url: "https://localhost/", options: options)).text }
            }
            for try await text in group { seen.insert(text) }
        }
        // All on one connection, with the same number.
        #expect(seen.count == 1, "\(seen)")
        #expect(seen.first?.hasPrefix("HTTP/2.0 ") == true)
        let post = try await transport.send(
            HTTPRequest(method: "POST", url: "https://localhost/x", body: Array("{}".utf8), options: options))
        #expect(post.text.hasSuffix(" POST"))
        _ = certificates
    }
}
