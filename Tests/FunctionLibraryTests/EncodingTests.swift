import Crypto
import FunctionLibrary
import Testing
import Values
import _CryptoExtras

@Suite struct EncodingTests {
    private func call(_ name: String, _ arguments: Value...) throws -> Value {
        try FunctionTable.standard.call(try #require(FunctionTable.standard[name]), arguments, environment: FixtureEnvironment())
    }

    private func digest(_ text: String, _ function: String) throws -> String {
        try #require(try call(function, .string(text)).stringValue)
    }

    /// Texts larger than the compressor's window; the digests are those of the reference's output.
    @Test func gzipGivesTheReferencesBytes() throws {
        func compressed(_ lines: [String]) throws -> String {
            try digest(try digest(lines.joined(), "base64gzip"), "sha256")
        }
        let numbered = try (0..<1024).map {
            "line \($0) of a long text with a number \($0 * $0) and a digest \(try digest(String($0), "sha1"))\n"
        }
        #expect(try compressed(numbered) == "8d01989643716ac0f58aa06a4af6003ad232dbcbd46cea97364b344776d58491")
        let alike = (0..<1024).map {
            "line \($0) of a long text with a number \($0 * $0 % 7) and the same words in every line, more or less, so that it shrinks\n"
        }
        #expect(try compressed(alike) == "8bbe6c2cd83c8782c1a039e21a5a4ff47480b150c46390a23d5c0371607f726b")
        let equal = Array(repeating: String(repeating: "x", count: 100), count: 1000)
        #expect(try compressed(equal) == "3cfdd6f3ff4ef1802cc3351ac6f3c092ddb9c68cd0519608cde5021d89b4bf35")
        let random = try (0..<1024).map { try digest(String($0), "sha512") }
        #expect(try compressed(random) == "fedaaf2cbed9ab74b36d47581547af2ce956ed7e3b783d78cdf217c489770157")
    }

    @Test func aliasesCannotFillTheMemory() throws {
        var text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
        for level in 1...9 {
            text += "a\(level): &a\(level) [\(Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", "))]\n"
        }
        let error = #expect(throws: FunctionError.self) { try call("yamldecode", .string(text)) }
        #expect(error?.message.contains("too many values") == true)
    }

    @Test(arguments: ["[", "{a: ", "- "])
    func deepYAMLIsRefused(_ opening: String) throws {
        let text =
            opening == "- "
            ? (0..<5000).map { String(repeating: " ", count: $0) + "-\n" }.joined() : String(repeating: opening, count: 100_000)
        #expect(throws: FunctionError.self) { try call("yamldecode", .string(text)) }
    }

    @Test(arguments: [0, 1, 2, 3, 100, 10_000])
    func base64RoundTrips(_ count: Int) throws {
        let text = String(String.UnicodeScalarView((0..<count).compactMap { Unicode.Scalar(UInt32($0 * 37 % 0x2FF) + 1) }))
        let encoded = try call("base64encode", .string(text))
        #expect(try call("base64decode", encoded) == .string(text))
    }

    @Test func yamlRoundTrips() throws {
        let value = try TypedTextReader.value(
            """
            {"a": [1, 1.5, true, null, "x", "yes", "0x1", "multi\\nline\\n", "trailing \\n", " lead", "", "tab\\t", "é😀"], "b c": {"d": {}, \
            "e": []}, "true": "null", "-": "- x", "#": "a: b"}
            """)
        let text = try call("yamlencode", value)
        #expect(TypedText.text(try call("yamldecode", text)) == TypedText.text(value))
    }

    @Test func rsadecryptReadsBothKindsOfPEM() throws {
        let key = try _RSA.Encryption.PrivateKey(keySize: .bits2048)
        let ciphertext = try key.publicKey.encrypt(Array("secret é".utf8), padding: ._WEAK_AND_INSECURE_PKCS_V1_5)
        let encoded = Value.string(Array(ciphertext).base64)
        for pem in [key.pemRepresentation, key.pkcs8PEMRepresentation] {
            #expect(try call("rsadecrypt", encoded, .string(pem)) == .string("secret é"))
            let marked = try call("rsadecrypt", encoded, Value.string(pem).marked(.sensitive))
            #expect(marked.isSensitive)
        }
        let other = try _RSA.Encryption.PrivateKey(keySize: .bits2048)
        #expect(throws: FunctionError.self) { try call("rsadecrypt", encoded, .string(other.pemRepresentation)) }
    }

    /// No error names what is hidden.
    @Test func secretsStayOutOfMessages() throws {
        for (name, arguments) in [
            ("tonumber", ["hunter2"]), ("tobool", ["hunter2"]), ("base64decode", ["hunter2!"]), ("parseint", ["hunter2", "10"]),
        ] {
            let function = try #require(FunctionTable.standard[name])
            let values = arguments.enumerated().map { index, text in Value.string(text).marked(index == 0 ? .sensitive : []) }
            let error = #expect(throws: FunctionError.self) {
                try FunctionTable.standard.call(function, values, environment: FixtureEnvironment())
            }
            #expect(error?.message.contains("hunter2") == false, "\(name): \(error?.message ?? "")")
        }
    }
}

extension [UInt8] {
    fileprivate var base64: String {
        let alphabet = Array<Character>("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
        var text = ""
        for start in stride(from: 0, to: count, by: 3) {
            let chunk = self[start..<Swift.min(start + 3, count)]
            let word = chunk.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - chunk.count))
            for place in 0..<4 { text.append(place <= chunk.count ? alphabet[word >> (18 - place * 6) & 63] : "=") }
        }
        return text
    }
}
