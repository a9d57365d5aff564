public import Foundation

/// TLS in front of a service on loopback, with a certificate that a test chooses. Python's own library does it; `openssl` makes certificates.
public final class TLSFront: Sendable {
    public let port: Int
    private let child: SpawnedProgram
    private let input = Pipe()

    struct Failure: Error { let message: String }

    /// - Parameter port: 0 for one that is free.
    public init(certificate: URL, key: URL, to target: Int, port: Int = 0) throws {
        let output = Pipe()
        // It ends with the test process, whatever happens to that: its input ends then.
        child = try SpawnedProgram(
            "python3", ["-c", Self.script, certificate.path, key.path, "\(port)", "\(target)"],
            environment: ["PATH": "/usr/bin:/bin:/usr/local/bin"], input: input.fileHandleForReading.fileDescriptor,
            output: output.fileHandleForWriting.fileDescriptor)
        output.fileHandleForWriting.closeFile()
        let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self).trimmingCharacters(
            in: .whitespacesAndNewlines)
        guard let port = Int(line) else { throw Failure(message: "the TLS front did not say its port, but \"\(line)\"") }
        self.port = port
    }

    public func stop() { child.stop() }

    /// A certificate that nobody signed but itself, for these names, and its key, in a folder.
    public static func certificate(_ name: String, names: String, in folder: URL) async throws -> (certificate: URL, key: URL) {
        let pair = (certificate: folder.appending(path: "\(name).crt"), key: folder.appending(path: "\(name).key"))
        let made = try await SpawnedProgram.run(
            "openssl",
            [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "30", "-subj",
                "/CN=\(name)",
                "-addext", "subjectAltName=\(names)", "-keyout", pair.key.path, "-out", pair.certificate.path,
            ])
        guard made.code == 0 else { throw Failure(message: made.output) }
        return pair
    }

    private static let script = #"""
        import os, socket, ssl, sys, threading
        certificate, key, port, target = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        def pump(a, b):
            try:
                while data := a.recv(65536): b.sendall(data)
            except OSError: pass
            for s in (a, b):
                try: s.shutdown(socket.SHUT_RDWR)
                except OSError: pass
        def serve(client):
            try: client = context.wrap_socket(client, server_side=True)
            except OSError: return
            server = socket.create_connection(("127.0.0.1", target))
            threading.Thread(target=pump, args=(client, server), daemon=True).start()
            pump(server, client)
        def watch():
            sys.stdin.buffer.read()
            os._exit(0)
        listener = socket.create_server(("127.0.0.1", port), backlog=64)
        print(listener.getsockname()[1], flush=True)
        threading.Thread(target=watch, daemon=True).start()
        while True:
            client, _ = listener.accept()
            threading.Thread(target=serve, args=(client,), daemon=True).start()
        """#
}
