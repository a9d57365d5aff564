import Foundation
import Testing

/// Every composition of every kind, through the real program, against what it is for: real hosts, LXD, and moto's AWS API, behind which a
/// real host answers at the address that the API gives. The cases are the folders of `Compositions`; its README says what is in them.
@Suite struct ConformanceTests {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Compositions")
    static let providers = folder.deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "providers")

    static let cases: [Composition] = {
        // A folder that cannot be listed gives no cases, which the test below tells.
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.sorted().compactMap(Composition.init)
    }()

    @Test func everyCompositionHasACase() throws {
        var there: Set<String> = []
        for provider in try FileManager.default.contentsOfDirectory(atPath: Self.providers.path) where provider != "kinds" {
            let kinds = Self.providers.appending(path: "\(provider)/kinds").path
            guard FileManager.default.fileExists(atPath: kinds) else { continue }
            for kind in try FileManager.default.contentsOfDirectory(atPath: kinds) { there.insert("\(provider)-\(kind)") }
        }
        #expect(there.count >= 12)
        #expect(Set(Self.cases.map(\.name)) == there)
    }

    /// What a kind takes and gives is written once, with types and in words.
    @Test(arguments: ["database", "firewall", "load_balancer", "server", "web_server"]) func interfaceIsDocumented(_ kind: String) throws {
        let interface = try Interface(kind)
        #expect(!interface.inputs.isEmpty && !interface.outputs.isEmpty)
        for input in interface.inputs {
            #expect(input.text.contains("description ="), "\(input.name)")
            // A machine is an object of the provider host's making; everything else has its type written.
            #expect(input.name == "host" || input.text.contains(/\n  type +=/), "\(input.name)")
        }
        for output in interface.outputs { #expect(output.text.contains("description ="), "\(output.name)") }
        #expect(Set(Composition.outputs[kind]?.keys.map { $0 } ?? []) == Set(interface.outputs.map(\.name)))
    }

    /// All of what the interface declares is given to it, or has to be refused.
    @Test(arguments: cases) func caseUsesTheWholeInterface(_ composition: Composition) throws {
        let whole = /resource "[a-z_]+" "it" \{\n(?<body>(?:[^}\n].*\n|\n)*)\}/
        let block = try #require(try composition.text("main.tf").firstMatch(of: whole))
        let refused = try composition.refused.map(\.argument)
        for input in try Interface(composition.kind).inputs {
            let isGiven = "\n\(block.body)".contains(try Regex("\n  \(input.name) +="))
            #expect(isGiven || refused.contains { $0.hasPrefix("\(input.name) =") }, "\(input.name)")
        }
    }

    @Test(
        .enabled(if: geteuid() == 0, "Not root: hosts and LXD of one's own cannot be made."),
        arguments: cases.filter(\.needsRoot))
    func onMachines(_ composition: Composition) async throws { try await run(composition) }

    @Test(arguments: cases.filter { !$0.needsRoot }) func onAPIs(_ composition: Composition) async throws { try await run(composition) }

    // MARK: What is run

    private func run(_ composition: Composition) async throws {
        try await Lanes.shared.enter(composition.lane) { try await cycle(composition) }
    }

    private func cycle(_ composition: Composition) async throws {
        let target = try await ConformanceServers.target(of: composition)
        let work = FileManager.default.temporaryDirectory.appending(
            path: "ashlar-conformance-\(composition.name)-\(ProcessInfo.processInfo.processIdentifier)")
        try FileManager.default.createDirectory(at: work, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: work) }
        try composition.text("main.tf").write(to: work.appending(path: "main.tf"), atomically: true, encoding: .utf8)
        let given = try String(contentsOf: Self.folder.appending(path: "given/given.tf"), encoding: .utf8)
        try given.write(to: work.appending(path: "given.tf"), atomically: true, encoding: .utf8)
        try target.settings.write(to: work.appending(path: "terraform.tfvars"), atomically: true, encoding: .utf8)
        let program = Program(directory: work)

        let before = try await target.inventory()
        #expect(!before.isEmpty)
        try await refuses(composition, program)

        try await program.expect(2, "plan -detailed-exitcode")
        let applied = try await program.expect(0, "apply -auto-approve")
        #expect(applied.contains("Kinds: ") && applied.contains("\(composition.kind).it: Creation complete"))
        try await givesItsOutputs(composition, program)
        try await program.expect(0, "plan -detailed-exitcode")
        try await program.expect(2, "plan -detailed-exitcode -var changed=true")
        try await program.expect(0, "apply -auto-approve -var changed=true")
        try await program.expect(0, "plan -detailed-exitcode -var changed=true")
        try await program.expect(0, "destroy -auto-approve")
        #expect(try await program.expect(0, "state list").isEmpty)
        let after = try await target.inventory()
        #expect(after == before, "\(after.split(separator: "\n").difference(from: before.split(separator: "\n")))")
    }

    /// Wrong inputs are refused by the plan, in the interface's words, with file and line, before anything is made.
    private func refuses(_ composition: Composition, _ program: Program) async throws {
        let override = program.directory.appending(path: "refused_override.tf")
        for (argument, words) in try composition.refused {
            try "resource \"\(composition.kind)\" \"it\" {\n  \(argument)\n}\n".write(to: override, atomically: true, encoding: .utf8)
            let said = try await program.expect(1, "plan").replacing(/\s+/, with: " ")
            #expect(said.contains(words), "\(argument): \(said)")
            #expect(said.contains(/\bon [^ ]*(?:interface|main|refused_override)\.tf line [0-9]+/), "\(argument): \(said)")
        }
        try FileManager.default.removeItem(at: override)
    }

    private func givesItsOutputs(_ composition: Composition, _ program: Program) async throws {
        let json = try await program.expect(0, "output -json it")
        let given = try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
        let wanted = try #require(Composition.outputs[composition.kind])
        #expect(Set(given.keys) == Set(wanted.keys))
        for (name, type) in wanted { #expect(type.holds(given[name], of: composition), "\(name): \(given[name] ?? "nothing")") }
    }
}

/// A folder of `Compositions`.
struct Composition: Sendable, CustomTestStringConvertible {
    let name: String
    let provider: String
    let kind: String
    /// What it needs for itself alone.
    let lane: String
    var testDescription: String { name }
    /// A host of one's own, or LXD.
    var needsRoot: Bool { lane != "aws" }
    /// The host that it has to itself.
    var host: Int? { lane.split(separator: " ").last.flatMap { Int($0) } }

    init?(_ name: String) {
        guard let dash = name.firstIndex(of: "-"),
            let lane = try? String(contentsOf: ConformanceTests.folder.appending(path: "\(name)/lane"), encoding: .utf8)
        else { return nil }
        self.name = name
        provider = String(name[..<dash])
        kind = String(name[name.index(after: dash)...])
        self.lane = lane.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    func text(_ file: String) throws -> String {
        try String(contentsOf: ConformanceTests.folder.appending(path: "\(name)/\(file)"), encoding: .utf8)
    }

    var refused: [(argument: String, words: String)] {
        get throws {
            try text("refused").split(separator: "\n").map { line in
                let parts = line.split(separator: " | ", maxSplits: 1)
                return (String(parts[0]), String(parts[1]))
            }
        }
    }

    enum OutputType {
        case text, number, texts
        /// An object that `host =` takes; null where a provider runs the thing.
        case machine(onlyOnHosts: Bool)

        func holds(_ value: Any?, of composition: Composition) -> Bool {
            switch self {
            case .text: (value as? String)?.isEmpty == false
            case .number: value is NSNumber
            case .texts: (value as? [String: String])?.isEmpty == false
            case .machine(let onlyOnHosts):
                onlyOnHosts && composition.provider != "host"
                    ? value is NSNull : (value as? [String: Any]).map { $0["id"] is String && $0["address"] is String } ?? false
            }
        }
    }

    static let outputs: [String: [String: OutputType]] = [
        "database": [
            "endpoint": .text, "address": .text, "port": .number, "name": .text, "username": .text, "host": .machine(onlyOnHosts: true),
        ],
        "firewall": ["name": .text, "host": .machine(onlyOnHosts: true)],
        "load_balancer": ["endpoint": .text, "address": .text, "host": .machine(onlyOnHosts: true)],
        "server": ["host": .machine(onlyOnHosts: false), "address": .text, "name": .text],
        "web_server": ["endpoints": .texts, "host": .machine(onlyOnHosts: false)],
    ]
}

/// Variables and outputs of a kind, as they are written.
struct Interface {
    let inputs: [(name: String, text: String)]
    let outputs: [(name: String, text: String)]

    init(_ kind: String) throws {
        let text = try String(contentsOf: ConformanceTests.providers.appending(path: "kinds/\(kind)/interface.tf"), encoding: .utf8)
        func blocks(_ noun: String) throws -> [(String, String)] {
            text.matches(of: try Regex("(?m)^\(noun) \"([a-z_]+)\" \\{\\n((?:[^}\\n].*\\n|\\n)*)\\}")).map { match in
                (String(match.output[1].substring ?? ""), "\n" + String(match.output[2].substring ?? ""))
            }
        }
        inputs = try blocks("variable")
        outputs = try blocks("output")
    }
}
