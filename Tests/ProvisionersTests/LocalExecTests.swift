import Foundation
import ProviderKit
import Testing
import Values

@testable import Provisioners

@Suite struct LocalExecTests {
    @Test func outputIsShownLineByLineWithWhatIsRun() async throws {
        let bench = try Bench()
        defer { bench.remove() }
        let outcome = await bench.run("local-exec", [("command", .string("echo a; echo b >&2; printf 'c\\n\\nd'"))])
        #expect(outcome.failure == nil)
        #expect(
            bench.lines.text == [
                #"Executing: ["/bin/sh" "-c" "echo a; echo b >&2; printf 'c\\n\\nd'"]"#, "a", "b", "c", "", "d",
            ])
    }

    @Test func interpreterDirectoryAndEnvironmentAreThoseGiven() async throws {
        let bench = try Bench(environment: ["PATH": "/usr/bin:/bin", "KEPT": "kept", "CHANGED": "old"])
        defer { bench.remove() }
        try FileManager.default.createDirectory(atPath: bench.path("inner"), withIntermediateDirectories: true)
        let outcome = await bench.run(
            "local-exec",
            [
                ("command", .string("echo $0 $KEPT $CHANGED $NEW; pwd")),
                ("interpreter", .list([.string("/bin/sh"), .string("-c")], of: .string)), ("working_dir", .string("inner")),
                ("environment", .map([("CHANGED", .string("new")), ("NEW", .string("x y"))], of: .string)), ("quiet", .bool(true)),
            ])
        #expect(outcome.failure == nil)
        #expect(bench.lines.text.prefix(2) == ["local-exec: Executing: Suppressed by quiet=true", "/bin/sh kept new x y"])
        #expect(bench.lines.text.last?.hasSuffix("/inner") == true)
    }

    @Test(arguments: [
        ("exit 3", "Error running command 'exit 3': exit status 3. Output: "),
        ("echo a; kill -9 $$", "Error running command 'echo a; kill -9 $$': signal: killed. Output: a\n"),
    ])
    func failuresSayHowItEnded(command: String, detail: String) async throws {
        let bench = try Bench()
        defer { bench.remove() }
        let outcome = await bench.run("local-exec", [("command", .string(command))])
        #expect(outcome.failure?.summary == "local-exec provisioner error")
        #expect(outcome.failure?.detail == detail)
    }

    @Test func whatCannotBeStartedSaysWhy() async throws {
        let bench = try Bench()
        defer { bench.remove() }
        let program = await bench.run(
            "local-exec", [("command", .string("x")), ("interpreter", .list([.string("/nope")], of: .string))])
        #expect(program.failure?.detail.contains("fork/exec /nope: no such file or directory") == true)
        let folder = await bench.run("local-exec", [("command", .string("x")), ("working_dir", .string("/nope"))])
        #expect(folder.failure?.detail.contains("chdir /nope: no such file or directory") == true)
        let empty = await bench.run("local-exec", [("command", .string(""))])
        #expect(empty.failure?.summary == "Invalid local-exec provisioner command")
    }

    @Test func secretsAreInNoLineAndInNoError() async throws {
        let bench = try Bench()
        defer { bench.remove() }
        let outcome = await bench.run("local-exec", [("command", .string("echo hunter2; exit 1"))], secrecy: .sensitive)
        let notice = "(output suppressed due to sensitive value in config)"
        #expect(bench.lines.text == [notice, notice])
        let told = try #require(outcome.failure)
        #expect(!told.detail.contains("hunter2") && told.detail.contains(notice))
    }

    /// What keeps the pipe open must not keep the run: the reference waits for it.
    @Test func whatIsLeftRunningIsNotWaitedFor() async throws {
        let bench = try Bench()
        defer { bench.remove() }
        let began = ContinuousClock.now
        let outcome = await bench.run("local-exec", [("command", .string("sleep 1000 & echo $!"))])
        #expect(outcome.failure == nil)
        if let left = bench.lines.text.last.flatMap({ pid_t($0) }) { kill(left, SIGKILL) }
        #expect(ContinuousClock.now - began < .seconds(900))
    }

    @Test func cancellingKillsAllThatWasStarted() async throws {
        let bench = try Bench()
        defer { bench.remove() }
        let task = Task { await bench.run("local-exec", [("command", .string("sh -c 'sleep 300; touch late' & echo on; sleep 300"))]) }
        while !bench.lines.text.contains("on") { try await Task.sleep(for: .milliseconds(20)) }
        task.cancel()
        let outcome = await task.value
        #expect(outcome.failure?.code == .cancelled)
        #expect(bench.text("late") == nil)
    }

    @Test func muchOutputIsCutIntoLinesThatAreBounded() async throws {
        let bench = try Bench()
        defer { bench.remove() }
        let outcome = await bench.run("local-exec", [("command", .string("head -c 1000000 /dev/zero | tr '\\0' x; exit 1"))])
        let lines = bench.lines.text.dropFirst()
        #expect(lines.map(\.utf8.count).reduce(0, +) == 1_000_000)
        #expect(lines.allSatisfy { $0.utf8.count <= LineSplitter.longest })
        #expect(outcome.failure.map { $0.detail.utf8.count < 20_000 } == true)
    }

    @Test func nothingOfThisProcessIsOpenInTheCommand() async throws {
        let bench = try Bench()
        defer { bench.remove() }
        let file = open("/dev/null", O_RDONLY)
        defer { close(file) }
        _ = await bench.run("local-exec", [("command", .string("ls /proc/self/fd | wc -l"))])
        // Three, and the listing's own.
        #expect(bench.lines.text.last == "4")
    }

    @Test func charactersAreNotCutApart() {
        var lines = LineSplitter()
        var found: [String] = []
        lines.take(Array(String(repeating: "é", count: LineSplitter.longest).utf8)) { found.append($0) }
        lines.end { found.append($0) }
        #expect(found.joined() == String(repeating: "é", count: LineSplitter.longest))
    }
}
