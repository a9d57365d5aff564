import Foundation
import Testing

@testable import Commands

/// What is said never holds up a run: readers that stop, that go away and that take nothing.
@Suite struct OutputTests {
    private func several(_ count: Int) -> String { "resource \"terraform_data\" \"a\" {\n  count = \(count)\n  input = count.index\n}\n" }

    @Test func aDescriptorThatTakesNothing() async throws {
        let work = try Workplace(several(50))
        let (output, code) = try await work.run("ashlar apply -auto-approve > /dev/full")
        #expect(code == 1 && output.contains("Error: standard output could not be written: No space left on device."), "\(output)")
        #expect(try await work.recorded().count == 50)
        let history = try await work.run("ashlar history")
        #expect(history.output.contains("apply  done") && history.output.contains("50 created"), "\(history.output)")
        for command in ["plan", "plan -json", "plan -detailed-exitcode -destroy", "state list", "version", "version -json", "--help"] {
            let refused = try await work.run("ashlar \(command) > /dev/full")
            #expect(refused.code == 1 && refused.output.contains("standard output could not be written"), "\(command): \(refused)")
        }
        // Nobody can be told of these, and nothing was left undone.
        for command in ["apply -auto-approve 2>/dev/full", "apply -auto-approve 2>&-", "state list"] {
            let silent = try await work.run("ASHLAR_LOG=trace ashlar \(command)")
            #expect(silent.code == 0, "\(command): \(silent)")
        }
    }

    /// The reader looks at the state itself, and reads nothing before all is recorded there and the lock is given back.
    @Test(.timeLimit(.minutes(15))) func aReaderThatHasStoppedReading() async throws {
        let work = try Workplace(several(2000))
        let (output, _) = try await work.run(
            """
            ashlar apply -auto-approve 2>&1 | {
              for try in $(seq 300); do
                ashlar history 2>/dev/null | grep -q 'apply  done' && break; sleep 0.3
              done
              ashlar state list >recorded; ashlar state rm 'terraform_data.a[0]' >removed; echo "rm: $?"
              cat >said
            }
            wc -l <recorded; cat removed; grep -c 'Creation complete' said; tail -1 said
            """)
        #expect(output.contains("rm: 0\n2000\nRemoved terraform_data.a[0]"), "\(output)")
        #expect(output.contains("\n2000\nApply complete! Resources: 2000 added"), "\(output)")
    }

    /// The window is closed in the middle of a run.
    @Test(.timeLimit(.minutes(15))) func aTerminalThatIsClosed() async throws {
        let work = try Workplace(
            "resource \"time_sleep\" \"a\" {\n  create_duration = \"3s\"\n}\n"
                + "resource \"terraform_data\" \"b\" {\n  count = 20\n  input = time_sleep.a.id\n}\n")
        let (terminal, name) = openTerminal()
        // With the terminal as its own, so that it is told of the hang-up too.
        let run = try Workplace.Running(
            "setsid -c -w ashlar apply -auto-approve <\(name) >\(name) 2>\(name); echo \"ended: $?\"", in: work.folder)
        var said = ""
        var bytes = [UInt8](repeating: 0, count: 4096)
        while !said.contains("Creating...") {
            let count = read(terminal, &bytes, bytes.count)
            if count <= 0, errno != EINTR { break }
            said += String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
        }
        #expect(said.contains("time_sleep.a: Creating..."), "\(said)")
        close(terminal)
        let (output, _) = try await run.end()
        #expect(output.contains("ended: 1"), "\(output)")
        #expect(try await work.recorded().count == 21)
        let history = try await work.run("ashlar history; ashlar apply -auto-approve")
        #expect(history.code == 0 && history.output.contains("apply  done"), "\(history.output)")
        #expect(!history.output.contains("Taking over") && !history.output.contains("Looking for"), "\(history.output)")
    }

    /// A new terminal's inner end, and the path of its outer one.
    private func openTerminal() -> (Int32, String) {
        let terminal = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
        // TIOCGPTN and TIOCSPTLCK, which Swift does not see: its number, and that it may be opened.
        var (number, locked): (Int32, Int32) = (-1, 0)
        #expect(terminal >= 0 && ioctl(terminal, 0x8004_5430, &number) == 0 && ioctl(terminal, 0x4004_5431, &locked) == 0)
        return (terminal, "/dev/pts/\(number)")
    }

    // MARK: The thread

    /// A pipe that is full before anything is posted.
    private func clogged() throws -> (read: Int32, write: Int32, filler: Int) {
        var ends: [Int32] = [0, 0]
        #expect(pipe(&ends) == 0)
        for end in ends { #expect(fcntl(end, F_SETFL, O_NONBLOCK) == 0 && fcntl(end, F_SETFD, FD_CLOEXEC) == 0) }
        let block = [UInt8](repeating: UInt8(ascii: "."), count: 4096)
        var filler = 0
        while case let count = write(ends[1], block, block.count), count > 0 { filler += count }
        return (ends[0], ends[1], filler)
    }

    private func everything(_ descriptor: Int32) async throws -> String {
        var all: [UInt8] = []
        var bytes = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = read(descriptor, &bytes, bytes.count)
            if count == 0 { return String(decoding: all, as: UTF8.self) }
            if count > 0 { all += bytes.prefix(count) } else { try await Task.sleep(for: .milliseconds(5)) }
        }
    }

    @Test(.timeLimit(.minutes(15))) func whoPostsNeverWaitsAndNothingIsLost() async throws {
        let (read, write, filler) = try clogged()
        let output = OutputThread(standard: write, error: write)
        for index in 0..<5000 { output.post("line \(index)\n", to: index % 3 == 0 ? .error : .standard) }
        async let said = everything(read)
        await output.end()
        close(write)
        #expect(try await said.dropFirst(filler) == (0..<5000).map { "line \($0)\n" }.joined())
        #expect(output.lostOutput == nil)
        close(read)
    }

    @Test(.timeLimit(.minutes(15))) func ofLiveLinesOnlyTheNewestAreWritten() async throws {
        let (read, write, filler) = try clogged()
        let output = OutputThread(standard: write, error: write)
        for index in 0..<5000 {
            output.show(LiveLines(text: "live \(index)\u{1B}[K\n", count: 1))
            if index % 1000 == 0 {
                output.post("above \(index)\n", to: .standard, live: LiveLines(text: "at \(index)\u{1B}[K\n", count: 1))
            }
        }
        async let said = everything(read)
        await output.drain()
        // In one piece: said one after the other, the thread may write the first before it hears of the second.
        output.post("last", to: .standard, live: LiveLines.none)
        await output.end()
        close(write)
        let text = String(try await said.dropFirst(filler))
        // What was posted first may have been under way already when the rest came.
        #expect(text.matches(of: /live \d+/).count <= 2 && text.matches(of: /at \d+/).count <= 1, "\(text)")
        #expect(text.matches(of: /above (\d+)\u{1B}\[K\n/).map { String($0.1) } == ["0", "1000", "2000", "3000", "4000"], "\(text)")
        #expect(text.contains("live 4999\u{1B}[K\n") && text.hasSuffix("\u{1B}[1A\rlast\u{1B}[J"), "\(text)")
        close(read)
    }

    @Test func whatRefusesIsWrittenToNoMore() async throws {
        let full = open("/dev/full", O_WRONLY | O_CLOEXEC)
        let output = OutputThread(standard: full, error: full)
        output.post("a", to: .standard)
        await output.end()
        #expect(output.lostOutput == "No space left on device")
        close(full)
    }
}
