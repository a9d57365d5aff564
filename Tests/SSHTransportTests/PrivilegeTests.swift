import Testing
import Transport

@testable import SSHTransport

@Suite struct PrivilegeTests {
    let lab: TestLab
    let transport = SSHHostTransport()

    init() async throws { lab = try await TestLab.shared }

    @Test func rootNeedsNone() async throws {
        let (_, output, _) = try await transport.text("id -un; ps -o args= -p $PPID", on: lab.endpoint(1, become: .init()))
        #expect(output.hasPrefix("root\n"))
        #expect(!output.contains("sudo"))
    }

    @Test(arguments: [nil, "not needed"] as [String?])
    func sudoWithoutAPassword(_ password: String?) async throws {
        let host = try lab.endpoint(1, user: "deploy", become: .init(password: password))
        let (status, output, errors) = try await transport.text(
            "id -un; echo $HOME; cat; echo err >&2; exit 4", on: host, input: Array("in".utf8))
        #expect(status == 4)
        #expect(output == "root\n/root\nin")
        #expect(errors == "err\n")
    }

    @Test func sudoWithThePassword() async throws {
        let host = try lab.endpoint(1, user: "ops", become: .init(password: "lab"))
        // The second time it is known to be right and travels with the script.
        for _ in 0..<3 {
            let (status, output, errors) = try await transport.text("id -un; cat; exit 5", on: host, input: Array("in\u{0}put".utf8))
            #expect(status == 5)
            #expect(output == "root\nin\u{0}put")
            #expect(errors == "")
        }
        let other = try lab.endpoint(1, user: "ops", become: .init(user: "deploy", password: "lab"))
        #expect(try await transport.text("id -un", on: other).1 == "deploy\n")
    }

    @Test func aWrongPasswordFailsAndDoesNotHang() async throws {
        let host = try lab.endpoint(1, user: "ops", become: .init(password: "wrong-secret"))
        let failure = try await transport.failure(of: "touch /tmp/must-not-be", on: host)
        #expect(failure.code == .privilege)
        #expect(failure.hadNoEffect)
        #expect(failure.message.contains("ops@") && failure.message.contains("the password was refused"))
        #expect(!"\(failure)".contains("wrong-secret"))
        #expect(try await lab.exec(1, "ls /tmp").contains("must-not-be") == false)
    }

    @Test func aMissingPasswordIsNamed() async throws {
        let failure = try await transport.failure(on: lab.endpoint(1, user: "ops", become: .init()))
        #expect(failure.code == .privilege)
        #expect(failure.message.contains("a password is required"))
        #expect(failure.hints.first?.contains("NOPASSWD") == true)
    }

    @Test func refusalsAreClear() async throws {
        try await lab.exec(
            1,
            """
            for u in tty1 none1; do id $u >/dev/null 2>&1 || useradd -m -s /bin/bash $u; mkdir -p /home/$u/.ssh
            cp /root/.ssh/authorized_keys /home/$u/.ssh/; chown -R $u /home/$u/.ssh; done
            printf 'Defaults:tty1 requiretty\\ntty1 ALL=(ALL) NOPASSWD: ALL\\n' >/etc/sudoers.d/tty1
            """)
        let tty = try await transport.failure(on: lab.endpoint(1, user: "tty1", become: .init()))
        #expect(tty.code == .privilege)
        #expect(tty.message.contains("tty"))
        #expect(tty.hints.first?.contains("requiretty") == true)
        let none = try await transport.failure(on: lab.endpoint(1, user: "none1", become: .init()))
        #expect(none.code == .privilege)
    }

    @Test func doas() async throws {
        let missing = try await transport.failure(on: lab.endpoint(1, user: "deploy", become: .init(method: "doas")))
        #expect(missing.code == .privilege)
        #expect(missing.message.contains("not found"))
        // What doas does with the arguments we give it, for a host that has none.
        try await lab.exec(
            1,
            """
            cat >/usr/local/bin/doas <<'X'
            #!/bin/sh
            [ "$1 $2" = "-n -u" ] || exit 9
            user=$3
            shift 3
            exec sudo -n -u "$user" -- "$@"
            X
            chmod 755 /usr/local/bin/doas
            """)
        let host = try lab.endpoint(1, user: "deploy", become: .init(method: "doas"))
        #expect(try await transport.text("id -un", on: host).1 == "root\n")
        try await lab.exec(1, "rm /usr/local/bin/doas")
    }

    @Test func anAccountWithoutAShell() async throws {
        try await lab.exec(
            1,
            """
            id shell1 >/dev/null 2>&1 || useradd -m -s /usr/sbin/nologin shell1
            mkdir -p /home/shell1/.ssh; cp /root/.ssh/authorized_keys /home/shell1/.ssh/; chown -R shell1 /home/shell1/.ssh
            """)
        let failure = try await transport.failure(on: lab.endpoint(1, user: "shell1"))
        #expect(failure.code == .other)
        #expect(failure.hadNoEffect)
        #expect(failure.message.contains("not available"))
    }
}
