import Addresses
import ConfigModel
import Diagnostics
import Evaluation
import FoundationEssentials
import Testing
import Values

/// A folder of `Cases`: a configuration, with the diagnostics that loading it gives in `expected.json`.
struct CaseDirectory: Sendable, CustomTestStringConvertible {
    let name: String
    var testDescription: String { name }

    static let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Cases").path

    static let all: [CaseDirectory] = {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []  // No folder: the count of cases is tested.
        return names.sorted().map { CaseDirectory(name: $0) }
    }()

    var path: String { "\(Self.root)/\(name)" }

    var sources: ModuleSources {
        let base = path
        return ModuleSources(
            list: { directory in
                // A directory that cannot be listed is what nil means.
                try? FileManager.default.contentsOfDirectory(atPath: "\(base)/\(directory)")
            },
            read: { Array(try Data(contentsOf: URL(filePath: "\(base)/\($0)"))) })
    }

    /// Kinds in `providers/kinds/TYPE`, compositions in `providers/PROVIDER/kinds/TYPE`, as the product lays them out.
    var kinds: KindCatalog {
        func names(_ directory: String) -> [String] {
            // Most cases have no kinds.
            (try? FileManager.default.contentsOfDirectory(atPath: "\(path)/\(directory)")) ?? []
        }
        var found: [ResourceType: KindCatalog.Kind] = [:]
        for type in names("providers/kinds") {
            var compositions: [String: String] = [:]
            for provider in names("providers") where names("providers/\(provider)/kinds").contains(type) {
                compositions[provider] = "providers/\(provider)/kinds/\(type)"
            }
            found[ResourceType(type)] = KindCatalog.Kind(interface: "providers/kinds/\(type)/interface.tf", compositions: compositions)
        }
        return KindCatalog(found)
    }

    func load() -> (Configuration?, [Diagnostic]) {
        loadConfiguration(root: ".", sources: sources, kinds: kinds, functions: FewFunctions())
    }
}

/// Enough names for the cases.
struct FewFunctions: FunctionCalling {
    let names = ["length", "lower", "toset", "upper"]
    func has(_ name: String) -> Bool { names.contains(name) }
    func call(_ name: String, _ arguments: [Value]) throws(FunctionCallError) -> Value { .unknown }
    func readTemplate(_ path: String) throws(FunctionCallError) -> [UInt8] { throw FunctionCallError(message: "No files here.") }
}

/// A diagnostic as `expected.json` has it.
struct ExpectedDiagnostic: Codable, Hashable, Comparable, CustomStringConvertible {
    var severity: String
    var summary: String
    var file: String?
    var line: Int?

    init(_ diagnostic: Diagnostic, _ configuration: Configuration?) {
        severity = diagnostic.severity.rawValue
        summary = diagnostic.summary
        file = diagnostic.subject?.file
        line = diagnostic.subject.flatMap { configuration?.sources.position(of: $0)?.line }
    }

    static func < (left: Self, right: Self) -> Bool { left.description < right.description }
    var description: String { "\(file ?? "-"):\(line ?? 0) \(severity) \(summary)" }
}

struct ExpectedCase: Codable {
    /// Why the reference says something else, where it does.
    var departs: String?
    var diagnostics: [ExpectedDiagnostic]
}
