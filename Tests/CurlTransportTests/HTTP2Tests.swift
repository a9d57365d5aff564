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
        // nginx ends a connection after a thousand requests, with others under way: none fails. What must not be repeated goes by
        // HTTP/1.1, where libcurl does not repeat it.
        for (method, isSafe, version) in [("GET", false, "2.0"), ("POST", true, "2.0"), ("POST", false, "1.1")] {
            var options = options
            options.retry.isSafeToRepeat = isSafe
            let request = HTTPRequest(
                method: method, url: "https://localhost/x", body: method == "POST" ? Array("{}".utf8) : nil, options: options)
            try await withThrowingTaskGroup(of: HTTPResponse.self) { group in
                for _ in 0..<2500 { group.addTask { try await transport.send(request) } }
                for try await response in group {
                    #expect(response.text.hasPrefix("HTTP/\(version) ") && response.text.hasSuffix(" \(method)"))
                    if !isSafe, method == "POST" { #expect(response.attempts == 1) }
                }
            }
        }
        _ = certificates
    }
}
