import BuiltinProviders
import Diagnostics
import ProviderKit
import Testing
import Values

/// `data.http` against a server on loopback.
struct HTTPTests {
    static let script = """
        import http.server, time
        seen = {}
        class H(http.server.BaseHTTPRequestHandler):
            def do_HEAD(self): self.answer()
            def do_POST(self): self.answer()
            def do_GET(self): self.answer()
            def log_message(self, *a): pass
            def answer(self):
                n = int(self.headers.get("Content-Length") or 0)
                body = self.rfile.read(n)
                seen[self.path] = seen.get(self.path, 0) + 1
                if self.path == "/slow": time.sleep(3)
                if self.path == "/moved":
                    self.send_response(302); self.send_header("Location", "/echo"); self.send_header("Content-Length", "0"); self.end_headers(); return
                status = 404 if self.path == "/missing" else 503 if self.path.startswith("/flaky") and seen[self.path] < 3 else 200
                out = b"\\x00\\xff" if self.path == "/binary" else (self.command + " " + str(self.headers.get("X-Token")) + " ").encode() + body
                self.send_response(status); self.send_header("content-type", "text/plain; charset=utf-8")
                self.send_header("X-Twice", "a"); self.send_header("X-Twice", "b")
                self.send_header("Content-Length", str(len(out))); self.end_headers()
                if self.command != "HEAD": self.wfile.write(out)
        s = http.server.ThreadingHTTPServer(("127.0.0.1", 0), H)
        print(s.server_port); s.serve_forever()
        """

    let server: PythonServer
    let data: Lifecycle

    init() throws {
        server = try PythonServer(Self.script)
        data = Lifecycle(try .named("http"), "http")
    }

    private func url(_ path: String) -> Value { .string("http://127.0.0.1:\(server.port)\(path)") }

    @Test func anAnswerIsTakenApart() async throws {
        let read = try await data.data([
            "url": url("/echo"), "method": "POST", "request_body": "hello", "request_headers": .map([("x-token", "t")], of: .string),
        ])
        #expect(read["response_body"] == "POST t hello" && read["body"] == read["response_body"])
        #expect(read["response_body_base64"] == "UE9TVCB0IGhlbGxv")
        #expect(read["status_code"] == .int(200) && read["id"] == url("/echo"))
        #expect(read["response_headers"]?["Content-Type"] == "text/plain; charset=utf-8")
        #expect(read["response_headers"]?["X-Twice"] == "a, b")
        #expect(read.isWhollyKnown)
    }

    @Test func everyStatusIsAnAnswerAndRedirectsAreFollowed() async throws {
        #expect(try await data.data(["url": url("/missing")])["status_code"] == .int(404))
        #expect(try await data.data(["url": url("/moved")])["response_body"] == "GET None ")
        let head = try await data.data(["url": url("/echo"), "method": "HEAD"])
        #expect(head["response_body"] == "" && head["status_code"] == .int(200))
        #expect(try await data.data(["url": url("/binary")])["response_body_base64"] == "AP8=")
    }

    @Test func itTriesAgainAsOftenAsItIsTold() async throws {
        #expect(try await data.data(["url": url("/flaky1")])["status_code"] == .int(503))
        func retry(_ attempts: Int) -> Value {
            .object([("attempts", .int(attempts)), ("min_delay_ms", .int(1)), ("max_delay_ms", .int(2))])
        }
        #expect(try await data.data(["url": url("/flaky2"), "retry": retry(2)])["status_code"] == .int(200))
        #expect(try await data.data(["url": url("/flaky3"), "retry": retry(1)])["status_code"] == .int(503))
    }

    @Test func whatDoesNotAnswerIsSaid() async throws {
        let slow = await #expect(throws: ProviderFailure.self) {
            try await data.data(["url": url("/slow"), "request_timeout_ms": .int(100)])
        }
        #expect(slow?.summary == "Error making request" && slow?.detail.contains("0.1 s") == true)
        let closed = await #expect(throws: ProviderFailure.self) {
            try await data.data([
                "url": "http://127.0.0.1:1/x",
                "retry": .object([("attempts", .int(2)), ("min_delay_ms", .int(1)), ("max_delay_ms", .int(1))]),
            ])
        }
        #expect(closed?.detail.contains("tried 3 times") == true)
    }

    @Test func onlyInsecureTalksToAnybody() async throws {
        let scratch = try Scratch()
        try run(
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj",
            "/CN=x",
            "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", "\(scratch.path)/k", "-out", "\(scratch.path)/c")
        let secure = try PythonServer(
            Self.script.replacing(
                "print(s.server_port)",
                with:
                    "import ssl; c = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER); c.load_cert_chain('\(scratch.path)/c', '\(scratch.path)/k'); s.socket = c.wrap_socket(s.socket, server_side=True); print(s.server_port)"
            ))
        let url = Value.string("https://127.0.0.1:\(secure.port)/echo")
        let failure = await #expect(throws: ProviderFailure.self) { try await data.data(["url": url]) }
        #expect(failure?.detail.contains("not trusted") == true)
        #expect(try await data.data(["url": url, "insecure": .true])["status_code"] == .int(200))
        // The connection of one that asked for it is not used for another that did not.
        await #expect(throws: ProviderFailure.self) { try await data.data(["url": url]) }
        let authority = try run("cat", "\(scratch.path)/c")
        #expect(try await data.data(["url": url, "ca_cert_pem": .string(authority)])["status_code"] == .int(200))
    }

    @Test(
        arguments: [
            (["url": "ftp://x"], "Invalid URL"), (["url": "http://x", "method": "PUT"], "Invalid Attribute Value Match"),
            (["url": "http://x", "insecure": .true, "ca_cert_pem": "x"], "Invalid Attribute Combination"),
            (["url": "http://x", "client_cert_pem": "x"], "Invalid Attribute Combination"),
            (["url": "http://x", "request_timeout_ms": .int(0)], "Invalid Attribute Value"),
            (
                [
                    "url": "http://x",
                    "retry": .object([("attempts", .int(1)), ("min_delay_ms", .int(5)), ("max_delay_ms", .int(2))]),
                ], "Invalid Attribute Value"
            ),
        ] as [([String: Value], String)])
    func faultsAreFoundBeforehand(arguments: [String: Value], summary: String) throws {
        #expect(try data.dataFaults(arguments).map(\.summary) == [summary])
    }
}
