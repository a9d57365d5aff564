import BuiltinProviders
import ConfigModel
import CurlTransport
import Diagnostics
import Engine
import Foundation
import ManifestProviders
import Planning
import ProviderKit
import Testing

/// What the reference refuses, and in which words: configurations with the summary and the line of everything that `validate` says.
///
/// A file of `Refusals` holds cases: `=== name`, the text of main.tf, other files after `--- path`, then a line `>>> place severity summary` for
/// each diagnostic of the reference. Where we say something else, `<<< why` follows, and after it what we say.
struct RefusalTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var files: [String: [UInt8]]
        var reference: [String] = []
        /// Why what we say is not what the reference says, and what it is.
        var departs: String?
        var ours: [String] = []
        var testDescription: String { name }
    }

    static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Refusals")

    static let cases: [Case] = {
        let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).sorted()  // Their number is tested.
        return names.flatMap { name -> [Case] in
            guard let text = try? String(contentsOf: folder.appending(path: name), encoding: .utf8) else { return [] }
            return parse(text)
        }
    }()

    private static func parse(_ text: String) -> [Case] {
        var cases: [Case] = []
        var file = "main.tf"
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            let rest = String(line.dropFirst(4))
            if line.hasPrefix("=== ") {
                cases.append(Case(name: rest, files: [:]))
                file = "main.tf"
                continue
            }
            guard !cases.isEmpty else { continue }
            let last = cases.count - 1
            if line.hasPrefix("--- ") {
                file = rest
                cases[last].files[file] = []
            } else if line.hasPrefix(">>> ") {
                if cases[last].departs == nil { cases[last].reference.append(rest) } else { cases[last].ours.append(rest) }
            } else if line.hasPrefix("<<< ") {
                cases[last].departs = rest
            } else if !line.isEmpty || cases[last].files[file] != nil {
                cases[last].files[file, default: []] += Array((line + "\n").utf8)
            }
        }
        return cases
    }

    struct Builtins: ProviderCatalog {
        func source(named name: String) async throws(DiagnosticError) -> any ProviderSource {
            let builtins = BuiltinProvider.all(
                http: { CurlHTTPTransport() }, rendering: { (text, _) throws(ProviderFailure) in text })
            if let source = builtins[name] { return source }
            throw DiagnosticError(.error("Failed to query available provider packages", "There is no \(name)."))
        }
    }

    @Test func thereAreCases() { #expect(Self.cases.count > 450) }

    @Test(arguments: cases)
    func saysWhatTheReferenceSays(_ item: Case) async {
        let engine = Engine(
            .init(
                workingDirectory: "/nowhere", homeDirectory: nil, sources: ModuleSources(files: item.files), kinds: .none,
                catalog: Builtins(), now: { 0 }))
        var (configuration, sources, diagnostics) = engine.load(variables: VariableInputs())
        if let configuration {
            diagnostics += await engine.validate(configuration)
            sources = configuration.sources
        }
        let said = diagnostics.withoutRepetitions().map { diagnostic in
            let line = diagnostic.subject.flatMap { sources.position(of: $0)?.line } ?? 0
            return "\(diagnostic.subject?.file ?? "-"):\(line) \(diagnostic.severity.rawValue) \(diagnostic.summary)"
        }
        #expect(said.sorted() == (item.departs == nil ? item.reference : item.ours).sorted())
    }
}
