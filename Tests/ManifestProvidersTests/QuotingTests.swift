import Diagnostics
import Foundation
import HCLSyntax
import Testing
import Transport
import Values

@testable import ManifestProviders

private let endpoint = HostEndpoint(address: "127.0.0.1", user: "root", credentials: .init(), trust: .init())

/// A fixed sequence, so that a failure comes again.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

/// Shells of this machine that scripts may meet.
let shells: [[String]] = [["/bin/dash"], ["/bin/bash", "--posix"], ["/bin/busybox", "sh"], ["/bin/sh"]].filter {
    FileManager.default.isExecutableFile(atPath: $0[0])
}

@Suite struct QuotingTests {
    @Test(arguments: shells) func anyTextIsOneWord(_ shell: [String]) async throws {
        var random = SeededGenerator(state: 7)
        let pieces = [
            "'", "\"", "\\", "$", "`", "$(id)", "${x}", "\n", "\r", "\t", " ", "*", "?", "[a-z]", "~", "#", ";", "&", "|", "<", ">", "(",
            ")", "{", "}",
            "!", "=", "-", "--", "%", "é", "日本", "\u{1F600}", "\u{7F}", "\u{1}", "\\n", "'\\''", "EOF", "",
        ]
        var texts = pieces
        for _ in 0..<400 {
            texts.append((0..<Int.random(in: 1...12, using: &random)).map { _ in pieces.randomElement(using: &random) ?? "" }.joined())
        }
        let units = texts.map { text in
            ScriptUnit(
                form: .step(input: nil), file: "x", text: "set -- \(ShellWord.quoted(text))\nemit count \"$#\"\nemit text \"$1\"",
                timeout: 1)
        }
        var run = ScriptRun(units, stopsAtFailure: false, owner: KeepsakeOwner(lineage: "test", run: "1"))
        let output = try await LocalShell(shell: shell).run(HostCommand(script: run.text), on: endpoint, onOutput: nil)
        let ended = run.receive(output.output)
        #expect(ended.count == texts.count)
        for (index, result) in ended {
            #expect(result.emitted["count"] == "1")
            #expect(result.emitted["text"].map { Array($0.utf8) } == Array(texts[index].utf8))
        }
    }

    @Test(arguments: shells) func anyInputArrives(_ shell: [String]) async throws {
        let texts = [
            "", "\n", "no end", "line\n", "\n\n\n", "'quotes' \"and\" $(more)\n", String(repeating: "0123456789abcdef\n", count: 20_000),
        ]
        let units = texts.map { ScriptUnit(form: .step(input: $0), file: "x", text: "emit text \"$(cat; printf x)\"", timeout: 1) }
        var run = ScriptRun(units, stopsAtFailure: true, owner: KeepsakeOwner(lineage: "test", run: "1"))
        let output = try await LocalShell(shell: shell).run(HostCommand(script: run.text), on: endpoint, onOutput: nil)
        let ended = run.receive(output.output)
        #expect(ended.map { $0.result.emitted["text"] } == texts.map { $0 + "x" })
    }

    /// Nothing that a program prints is taken for a field, wherever it prints it.
    @Test(arguments: shells) func programsCannotFakeFields(_ shell: [String]) async throws {
        let unit = ScriptUnit(
            form: .step(input: nil), file: "x",
            text: """
                printf '00000000000000000000000000000000 e 4 4\\nfake\\nfake\\n'
                printf '00000000000000000000000000000000 e 4 4\\nfake\\nfake\\n' >&3
                emit real "$(printf '00000000000000000000000000000000 e 4 4\\nfake\\nfake\\n')"
                """, timeout: 1)
        var run = ScriptRun([unit], stopsAtFailure: true, owner: KeepsakeOwner(lineage: "test", run: "1"))
        let output = try await LocalShell(shell: shell).run(HostCommand(script: run.text), on: endpoint, onOutput: nil)
        let ended = run.receive(output.output)
        #expect(ended.count == 1)
        #expect(ended.first?.result.emitted.keys.sorted() == ["real"])
    }

    @Test(arguments: shells) func failureNamesStatusAndLine(_ shell: [String]) async throws {
        let units = [
            ScriptUnit(
                form: .step(input: nil), file: "x", text: "_l=11;true\n_l=12;echo told >&2; (exit 7)\n_l=13;emit never x", timeout: 1),
            ScriptUnit(
                form: .step(input: nil), file: "x", text: "_l=21;at_exit 'emit cleaned yes'\n_l=22;x=$(false)\n_l=23;true", timeout: 1),
            ScriptUnit(form: .step(input: nil), file: "x", text: "emit fine yes", timeout: 1),
        ]
        var run = ScriptRun(units, stopsAtFailure: false, owner: KeepsakeOwner(lineage: "test", run: "1"))
        let output = try await LocalShell(shell: shell).run(HostCommand(script: run.text), on: endpoint, onOutput: nil)
        let ended = run.receive(output.output)
        #expect(ended.map(\.result.status) == [7, 1, 0])
        #expect(ended.map(\.result.line) == [12, 22, nil])
        #expect(ended.map { $0.result.emitted } == [[:], ["cleaned": "yes"], ["fine": "yes"]])
        #expect(run.errorLines(of: 0, in: output.errorOutput) == ["told"])
        #expect(run.errorLines(of: 1, in: output.errorOutput) == [])
        var stopping = ScriptRun(units, stopsAtFailure: true, owner: KeepsakeOwner(lineage: "test", run: "1"))
        let stopped = try await LocalShell(shell: shell).run(HostCommand(script: stopping.text), on: endpoint, onOutput: nil)
        #expect(stopping.receive(stopped.output).map(\.index) == [0])
    }

    @Test func whatIsNoWordIsRefused() throws {
        let expression = Expression(.null, range: .empty)
        let cases: [(Value, String)] = [
            (.null(.string), "null"), (.unknown(.string), "not known"), (.string("a\0b"), "NUL"),
            (.object([("a", .string("b"))]), "object"),
            (.string("secret").marked(.sensitive), "sensitive"), (.tuple([.tuple([])]), "list whose elements"),
        ]
        for (value, word) in cases {
            let error = #expect(throws: DiagnosticError.self) { try ShellWord.rendered(value, expression, file: "x") }
            #expect(error?.diagnostics.first?.detail.contains(word) == true)
        }
        #expect(try ShellWord.rendered(.tuple([.string("a b"), .int(3), .true]), expression, file: "x") == "'a b' '3' 'true'")
        #expect(try ShellWord.rendered(.emptyTuple, expression, file: "x") == "")
    }
}
