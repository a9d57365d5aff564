import Addresses
import BuiltinProviders
import ConfigModel
import Diagnostics
import Engine
import Foundation
import Planning
import ProviderKit
import Testing
import Transport

/// `provisioner` and `connection` blocks that `validate` takes or refuses: `Provisioning/validate.json` holds each configuration with the
/// severity, summary and line that the reference (`terraform validate -json`, 1.11) gave it.
@Suite struct ProvisioningTests {
    struct Case: Decodable, Sendable, CustomTestStringConvertible {
        struct Expected: Decodable, Sendable {
            var severity: String
            var summary: String
            /// Nil where the reference names no place.
            var line: Int?
        }

        var name: String
        var lines: [String]
        var expected: [Expected]
        var testDescription: String { name }

        enum CodingKeys: String, CodingKey {
            case name
            case lines = "main.tf"
            case expected
        }
    }

    static let cases: [Case] = {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Provisioning/validate.json")
        guard let bytes = try? Data(contentsOf: file), let cases = try? JSONDecoder().decode([Case].self, from: bytes) else { return [] }
        return cases
    }()

    @Test func thereAreCases() { #expect(Self.cases.count > 90) }

    @Test(arguments: cases) func diagnosticsAreThoseOfTheReference(_ given: Case) async {
        let text = Array(given.lines.joined(separator: "\n").utf8)
        let engine = Engine(
            .init(
                workingDirectory: "/", homeDirectory: nil,
                sources: ModuleSources(files: ["main.tf": text, "m/x.tf": []]),
                kinds: KindCatalog { _ in nil }, catalog: BuiltinCatalog(), now: { 0 }))
        let (configuration, sources, loaded) = engine.load(variables: VariableInputs())
        var found = loaded
        if let configuration { found += await engine.validate(configuration) }
        func described(_ severity: String, _ summary: String, _ line: Int?) -> String {
            // A circle may be told from any of its members.
            let words = summary.hasPrefix("Cycle: ") ? "Cycle: " + summary.dropFirst(7).split(separator: ", ").sorted().joined() : summary
            return "\(severity) \(line ?? 0) \(words)"
        }
        let withoutPlace = Set(given.expected.filter { $0.line == nil }.map(\.summary))
        let actual = found.map { diagnostic in
            let line = diagnostic.subject.flatMap { sources.position(of: $0)?.line }
            return described(
                diagnostic.severity == .error ? "error" : "warning", diagnostic.summary,
                withoutPlace.contains(diagnostic.summary) || diagnostic.summary.hasPrefix("Cycle: ") ? nil : line)
        }
        #expect(actual.sorted() == given.expected.map { described($0.severity, $0.summary, $0.line) }.sorted(), "\(found)")
    }
}

private struct NoWeb: HTTPTransport {
    func send(_ request: HTTPRequest) async throws(TransportFailure) -> HTTPResponse {
        throw TransportFailure(.other, "Nothing is asked of the web here.", hadNoEffect: true)
    }
}

private struct BuiltinCatalog: ProviderCatalog {
    func source(named name: String) async throws(DiagnosticError) -> any ProviderSource {
        guard let source = BuiltinProvider.all(http: { NoWeb() }, rendering: { (text, _) throws(ProviderFailure) in text })[name] else {
            throw DiagnosticError(.error("No provider", "There is no provider \"\(name)\" here."))
        }
        return source
    }
}
