import Synchronization
import Testing
import Transport

@testable import SSHTransport

@Suite struct RunTests {
    let lab: TestLab
    let transport = SSHHostTransport()

    init() async throws { lab = try await TestLab.shared }

    @Test func outputErrorsAndStatus() async throws {
        let host = try lab.endpoint(1)
        let (status, output, errors) = try await transport.text("hostname; echo oops >&2; exit 7", on: host)
        #expect(status == 7)
        #expect(output == "h1\n")
        #expect(errors == "oops\n")
        #expect(try await transport.text("kill -9 $$", on: host).0 == 137)
        #expect(try await transport.text("if then", on: host).0 == 2)
    }

    @Test func greetingsOfLoginShellsAreNotOutput() async throws {
        try await lab.exec(
            1,
            "id chatty >/dev/null 2>&1 || useradd -m -s /bin/bash chatty; mkdir -p /home/chatty/.ssh; "
                + "cp /root/.ssh/authorized_keys /home/chatty/.ssh/; chown -R chatty /home/chatty/.ssh; "
                + "echo 'echo Welcome; echo Beware >&2' > /home/chatty/.bashrc")
        let (_, output, errors) = try await transport.text("echo out; echo err >&2", on: lab.endpoint(1, user: "chatty"))
        #expect(output == "out\n")
        #expect(errors == "err\n")
    }

    @Test func inputAndOutputAreByteForByte() async throws {
        let input = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 7) }
        let result = try await transport.run(HostCommand(script: "cat", input: input), on: lab.endpoint(1), onOutput: nil)
        #expect(result.output == input)
        #expect(try await transport.text("cat", on: lab.endpoint(1)).1 == "")
        #expect(try await transport.text("head -c 3", on: lab.endpoint(1), input: input).0 == 0)
        #expect(try await transport.text("exit 3", on: lab.endpoint(1), input: [UInt8](repeating: 1, count: 5_000_000)).0 == 3)
    }

    @Test func muchInputAndOutput() async throws {
        let input = [UInt8](repeating: 0x5A, count: 10 << 20)
        let count = try await transport.text("wc -c", on: lab.endpoint(1), input: input).1
        #expect(count.trimmingSpaces() == "\(10 << 20)")
        let seen = Mutex(0)
        let result = try await transport.run(
            HostCommand(script: "head -c 20000000 /dev/zero; head -c 2000000 /dev/zero >&2"), on: lab.endpoint(1)
        ) { piece in seen.withLock { $0 += piece.count } }
        #expect(result.output.count == 20_000_000)
        #expect(seen.withLock { $0 } == 20_000_000)
        #expect(result.errorOutput.count == 64 << 10)
    }

    @Test func outputComesAsItIsMade() async throws {
        // The script goes on only when its first output has been seen.
        let host = try lab.endpoint(1)
        let task = await transport.begin("while ! [ -e /tmp/seen ]; do sleep 0.1; done; rm /tmp/seen; echo end", on: host, timeout: 30)
        try await lab.exec(1, "touch /tmp/seen")
        #expect(try await task.value.output == Array("begin\nend\n".utf8))
    }

    @Test func tooMuchOutputStopsTheScript() async throws {
        let host = try lab.endpoint(1)
        do {
            _ = try await transport.run(
                HostCommand(script: "yes overflow", maximumOutputBytes: 100_000, name: "talking"), on: host,
                onOutput: nil)
            Issue.record("no failure")
        } catch {
            #expect(error.code == .responseTooLarge)
            #expect(error.message.contains("talking") && error.message.contains("100000 bytes"))
        }
        #expect(try await lab.exec(1, "pgrep -f '[y]es overflow' || echo none") == "none\n")
    }

    @Test func theProcessListHasNoSecret() async throws {
        for (user, become) in [("root", nil), ("deploy", HostEndpoint.Become()), ("ops", HostEndpoint.Become(password: "lab"))] {
            let host = try lab.endpoint(1, user: user, become: become)
            // It ends when its mark is removed, so that the list is surely read while it runs.
            let task = await transport.begin(
                "token=geheim1234; : \"$token\"; touch /tmp/mark; sleep 0.01\(user.count); while [ -e /tmp/mark ]; do sleep 0.2; done",
                on: host)
            let processes = try await lab.exec(1, "cat /proc/*/cmdline 2>/dev/null | tr '\\000' ' '")
            try await lab.exec(1, "while ! [ -e /tmp/mark ]; do sleep 0.1; done; rm /tmp/mark")
            #expect(processes.contains("printf"))
            #expect(!processes.contains("geheim"))
            #expect(try await task.value.output == Array("begin\n".utf8))
        }
        // Nor does the log have it.
        #expect(try await lab.exec(1, "journalctl -q --no-pager | grep -v grep | grep -c geheim || true") == "0\n")
    }

    /// A script that needs a new connection logs in for itself, also where the one that is open may have no second channel, and leaves
    /// nothing open. Where nobody may log in any more it does not run, whatever is open.
    @Test func aNewConnectionIsOneOfItsOwn() async throws {
        try await lab.exec(
            1,
            "id single >/dev/null 2>&1 || useradd -m -s /bin/bash single; mkdir -p /home/single/.ssh; "
                + "cp /root/.ssh/authorized_keys /home/single/.ssh/; chown -R single /home/single/.ssh; "
                + "rm -f /tmp/single")
        try await lab.startServer(on: 1, port: 2305, "UsePAM yes\nMaxSessions 1\n")
        var single = try lab.endpoint(1, user: "single")
        single.port = 2305
        let host = single
        let lines = Mutex<[String]>([])
        let transport = SSHHostTransport(trace: { line in lines.withLock { $0.append(line()) } })
        let fresh = HostCommand(script: "echo $PPID\n", timeout: 10, name: "looking", needsNewConnection: true)
        let first = await transport.begin("while ! [ -e /tmp/single ]; do sleep 0.1; done; echo $PPID", on: host, timeout: 30)
        let one = try await transport.run(fresh, on: host, onOutput: nil).output
        let two = try await transport.run(fresh, on: host, onOutput: nil).output
        try await lab.exec(1, "rm -r /home/single/.ssh")
        let failure = await #expect(throws: TransportFailure.self) { try await transport.run(fresh, on: host, onOutput: nil) }
        #expect(failure?.code == .authentication)
        try await lab.exec(1, "touch /tmp/single")
        #expect(try await first.value.status == 0)
        #expect(one != two)
        #expect(try await transport.text("true", on: host).0 == 0)
        #expect(lines.withLock { $0.filter { $0.contains("logged in") }.count } == 3)
        #expect(try await lab.exec(1, "rm /tmp/single; pgrep -c -u single sshd") == "1\n")
        await transport.close()
    }

    @Test func manyCommandsShareOneConnection() async throws {
        try await lab.exec(
            1,
            "id many >/dev/null 2>&1 || useradd -m -s /bin/bash many; mkdir -p /home/many/.ssh; "
                + "cp /root/.ssh/authorized_keys /home/many/.ssh/; chown -R many /home/many/.ssh")
        let host = try lab.endpoint(1, user: "many")
        let lines = Mutex<[String]>([])
        let transport = SSHHostTransport(trace: { line in lines.withLock { $0.append(line()) } })
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for number in 0..<60 {
                group.addTask {
                    let (status, output, _) = try await transport.text("cat; exit \(number)", on: host, input: Array("\(number)".utf8))
                    return status == number && output == "\(number)"
                }
            }
            var right = 0
            for try await isRight in group where isRight { right += 1 }
            #expect(right == 60)
        }
        #expect(lines.withLock { $0.filter { $0.contains("logged in") }.count } == 1)
        #expect(try await lab.exec(1, "pgrep -u many -c sshd") == "1\n")
        await transport.close()
        #expect(
            try await lab.exec(
                1, "for i in 1 2 3 4 5 6 7 8 9 10; do pgrep -u many sshd >/dev/null || { echo none; break; }; sleep 0.2; done") == "none\n")
        #expect(try await transport.text("echo again", on: host).1 == "again\n")
        await transport.close()
    }

    @Test func timeoutsStopTheScriptOnTheHost() async throws {
        for (user, become) in [("root", nil), ("ops", HostEndpoint.Become(password: "lab"))] {
            let host = try lab.endpoint(1, user: user, become: become)
            let failure = try await transport.failure(of: "echo begin; sleep 4711; echo end", on: host, timeout: 1)
            #expect(failure.code == .timeout)
            #expect(!failure.hadNoEffect)
            #expect(failure.message.contains("Testing on \(user)@") && failure.message.contains("within 1 s"))
            #expect(failure.message.contains("It was stopped on the host."))
            #expect(try await lab.exec(1, "pgrep -f '[s]leep 4711' || echo none") == "none\n")
            // The connection is as good as before.
            #expect(try await transport.text("echo on", on: host).1 == "on\n")
        }
    }

    @Test func aScriptThatIgnoresBeingAskedIsKilled() async throws {
        let failure = try await transport.failure(of: "trap '' TERM; while :; do sleep 4712; done", on: lab.endpoint(1), timeout: 1)
        #expect(failure.message.contains("It was stopped on the host."))
        #expect(try await lab.exec(1, "pgrep -f '[s]leep 4712' || echo none") == "none\n")
    }

    @Test func cancellation() async throws {
        let host = try lab.endpoint(1)
        let task = await transport.begin("sleep 4713", on: host)
        task.cancel()
        let result = await task.result
        guard case .failure(let error as TransportFailure) = result else {
            Issue.record("\(result)")
            return
        }
        #expect(error.code == .cancelled)
        #expect(!error.hadNoEffect)
        #expect(try await lab.exec(1, "pgrep -f '[s]leep 4713' || echo none") == "none\n")
    }

    @Test func cancellationBeforeTheBeginning() async throws {
        let host = try lab.endpoint(1, channels: 1)
        // The only channel is taken until the test says so, however long the machine makes it wait.
        let first = await transport.begin("while ! [ -e /run/taken-no-more ]; do sleep 0.1; done", on: host, timeout: 900)
        let second = Task { try await transport.text("touch /tmp/never", on: host) }
        try await Task.sleep(for: .milliseconds(100))
        second.cancel()
        guard case .failure(let error as TransportFailure) = await second.result else {
            Issue.record("it was not cancelled")
            return
        }
        #expect(error.code == .cancelled && error.hadNoEffect)
        try await lab.exec(1, "touch /run/taken-no-more")
        #expect(try await first.value.status == 0)
        let early = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await transport.text("touch /tmp/never", on: host)
        }
        guard case .failure(let error as TransportFailure) = await early.result else {
            Issue.record("it was not cancelled")
            return
        }
        #expect(error.code == .cancelled && error.hadNoEffect)
        #expect(try await lab.exec(1, "ls /tmp/never 2>/dev/null || echo none") == "none\n")
    }

    @Test func whatCannotBeConnected() async throws {
        var host = try lab.endpoint(1)
        host.port = 1
        let refused = try await transport.failure(on: host)
        #expect(refused.code == .connection && refused.hadNoEffect)
        #expect(refused.message.contains("Connection refused"))
        host = try lab.endpoint(1)
        host.address = "no-such-name.invalid"
        let unnamed = try await transport.failure(on: host)
        #expect(unnamed.code == .resolution && unnamed.hadNoEffect && unnamed.isNameUnknown)
        host = try lab.endpoint(1, timeout: 1)
        host.address = String(lab.address(1).prefix { $0 != "." }) + ".79.0.199"
        let nobody = try await transport.failure(on: host)
        #expect(nobody.code == .timeout || nobody.code == .connection)
        #expect(nobody.hadNoEffect)
    }

    @Test func aServerThatIsNotSSH() async throws {
        try await lab.exec(
            1,
            "pgrep -f notssh.sh >/dev/null || { printf 'while :; do echo hello; sleep 1; done\\n' >/run/notssh.sh; "
                + "systemd-socket-activate -l 2399 -a --inetd sh /run/notssh.sh >/dev/null 2>&1 & sleep 0.3; }")
        var host = try lab.endpoint(1, timeout: 2)
        host.port = 2399
        let failure = try await transport.failure(on: host)
        #expect(failure.hadNoEffect)
        #expect([.timeout, .protocolViolation, .connection].contains(failure.code))
    }
}
