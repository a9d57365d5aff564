import Foundation
import Testing

/// The published formats, held against what Terraform says of the same configurations: `show -json` of a plan and of the state, and
/// `output -json`.
///
/// A case is a folder of configurations `1`, `2`, … applied one after the other, the last one planned with `arguments`; what Terraform
/// says of it is in plan.json, state.json and outputs.json, written by `Published/make`.
@Suite struct PublishedTests {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Published")

    static var cases: [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).filter { $0 != "make" }.sorted()
    }

    /// Where we say something else, and why; `*` stands for anything.
    static let differences: [(place: String, reason: String)] = [
        (
            "*/state.checks", "Results of checks are not recorded: they are worked out again by whoever plans."
        ),
        (
            "*terraform_data.*.*sensitive*.output*",
            "What terraform_data gives back is as sensitive as what was put in; Terraform shows it in clear."
        ),
        (
            "modules/plan.*terraform_data.server*.output",
            "Until it is known, what terraform_data gives back is unknown part by part where parts of what was put in are secret."
        ),
        ("sensitive/plan.*terraform_data.*.output", "The same."), ("sensitive/plan.output_changes.partly.after", "The same."),
        (
            "removed/plan.planned_values.root_module.resources[terraform_data.forgotten]*",
            "An object that is forgotten is no planned value; Terraform lists it without its values."
        ),
    ]

    @Test func thereAreCases() { #expect(Self.cases.count >= 15) }

    @Test(arguments: cases)
    func published(_ name: String) throws {
        let source = Self.folder.appending(path: name)
        let files = FileManager.default
        let work = files.temporaryDirectory.appending(path: "ashlar-published-\(name)-\(ProcessInfo.processInfo.processIdentifier)")
        try? files.removeItem(at: work)
        try files.createDirectory(at: work, withIntermediateDirectories: true)
        defer { try? files.removeItem(at: work) }
        let steps = try files.contentsOfDirectory(atPath: source.path).filter { Int($0) != nil }.sorted()
        let arguments = (try? String(contentsOf: source.appending(path: "arguments"), encoding: .utf8)) ?? ""
        for (number, step) in steps.enumerated() {
            for old in try files.contentsOfDirectory(atPath: work.path) where !old.hasPrefix("terraform.ashlar") {
                try files.removeItem(at: work.appending(path: old))
            }
            for new in try files.contentsOfDirectory(atPath: source.appending(path: step).path) {
                try files.copyItem(at: source.appending(path: "\(step)/\(new)"), to: work.appending(path: new))
            }
            if number + 1 < steps.count { _ = try run(["apply", "-auto-approve"], in: work) }
        }
        _ = try run(["plan", "-out=plan"] + arguments.split(whereSeparator: \.isWhitespace).map(String.init), in: work)
        let plan = try run(["show", "-json", "plan"], in: work)
        _ = try run(["apply", "plan"], in: work)
        var found: [String] = []
        for (part, text) in [
            ("plan", plan), ("state", try run(["show", "-json"], in: work)), ("outputs", try run(["output", "-json"], in: work)),
        ] {
            let wanted = try JSONValue(String(contentsOf: source.appending(path: "\(part).json"), encoding: .utf8))
            wanted.compare(with: try JSONValue(filtered(text)), at: "\(name)/\(part)", into: &found)
        }
        let unexplained = found.filter { line in !Self.differences.contains { Self.matches($0.place[...], line[...]) } }
        #expect(unexplained.isEmpty, "\(unexplained.joined(separator: "\n"))")
    }

    /// Whether a pattern with `*` covers the beginning of a line.
    private static func matches(_ pattern: Substring, _ line: Substring) -> Bool {
        guard let first = pattern.first else { return true }
        if first != "*" { return line.first == first && matches(pattern.dropFirst(), line.dropFirst()) }
        let rest = pattern.dropFirst()
        // The place alone is looked at, not what stands there.
        var tail = line[...]
        while true {
            if matches(rest, tail) { return true }
            guard let next = tail.first, next != "\u{1F}" else { return false }
            tail = tail.dropFirst()
        }
    }

    private func run(_ arguments: [String], in directory: URL) throws -> String {
        let process = Process()
        process.executableURL = CaseTests.binary.appending(path: "ashlar")
        process.arguments = arguments
        process.currentDirectoryURL = directory
        process.environment = ["PATH": "/usr/bin:/bin", "HOME": directory.path, "USER": "tester"]
        let (output, errors) = (Pipe(), directory.appending(path: "terraform.ashlar-errors"))
        try Data().write(to: errors)
        process.standardOutput = output
        process.standardError = try FileHandle(forWritingTo: errors)
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let text = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        try #require(
            process.terminationStatus == 0,
            "\(arguments.joined(separator: " ")): \(String(decoding: text, as: UTF8.self))\((try? String(contentsOf: errors, encoding: .utf8)) ?? "")"
        )
        return String(decoding: text, as: UTF8.self)
    }

    private func filtered(_ text: String) -> String {
        text.replacing(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/, with: "UUID")
            .replacing(/\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/, with: "TIME")
    }
}
