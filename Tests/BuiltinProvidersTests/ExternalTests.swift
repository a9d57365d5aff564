import BuiltinProviders
import Diagnostics
import Foundation
import ProviderKit
import Testing
import Values

/// `data.external` with programs of this machine.
struct ExternalTests {
    let data = Lifecycle(.external, "external")

    private func program(_ words: String...) -> Value { .list(words.map { Value.string($0) }, of: .string) }
    private func shell(_ script: String) -> Value { program("sh", "-c", script) }

    @Test func aProgramIsAskedInJSON() async throws {
        let answer = try await data.data([
            "program": program(
                "python3", "-c", "import json,sys; q=json.load(sys.stdin); q['args']=' '.join(sys.argv[1:]); json.dump(q, sys.stdout)",
                "a b", "$HOME"),
            "query": .map([("x", "ä\"\n"), ("none", .null(.string))], of: .string),
        ])
        // No shell has seen the arguments, and null is no text to ask with.
        #expect(answer["result"] == .map([("x", "ä\"\n"), ("args", "a b $HOME")], of: .string))
        #expect(answer["id"] == "-")
    }

    @Test func itRunsWhereItIsTold() async throws {
        let scratch = try Scratch()
        try scratch.write("here.sh", "#!/bin/sh\necho '{\"in\": \"'$(pwd -P)'\"}'\n", mode: 0o755)
        let answer = try await data.data(["program": program("./here.sh"), "working_dir": .string(scratch.path)])
        #expect(answer["result"]?["in"]?.stringValue?.hasSuffix(scratch.path) == true)
    }

    @Test func whatItDoesNotReadOrSaysOnTheSideDoesNoHarm() async throws {
        let large = Value.string(String(repeating: "x", count: 300_000))
        let answer = try await data.data([
            "program": shell("echo aside >&2; echo '{\"a\": null}'"), "query": .map([("large", large)], of: .string),
        ])
        #expect(answer["result"] == .map([("a", "")], of: .string))
        // Both streams full.
        let loud = try await data.data([
            "program": shell("head -c 200000 /dev/zero >&2; printf '{\"a\":\"'; head -c 200000 /dev/zero | tr '\\0' y; printf '\"}'")
        ])
        #expect(loud["result"]?["a"]?.stringValue?.utf8.count == 200_000)
    }

    @Test(
        arguments: [
            ("echo oops >&2; exit 3", "External Program Execution Failed", "oops"),
            ("exit 7", "External Program Execution Failed", "exit status 7"),
            ("kill -9 $$", "External Program Execution Failed", "killed"), ("echo hello", "Unexpected External Program Results", "JSON"),
            ("echo '[]'", "Unexpected External Program Results", "not an object"),
            ("echo '{\"a\": 1}'", "Unexpected External Program Results", "the value of \"a\" is number"),
            ("true", "Unexpected External Program Results", "JSON"),
        ])
    func whatGoesWrongIsSaid(script: String, summary: String, part: String) async throws {
        let failure = await #expect(throws: ProviderFailure.self) { try await data.data(["program": shell(script)]) }
        #expect(failure?.summary == summary)
        #expect(failure?.detail.contains(part) == true, "\(failure?.detail ?? "")")
    }

    @Test func aProgramThatIsNotThere() async throws {
        for name in ["no-such-program", "./no-such-program", "/tmp"] {
            let failure = await #expect(throws: ProviderFailure.self) { try await data.data(["program": program(name)]) }
            #expect(failure?.summary == (name == "/tmp" ? "External Program Execution Failed" : "External Program Lookup Failed"))
        }
        #expect(try data.dataFaults(["program": .list([], of: .string)]).map(\.summary) == ["Invalid Attribute Value"])
        let empty = await #expect(throws: ProviderFailure.self) { try await data.data(["program": program("", "")]) }
        #expect(empty?.summary == "External Program Missing")
    }

    /// Who is no longer waited for ends, and so does what it has started.
    @Test func cancellingEndsItWithWhatItStarted() async throws {
        let scratch = try Scratch()
        let file = "\(scratch.path)/pids"
        let task = Task { try await data.data(["program": shell("sleep 300 & echo $! $$ > \(file); wait")]) }
        while !FileManager.default.fileExists(atPath: file) { try await Task.sleep(for: .milliseconds(10)) }
        try await Task.sleep(for: .milliseconds(50))
        let numbers = try String(contentsOfFile: file, encoding: .utf8).split(whereSeparator: \.isWhitespace).compactMap { pid_t($0) }
        #expect(numbers.count == 2)
        task.cancel()
        await #expect(throws: ProviderFailure.self) { try await task.value }
        // A dead child of a dead parent may still be waited for by another.
        for number in numbers {
            var tries = 0
            while kill(number, 0) == 0, tries < 100, try !isZombie(number) {
                try await Task.sleep(for: .milliseconds(20))
                tries += 1
            }
            #expect(tries < 100)
        }
    }

    private func isZombie(_ number: pid_t) throws -> Bool {
        guard let text = try? String(contentsOfFile: "/proc/\(number)/stat", encoding: .utf8) else { return true }
        return text.contains(") Z ")
    }
}
