import Foundation

/// Certificates of all kinds, made by the `openssl` program in a folder that goes away with this.
final class Certificates {
    struct Pair {
        /// Paths.
        let certificate, key: String

        var certificateText: String {
            get throws { try String(contentsOfFile: certificate, encoding: .utf8) }
        }
        var keyText: String {
            get throws { try String(contentsOfFile: key, encoding: .utf8) }
        }
    }

    let folder: URL
    /// PEM of the authority that signed all of them.
    let authority: String
    let authorityPath: String
    /// For localhost and 127.0.0.1.
    let server: Pair

    init() throws {
        folder = URL(fileURLWithPath: NSTemporaryDirectory()).appendingPathComponent("ashlar-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let path = folder.path
        try Self.openssl(
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "30", "-subj",
            "/CN=test authority",
            "-addext", "keyUsage=critical,keyCertSign", "-keyout", "\(path)/ca.key", "-out", "\(path)/ca.crt")
        authorityPath = "\(path)/ca.crt"
        authority = try String(contentsOfFile: authorityPath, encoding: .utf8)
        server = try Self.sign("server", "DNS:localhost,IP:127.0.0.1", days: 30, in: path)
    }

    deinit {
        try? FileManager.default.removeItem(at: folder)  // Only a folder of temporary files: nothing depends on it.
    }

    /// A certificate signed by the authority. Negative days make one that has expired.
    func pair(_ name: String, names: String, days: Int = 30) throws -> Pair {
        try Self.sign(name, names, days: days, in: folder.path)
    }

    /// One that nobody signed but itself.
    func selfSigned(_ name: String) throws -> Pair {
        let path = folder.path
        try Self.openssl(
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "30", "-subj", "/CN=\(name)",
            "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", "\(path)/\(name).key", "-out", "\(path)/\(name).crt")
        return Pair(certificate: "\(path)/\(name).crt", key: "\(path)/\(name).key")
    }

    /// `sha256//…` of a certificate's public key, as it is pinned.
    func pin(_ pair: Pair) throws -> String {
        let der = folder.appendingPathComponent("pin.der").path
        let pem = try Self.openssl("x509", "-in", pair.certificate, "-pubkey", "-noout")
        let pemPath = folder.appendingPathComponent("pin.pem").path
        try pem.write(toFile: pemPath, atomically: true, encoding: .utf8)
        try Self.openssl("pkey", "-pubin", "-in", pemPath, "-outform", "DER", "-out", der)
        let digest = folder.appendingPathComponent("pin.bin").path
        try Self.openssl("dgst", "-sha256", "-binary", "-out", digest, der)
        return "sha256//" + (try Data(contentsOf: URL(fileURLWithPath: digest)).base64EncodedString())
    }

    private static func sign(_ name: String, _ names: String, days: Int, in path: String) throws -> Pair {
        try openssl(
            "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj", "/CN=\(name)", "-keyout",
            "\(path)/\(name).key", "-out", "\(path)/\(name).csr")
        try "subjectAltName=\(names)\n".write(toFile: "\(path)/\(name).ext", atomically: true, encoding: .utf8)
        try openssl(
            "x509", "-req", "-in", "\(path)/\(name).csr", "-CA", "\(path)/ca.crt", "-CAkey", "\(path)/ca.key", "-CAcreateserial", "-days",
            "\(days)", "-extfile", "\(path)/\(name).ext", "-out", "\(path)/\(name).crt")
        return Pair(certificate: "\(path)/\(name).crt", key: "\(path)/\(name).key")
    }

    @discardableResult
    private static func openssl(_ arguments: String...) throws -> String {
        let (output, status) = try Child(["openssl"] + arguments).wait()
        guard status == 0 else { throw TestFailure("openssl \(arguments.joined(separator: " ")) failed") }
        return output
    }
}
