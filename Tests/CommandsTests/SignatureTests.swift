import Foundation
import Testing

/// `metadata functions -json` against the reference's own, of which `Signatures/functions.json` holds all but the descriptions.
@Suite struct SignatureTests {
    private struct Signature: Decodable, Equatable {
        struct Parameter: Decodable, Equatable {
            var name: String
            var type: TypeText
            var is_nullable: Bool?
        }

        var return_type: TypeText
        var parameters: [Parameter]?
        var variadic_parameter: Parameter?
    }

    /// A type as it is written: `"string"`, `["list","string"]`.
    private struct TypeText: Decodable, Equatable {
        var text: String

        init(from decoder: any Decoder) throws {
            if let name = try? decoder.singleValueContainer().decode(String.self) {
                text = name
            } else {
                var parts = try decoder.unkeyedContainer()
                var texts: [String] = []
                while !parts.isAtEnd { texts.append(try parts.decode(TypeText.self).text) }
                text = "[\(texts.joined(separator: ","))]"
            }
        }
    }

    private struct Published: Decodable {
        struct Described: Decodable { var description: String }
        var format_version: String
        var function_signatures: [String: Signature]
    }

    private struct Descriptions: Decodable { var function_signatures: [String: Published.Described] }

    @Test func everyFunctionIsDescribedAsTheReferenceHasIt() async throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Signatures/functions.json")
        let expected = try JSONDecoder().decode([String: Signature].self, from: Data(contentsOf: file))
        let (output, code) = try await Workplace("").run("ashlar metadata functions -json")
        #expect(code == 0)
        let published = try JSONDecoder().decode(Published.self, from: Data(output.text.utf8))
        #expect(published.format_version == "1.0")
        #expect(published.function_signatures.keys.sorted() == expected.keys.sorted())
        for (name, signature) in expected { #expect(published.function_signatures[name] == signature, "\(name)") }
        let described = try JSONDecoder().decode(Descriptions.self, from: Data(output.text.utf8))
        #expect(described.function_signatures.values.allSatisfy { !$0.description.isEmpty })
    }
}
