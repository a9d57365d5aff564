import Foundation
import Glibc
import TestSupport
import Testing
import Transport

@testable import SSHTransport

/// The loader in shells of this machine, without a host.
@Suite struct ScriptLoaderTests {
    init() {
        // A script that ends early closes its end of our pipe.
        signal(SIGPIPE, SIG_IGN)
    }

    private func run(_ script: String, input: [UInt8] = [], shell: String = "sh", cut: Int = 0) async throws -> (Int, [UInt8], [UInt8]) {
        let loader = ScriptLoader(script: script, hasInput: !input.isEmpty, become: nil)
        let (stdin, stdout, stderr) = (Pipe(), Pipe(), Pipe())
        for pipe in [stdin, stdout, stderr] {
            for handle in [pipe.fileHandleForReading, pipe.fileHandleForWriting] { _ = fcntl(handle.fileDescriptor, F_SETFD, FD_CLOEXEC) }
        }
        let child = try Child(
            shell, ["-c", loader.commandLine], input: stdin.fileHandleForReading.fileDescriptor,
            output: stdout.fileHandleForWriting.fileDescriptor, errors: stderr.fileHandleForWriting.fileDescriptor)
        try stdin.fileHandleForReading.close()
        try stdout.fileHandleForWriting.close()
        try stderr.fileHandleForWriting.close()
        let bytes = Data(loader.payload.dropLast(cut) + input)
        async let written: Void = onThread {
            // A script that ends early closes its input.
            try? stdin.fileHandleForWriting.write(contentsOf: bytes)
            try? stdin.fileHandleForWriting.close()
        }
        async let output = onThread { (try? stdout.fileHandleForReading.readToEnd()) ?? Data() }
        async let errors = onThread { (try? stderr.fileHandleForReading.readToEnd()) ?? Data() }
        let (out, err) = (await output, await errors)
        await written
        let status = await onThread { child.wait() }
        var (outHead, errHead) = (StreamHead(announcement: loader.announcement), StreamHead(announcement: loader.announcement))
        let collected = out.withUnsafeBytes { outHead.pass($0) }
        let said = err.withUnsafeBytes { errHead.pass($0) }
        #expect(outHead.isPassed && errHead.isPassed)
        #expect(Int(outHead.word) == Int(child.pid))
        return (status, collected, said)
    }

    @Test(arguments: ["sh", "bash"])
    func statusOutputAndErrors(_ shell: String) async throws {
        let (status, output, errors) = try await run("echo out; echo err >&2; exit 3", shell: shell)
        #expect(status == 3)
        #expect(output == Array("out\n".utf8))
        #expect(errors == Array("err\n".utf8))
    }

    @Test(arguments: ["sh", "bash"])
    func inputIsTheScriptsAloneByteForByte(_ shell: String) async throws {
        let input = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ $0 >> 8) }
        let (status, output, _) = try await run("cat", input: input, shell: shell)
        #expect(status == 0)
        #expect(output == input)
    }

    @Test func whatIsReadInPartIsReadFromTheFirstByte() async throws {
        let (_, output, _) = try await run("head -c 5; exit 0", input: Array("12345".utf8) + [UInt8](repeating: 0, count: 1_000_000))
        #expect(output == Array("12345".utf8))
    }

    @Test(arguments: [
        ("#!/bin/sh\n# comment\necho \"$0 $#\"", "sh 0\n"), ("printf '%s|' 'a b' \"c'd\" '\\n' $((1 + 2))", "a b|c'd|\\n|3|"),
        ("cat <<'X'\n$a `b` \\\nX\n", "$a `b` \\\n"), ("cat <<X\nend\nX", "end\n"), ("set -eu; f() { echo f; }; f", "f\n"),
        ("echo ü€😀 | wc -c | tr -d ' '", "10\n"), ("", ""), ("cat", ""), ("echo x\n\n\n", "x\n"), ("echo ${s-unset}", "unset\n"),
    ])
    func scriptsMeanWhatTheySay(_ script: String, _ expected: String) async throws {
        for shell in ["sh", "bash"] {
            let (status, output, _) = try await run(script, shell: shell)
            #expect(status == 0)
            #expect(String(decoding: output, as: UTF8.self) == expected, "\(shell)")
        }
    }

    @Test func halfAScriptIsNotRun() async throws {
        for cut in [1, 20, 40, 60] {
            let (status, output, _) = try await run("echo ran; echo again; echo and again; echo once more", cut: cut)
            #expect(status == 97)
            #expect(output == [])
        }
    }

    @Test func nothingOfScriptAndPasswordIsInTheCommandLine() {
        let loader = ScriptLoader(
            script: "echo hidden-script", hasInput: true, become: .init(method: "sudo", user: "o'root", password: "hidden-password"))
        #expect(!loader.commandLine.contains("hidden"))
        #expect(loader.commandLine.contains("-u 'o'\\''root'"))
        #expect(!loader.commandLine.utf8.contains(UInt8(ascii: "\n")))
        // The announcement is never whole in the command line, so that an echo of it is not taken for the announcement.
        #expect(!loader.commandLine.contains(String(decoding: loader.announcement, as: UTF8.self)))
    }

    @Test func streamHeadsFindTheAnnouncementInAnyPieces() {
        let announcement = Array("0123456789abcdef".utf8)
        let text = Array("hello\n01234567 0123456789abcdeX\nquestion:".utf8) + announcement + Array(" 4711\nrest\u{0}of it".utf8)
        for size in 1...text.count {
            var head = StreamHead(announcement: announcement)
            var passed: [UInt8] = []
            for start in stride(from: 0, to: text.count, by: size) {
                text[start..<min(text.count, start + size)].withUnsafeBytes { passed += head.pass($0) }
            }
            #expect(head.isPassed)
            #expect(head.word == "4711")
            #expect(passed == Array("rest\u{0}of it".utf8))
            #expect(head.preamble == Array("hello\n01234567 0123456789abcdeX\nquestion:".utf8))
        }
    }

    @Test func promptsAreCounted() {
        var head = StreamHead(announcement: Array("AAAA".utf8))
        Array("lecture PROMPTsorry PROMPT".utf8).withUnsafeBytes { _ = head.pass($0) }
        #expect(head.count(of: Array("PROMPT".utf8)) == 2)
        #expect(head.count(of: Array("other".utf8)) == 0)
    }

    @Test func onlyTheTailOfErrorsIsKept() {
        var tail = StreamTail()
        for number in 0..<100_000 { tail.append(Array("\(number)\n".utf8)) }
        #expect(tail.bytes.count == StreamTail.limit)
        #expect(String(decoding: tail.bytes, as: UTF8.self).hasSuffix("99998\n99999\n"))
    }
}
