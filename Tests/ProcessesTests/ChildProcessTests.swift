import Glibc
import Testing

@testable import Processes

struct ChildProcessTests {
    /// What a command prints, and how it ends.
    private func run(_ script: String, environment: [String: String]? = ["PATH": "/usr/bin:/bin", "X": "y"], directory: String? = nil)
        async throws
        -> (text: String, end: ChildProcess.End)
    {
        let pipe = try Pipe()
        let child = try ChildProcess(
            ["/bin/sh", "-c", script], environment: environment, directory: directory, output: .descriptor(pipe.writing),
            errors: .descriptor(pipe.writing))
        close(pipe.writing)
        return await BlockingThreads.shared.run {
            var bytes: [UInt8] = []
            while case let more = readSome(from: pipe.reading), !more.isEmpty { bytes += more }
            close(pipe.reading)
            return (String(decoding: bytes, as: UTF8.self), child.reap(waiting: true) ?? .lost("not waited for"))
        }
    }

    @Test func findsWhatItIsGivenAndNothingElse() async throws {
        #expect(try await run("echo $X; pwd", directory: "/usr") == ("y\n/usr\n", .exited(0)))
        #expect(try await run("exit 3").end == .exited(3))
        #expect(try await run("kill -9 $$").end == .signalled(9))
        // Its own end of the pipe twice, its input, and the one that looks.
        #expect(try await run("ls /proc/self/fd").text == "0\n1\n2\n3\n")
    }

    @Test func noSignalIsIgnoredBecauseThisProgramDoesSo() async throws {
        let before = signal(SIGXFSZ, SIG_IGN)
        defer { signal(SIGXFSZ, before) }
        let text = try await run("grep -E 'Sig(Ign|Blk)' /proc/self/status").text
        let masks = text.split(whereSeparator: \.isWhitespace).compactMap { UInt64($0, radix: 16) }
        // The first two above 31 are the C library's own, which it lets nobody change.
        #expect(masks.count == 2 && masks.allSatisfy { $0 & ~(3 << 31) == 0 }, "\(text)")
    }

    @Test func whatItHasStartedEndsWithIt() async throws {
        let pipe = try Pipe()
        let child = try ChildProcess(
            ["/bin/sh", "-c", "sleep 1000 & echo $!; sleep 1000"], environment: nil, output: .descriptor(pipe.writing))
        close(pipe.writing)
        let text = await BlockingThreads.shared.run { String(decoding: readSome(from: pipe.reading), as: UTF8.self) }
        let grandchild = try #require(pid_t(text.split(separator: "\n").first ?? ""))
        // Not all that run: those of other tests do, too.
        child.kill()
        #expect(await BlockingThreads.shared.run { child.reap(waiting: true) } == .signalled(9))
        #expect(child.wasKilled)
        // The pipe ends when nobody holds it any more.
        #expect(await BlockingThreads.shared.run { readSome(from: pipe.reading).isEmpty })
        close(pipe.reading)
        var tries = 0
        while kill(grandchild, 0) == 0, tries < 2_000 {
            tries += 1
            usleep(1_000)
        }
        #expect(tries < 2_000)
    }

    @Test func whatCannotBeStarted() throws {
        #expect(throws: SystemFailure.self) { try ChildProcess(["/nowhere/at/all"], environment: nil) }
        #expect(throws: SystemFailure.self) { try ChildProcess(["/bin/true"], environment: nil, directory: "/nowhere") }
        #expect(throws: SystemFailure.self) { try ChildProcess(["/bin/true", "a\0b"], environment: nil) }
        #expect(throws: SystemFailure.self) { try ChildProcess([], environment: nil) }
    }
}
