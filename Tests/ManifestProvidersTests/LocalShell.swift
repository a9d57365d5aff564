import Foundation
import Glibc
import Synchronization
import TestSupport
import Transport

/// Runs scripts in a shell on this machine, as the transport would on a host.
final class LocalShell: HostTransport {
    let shell: [String]
    /// What was run.
    let commands = Mutex<[HostCommand]>([])
    /// Breaks the connection once this text has come.
    let breaksAfter: String?
    /// Where scripts look for programs, in place of the system's directories.
    let programs: String?
    /// Where creates keep what was there before.
    let keepsakes = FileManager.default.temporaryDirectory.path + "/ashlar-keepsakes-" + UUID().uuidString

    /// The notes of what still has to be settled.
    var unsettled: [String] {
        FileManager.default.enumerator(atPath: keepsakes)?.compactMap { $0 as? String }.filter { $0.contains("/unsettled") } ?? []
    }

    deinit {
        // Often nothing was kept.
        try? FileManager.default.removeItem(atPath: keepsakes)
    }

    init(shell: [String] = ["/bin/sh"], breaksAfter: String? = nil, programs: String? = nil) {
        self.shell = shell
        self.breaksAfter = breaksAfter
        self.programs = programs
    }

    func run(
        _ command: HostCommand, on host: HostEndpoint, onOutput: (@Sendable ([UInt8]) -> Void)?
    ) async throws(TransportFailure) -> HostCommandResult {
        commands.withLock { $0.append(command) }
        let system = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
        let script = command.script.replacing("/var/lib/ashlar/before", with: keepsakes)
            .replacing("PATH=\(system)\n", with: "PATH='\(programs ?? system)'\n")
        let shell = self.shell
        let result = await withCheckedContinuation { (continuation: CheckedContinuation<HostCommandResult, Never>) in
            Thread {
                // Not Foundation's own, which waits for all that the script leaves behind, too.
                let size = script.utf8.count
                let (input, output, errors) = (Pipe(), Pipe(), Pipe())
                for pipe in [input, output, errors] {
                    // Else what scripts leave behind would hold them open.
                    for end in [pipe.fileHandleForReading, pipe.fileHandleForWriting] { _ = fcntl(end.fileDescriptor, F_SETFD, FD_CLOEXEC) }
                }
                let child: Child
                do {
                    child = try Child(
                        shell[0], shell.dropFirst() + ["-c", "s=$(head -c \(size)); eval \"$s\""],
                        input: input.fileHandleForReading.fileDescriptor, output: output.fileHandleForWriting.fileDescriptor,
                        errors: errors.fileHandleForWriting.fileDescriptor)
                } catch {
                    continuation.resume(returning: HostCommandResult(status: 127, output: [], errorOutput: Array("\(error)".utf8)))
                    return
                }
                input.fileHandleForReading.closeFile()
                output.fileHandleForWriting.closeFile()
                errors.fileHandleForWriting.closeFile()
                let collected = Mutex<[UInt8]>([])
                let feeding = Thread {
                    input.fileHandleForWriting.write(Data(script.utf8))
                    input.fileHandleForWriting.write(Data(command.input))
                    input.fileHandleForWriting.closeFile()
                }
                feeding.start()
                let group = DispatchGroup()
                group.enter()
                Thread {
                    drain(errors.fileHandleForReading) { bytes in collected.withLock { $0 += bytes } }
                    group.leave()
                }.start()
                var all: [UInt8] = []
                drain(output.fileHandleForReading) { bytes in
                    all += bytes
                    onOutput?(bytes)
                }
                let status = child.wait()
                group.wait()
                continuation.resume(returning: HostCommandResult(status: status, output: all, errorOutput: collected.withLock { $0 }))
            }.start()
        }
        if let breaksAfter, String(decoding: result.output, as: UTF8.self).contains(breaksAfter) {
            throw TransportFailure(.interrupted, "The connection broke.")
        }
        var shown = result
        shown.hostKey = try await hostKey(of: host)
        return shown
    }

    func hostKey(of host: HostEndpoint) async throws(TransportFailure) -> HostKey {
        HostKey(type: "ssh-ed25519", base64: "AAAAlocal", fingerprint: "SHA256:local")
    }

    func close() async {}
}

/// Reads to the end, in pieces as they come.
private func drain(_ handle: FileHandle, _ take: ([UInt8]) -> Void) {
    var buffer = [UInt8](repeating: 0, count: 64 << 10)
    while true {
        let count = read(handle.fileDescriptor, &buffer, buffer.count)
        if count > 0 { take(Array(buffer[..<count])) } else if count == 0 || errno != EINTR { return }
    }
}

/// The same machine, looked at by a later run.
struct AnotherRun: HostTransport {
    let first: LocalShell
    private let shell = LocalShell()

    init(of first: LocalShell) { self.first = first }

    func run(
        _ command: HostCommand, on host: HostEndpoint, onOutput: (@Sendable ([UInt8]) -> Void)?
    ) async throws(TransportFailure) -> HostCommandResult {
        var command = command
        command.script = command.script.replacing("/var/lib/ashlar/before", with: first.keepsakes)
        return try await shell.run(command, on: host, onOutput: onOutput)
    }

    func hostKey(of host: HostEndpoint) async throws(TransportFailure) -> HostKey { try await shell.hostKey(of: host) }

    func close() async {}
}

/// A host that cannot be reached.
struct DeadHost: HostTransport {
    let failure: TransportFailure

    func run(
        _ command: HostCommand, on host: HostEndpoint, onOutput: (@Sendable ([UInt8]) -> Void)?
    ) async throws(TransportFailure) -> HostCommandResult {
        throw failure
    }

    func hostKey(of host: HostEndpoint) async throws(TransportFailure) -> HostKey { throw failure }

    func close() async {}
}
