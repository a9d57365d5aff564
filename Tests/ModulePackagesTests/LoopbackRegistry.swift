import CurlTransport
import Foundation
import ModulePackages
import TestSupport

/// A web server on loopback with a certificate of an authority of its own, which answers what a test has told it to.
final class LoopbackRegistry: Sendable {
    let folder: URL
    let port: Int
    let authority: String
    private let child: Child

    struct NotStarted: Error {}

    init() async throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "ashlar-registry-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let path = folder.path
        for command in [
            "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30 -subj '/CN=test authority' -addext keyUsage=critical,keyCertSign -keyout ca.key -out ca.crt",
            "openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=server -keyout server.key -out server.csr",
            "echo subjectAltName=IP:127.0.0.1 > ext; openssl x509 -req -in server.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 30 -extfile ext -out server.crt",
        ] {
            guard try await Child.output(of: "sh", ["-c", "cd '\(path)' && { \(command); }"]).status == 0 else { throw NotStarted() }
        }
        authority = try String(contentsOf: folder.appending(path: "ca.crt"), encoding: .utf8)
        try "{}".write(to: folder.appending(path: "routes.json"), atomically: true, encoding: .utf8)
        let descriptor = open("\(path)/port", O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
        defer { close(descriptor) }
        child = try Child("python3", ["-c", Self.script, path], output: descriptor)
        var found: Int?
        for _ in 0..<500 where found == nil {
            try await Task.sleep(for: .milliseconds(20))
            found = Int(try String(contentsOf: folder.appending(path: "port"), encoding: .utf8).split(separator: "\n").first ?? "")
        }
        guard let found else { throw NotStarted() }
        port = found
    }

    deinit {
        child.stop()
        // Left in the temporary directory it does no harm.
        try? FileManager.default.removeItem(at: folder)
    }

    /// As modules name it.
    var host: String { "127.0.0.1:\(port)" }

    struct Answer: Codable {
        var status = 200
        var headers: [String: String] = [:]
        var body = ""
        /// A file whose bytes are the body.
        var file: String?
        /// The token that is needed.
        var token: String?
    }

    /// What is answered, by path and query.
    func serve(_ routes: [String: Answer]) throws {
        try JSONEncoder().encode(routes).write(to: folder.appending(path: "routes.json"), options: .atomic)
    }

    /// The protocol of registries for one module, whose versions are fetched from these addresses.
    func modules(_ name: String, _ versions: [String: String]) -> [String: Answer] {
        let listed = versions.keys.sorted().map { "{\"version\":\"\($0)\"}" }.joined(separator: ",")
        var routes: [String: Answer] = [
            "/.well-known/terraform.json": Answer(body: "{\"modules.v1\":\"/api/modules/v1/\"}"),
            "/api/modules/v1/\(name)/versions": Answer(body: "{\"modules\":[{\"versions\":[\(listed)]}]}"),
        ]
        for (version, location) in versions {
            routes["/api/modules/v1/\(name)/\(version)/download"] = Answer(status: 204, headers: ["X-Terraform-Get": location])
        }
        return routes
    }

    /// Paths that were asked for.
    func requests() throws -> [String] {
        let log = folder.appending(path: "log")
        guard FileManager.default.fileExists(atPath: log.path) else { return [] }
        return try String(contentsOf: log, encoding: .utf8).split(separator: "\n").map(String.init)
    }

    func settings(token: String? = nil) -> FetchSettings {
        FetchSettings(
            transport: CurlHTTPTransport(), certificateAuthorities: authority, environment: ProcessInfo.processInfo.environment
        ) { [host] in $0 == host ? token : nil }
    }

    private static let script = #"""
        import http.server, json, os, ssl, sys
        folder = sys.argv[1]
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                with open(folder + "/log", "a") as log: log.write(self.path + "\n")
                with open(folder + "/routes.json") as file: route = json.load(file).get(self.path, {"status": 404, "headers": {}, "body": ""})
                if route.get("token") and self.headers.get("Authorization") != "Bearer " + route["token"]:
                    route = {"status": 401, "headers": {}, "body": ""}
                body = open(route["file"], "rb").read() if route.get("file") else route["body"].encode()
                self.send_response(route["status"])
                for name, value in route["headers"].items(): self.send_header(name, value)
                if route["status"] != 204: self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                if route["status"] != 204: self.wfile.write(body)
            def log_message(self, *arguments): pass
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(folder + "/server.crt", folder + "/server.key")
        server.socket = context.wrap_socket(server.socket, server_side=True)
        print(server.server_address[1], flush=True)
        server.serve_forever()
        """#
}
