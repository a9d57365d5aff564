import Foundation
import Testing

/// Configurations in steps, held against what Terraform makes of them: the changes of `show -json`, how the apply ends, or the summaries of
/// the refusal. `Steps/make` writes the expectations.
///
/// A file holds many cases. `=== name arguments…` begins one, and its first `main.tf`; `--- file path` another file of the step, `--- step
/// arguments…` the next step. All steps are applied but the last, which is planned with the case's arguments and applied as a saved plan.
@Suite struct StepsTests {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Steps")

    struct Step: Sendable {
        var arguments: [String] = []
        var files: [String: String] = [:]
    }

    struct Case: Sendable, CustomTestStringConvertible {
        var file: String
        var name: String
        var arguments: [String]
        var steps: [Step]
        var testDescription: String { "\(file)/\(name)" }
    }

    static let cases: [Case] = {
        let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).filter { $0.hasSuffix(".txt") }.sorted()
        return names.flatMap { name in
            parse(String(name.dropLast(4)), (try? String(contentsOf: folder.appending(path: name), encoding: .utf8)) ?? "")
        }
    }()

    private static func parse(_ file: String, _ text: String) -> [Case] {
        var cases: [Case] = []
        var path = "main.tf"
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            let words = line.split(separator: " ").map(String.init)
            if line.hasPrefix("=== ") {
                cases.append(Case(file: file, name: words[1], arguments: Array(words.dropFirst(2)), steps: [Step()]))
                path = "main.tf"
            } else if line.hasPrefix("--- step") {
                cases[cases.count - 1].steps.append(Step(arguments: Array(words.dropFirst(2))))
                path = "main.tf"
            } else if line.hasPrefix("--- file ") {
                path = words[2]
            } else if !cases.isEmpty {
                let last = cases[cases.count - 1].steps.count - 1
                cases[cases.count - 1].steps[last].files[path, default: ""] += line + "\n"
            }
        }
        return cases
    }

    /// Where we say something else, and why.
    private static let differences: [(place: String, reason: String)] = [
        ("_sensitive.output", "What terraform_data gives back is as sensitive as what was put in; Terraform shows it in clear."),
        ("sensitive-flow.resource_changes[terraform_data.a].change.after", "It is unknown part by part, since each keeps its own secrecy."),
        ("Config generation is experimental", "Ours is not."),
        ("Nothing at the address given with", "Terraform takes a slip of the pen for an empty plan."),
    ]

    @Test func thereAreCases() { #expect(Self.cases.count >= 60) }

    @Test(arguments: cases)
    func steps(_ given: Case) async throws {
        let expectations = try JSONValue(
            String(contentsOf: Self.folder.appending(path: given.file + ".json"), encoding: .utf8))
        let wanted = try #require(expectations[given.name], "Steps/make has not been run")
        var found: [String] = []
        wanted.compare(with: try await runOnAThread { try outcome(of: given) }, at: given.name, into: &found)
        let left = found.filter { line in !Self.differences.contains { line.contains($0.place) } }
        #expect(left.isEmpty, "\(left.joined(separator: "\n"))")
    }

    // MARK: Running

    private func outcome(of given: Case) throws -> JSONValue {
        let files = FileManager.default
        let work = files.temporaryDirectory.appending(path: "ashlar-steps-\(UUID().uuidString)")
        try files.createDirectory(at: work, withIntermediateDirectories: true)
        defer { try? files.removeItem(at: work) }
        let arguments = given.arguments.filter { $0.hasPrefix("-") }
        for (number, step) in given.steps.enumerated() {
            for old in try files.contentsOfDirectory(atPath: work.path) where !old.hasPrefix("terraform.ashlar") {
                try files.removeItem(at: work.appending(path: old))
            }
            for (path, text) in step.files {
                let place = work.appending(path: path)
                try files.createDirectory(at: place.deletingLastPathComponent(), withIntermediateDirectories: true)
                try text.write(to: place, atomically: true, encoding: .utf8)
            }
            guard number + 1 < given.steps.count else { break }
            let applied = try run(["apply", "-auto-approve", "-no-color"] + step.arguments, in: work)
            if applied.code != 0, !given.arguments.contains("fails") { return .refused(by: applied.text) }
        }
        let last = given.steps.last?.arguments ?? []
        let planned = try run(["plan", "-no-color", "-out=p"] + arguments + last, in: work)
        if planned.code != 0 { return .refused(by: planned.text) }
        guard case .object(let plan) = try JSONValue(normal(try run(["show", "-json", "p"], in: work).output)) else {
            return .string("no plan")
        }
        let applied = try run(["apply", "-no-color", "p"], in: work)
        let parts = [
            "resource_changes", "output_changes", "resource_drift", "relevant_attributes", "checks", "applyable", "complete",
        ]
        var result: [String: JSONValue] = [:]
        for part in parts { result[part] = plan[part] }
        result["result"] = applied.code == 0 ? .counts(in: applied.output) : .refused(by: applied.text)
        result["warnings"] = .object(["plan": .warned(by: planned.text), "apply": .warned(by: applied.text)])
        return .object(result)
    }

    private func normal(_ text: String) -> String {
        text.replacing(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/, with: "UUID")
            .replacing(/\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/, with: "TIME")
            .replacing(/"deposed":\s*"[0-9a-f]{8}"/, with: "\"deposed\":\"KEY\"")
    }

    private func run(_ arguments: [String], in directory: URL) throws -> (output: String, text: String, code: Int32) {
        let process = Process()
        process.executableURL = CaseTests.binary.appending(path: "ashlar")
        process.arguments = arguments
        process.currentDirectoryURL = directory
        process.environment = ["PATH": "/usr/bin:/bin", "HOME": directory.path, "USER": "tester"]
        let output = Pipe()
        let errors = directory.appending(path: "terraform.ashlar-errors")
        try Data().write(to: errors)
        process.standardOutput = output
        process.standardError = try FileHandle(forWritingTo: errors)
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let said = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return (said, said + (try String(contentsOf: errors, encoding: .utf8)), process.terminationStatus)
    }
}

extension JSONValue {
    fileprivate static func refused(by text: String) -> JSONValue {
        .object(["errors": .array(summaries("Error: ", in: text).sorted().map { .string($0) })])
    }

    /// The summaries of all warnings, as names: each may be there or not.
    fileprivate static func warned(by text: String) -> JSONValue {
        .object(
            Dictionary(
                uniqueKeysWithValues: summaries("Warning: ", in: text).map {
                    ($0.replacing("by Ashlar", with: "by Terraform"), .bool(true))
                }))
    }

    private static func summaries(_ mark: String, in text: String) -> Set<String> {
        Set(text.split(separator: "\n").filter { $0.hasPrefix(mark) }.map { $0.dropFirst(mark.count).trimmingCharacters(in: .whitespaces) })
    }

    /// `1 imported, 0 added, 1 changed, 0 destroyed`; of a destroy, what is destroyed alone.
    fileprivate static func counts(in text: String) -> JSONValue {
        let found = text.firstMatch(of: /(?:Apply|Destroy) complete! Resources: ([^.]*)/).map { String($0.output.1) } ?? ""
        return .string(found.hasPrefix("0 added, 0 changed, ") ? String(found.dropFirst("0 added, 0 changed, ".count)) : found)
    }
}

/// Two at a time, on threads of their own: who waits for a program must not hold up what other tests wait for.
private func runOnAThread<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws -> Result {
    try await withCheckedThrowingContinuation { continuation in
        Thread.detachNewThread {
            turns.wait()
            defer { turns.signal() }
            continuation.resume(with: Swift.Result { try body() })
        }
    }
}

private let turns = DispatchSemaphore(value: 2)
