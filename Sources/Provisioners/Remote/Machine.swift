import ProviderKit
import Synchronization
import Transport
import Values

/// Keys that machines have shown in this run to somebody who knew none of them, by place.
final class MetMachines: Sendable {
    private let keys = Mutex<[String: String]>([:])

    func key(at place: String) -> String? { keys.withLock { $0[place] } }

    /// - Returns: the key that is known there from now on: the first.
    func meet(_ key: String, at place: String) -> String {
        keys.withLock { keys in
            if let known = keys[place] { return known }
            keys[place] = key
            return key
        }
    }
}

/// One machine, as one provisioner knows it.
///
/// Its key is verified, always: by `host_key`, by known_hosts, by what the object remembers of it. Where nobody knows it, it is taken at
/// its first word and remembered; from then on no other is accepted there.
final class Machine {
    let reach: Reach
    let type: String
    private(set) var endpoint: HostEndpoint
    private let settings: Provisioners.Settings
    private let met: MetMachines
    private let known: [String: String]
    private let shown: Shown
    /// Keys accepted for the first time.
    private(set) var learnt: [String: String] = [:]

    init(
        reach: Reach, settings: Provisioners.Settings, met: MetMachines, type: String, known: [String: String], shown: Shown
    ) {
        self.reach = reach
        self.settings = settings
        self.met = met
        self.type = type
        self.known = known
        self.shown = shown
        endpoint = reach.endpoint
    }

    /// Waits until the machine lets us in, as long as its connection's `timeout` says: one that has just been made may not be up yet, nor
    /// have its users.
    func connect() async throws(ProviderFailure) {
        announce()
        let deadline = ContinuousClock.now.advanced(by: .seconds(reach.timeout))
        var pause = 0.5
        while true {
            do throws(TransportFailure) {
                try await trust()
                _ = try await run(HostCommand(script: ":", timeout: 60, name: "logging in"))
                shown.line("Connected!")
                return
            } catch {
                if error.code == .cancelled || Task.isCancelled { throw cancelled }
                let mayPass = [.resolution, .connection, .timeout, .authentication, .interrupted, .protocolViolation].contains(error.code)
                if mayPass, ContinuousClock.now.advanced(by: .seconds(pause)) < deadline {
                    let wait = pause
                    // Nothing is under way on it yet: who is interrupted waits no longer.
                    let isOver = await Interruption.ending {
                        do { try await Task.sleep(for: .seconds(wait)) } catch { return false }
                        return true
                    }
                    if Task.isCancelled { throw cancelled }
                    if !isOver { throw failure(error, "interrupted while waiting for it - last error: ") }
                    pause = min(pause * 2, 10)
                    continue
                }
                throw failure(error, mayPass ? "timeout - last error: " : "")
            }
        }
    }

    /// - Parameter onOutput: gets what the script prints; nil keeps it for the result.
    func run(
        _ command: HostCommand, onOutput: (@Sendable ([UInt8]) -> Void)? = nil
    ) async throws(TransportFailure) -> HostCommandResult {
        try await settings.hosts().run(command, on: endpoint, onOutput: onOutput)
    }

    func failure(_ failure: TransportFailure, _ what: String = "") -> ProviderFailure {
        if failure.code == .cancelled { return cancelled }
        // The transport speaks of a host's own resource; here it is a connection that says which key is right.
        let hints = failure.hints.map {
            $0.replacing("say so in its resource", with: "say so in the connection")
                .replacing(" What it held is looked for and made again.", with: "")
        }
        return .provisioner(type, what + failure.message, hints: hints)
    }

    private var cancelled: ProviderFailure { .provisioner(type, "The provisioner was stopped.", code: .cancelled) }

    // MARK: Trust

    /// Pins what is known of the machine's key; where nothing is, what it shows now.
    private func trust() async throws(TransportFailure) {
        if reach.hasPinnedKey { return }
        endpoint = reach.endpoint
        if let remembered = known[reach.place] ?? met.key(at: reach.place) {
            endpoint.trust.pinned = [remembered]
            if known[reach.place] == nil { learnt[reach.place] = remembered }
            return
        }
        if lists(reach.endpoint.trust.knownHosts) { return }
        let shownKey = try await settings.hosts().hostKey(of: endpoint)
        let key = met.meet(shownKey.line, at: reach.place)
        endpoint.trust.pinned = [key]
        learnt[reach.place] = key
    }

    /// Whether a file names the machine: then that is what counts. Names that are hashed in it are not seen here; the file is asked again
    /// when the machine shows its key, and stops what contradicts it.
    private func lists(_ files: [HostTrust.KnownHostsFile]) -> Bool {
        let names = Set(
            [reach.place, "[\(reach.endpoint.address)]:\(reach.endpoint.port)", reach.endpoint.address].map { $0.lowercased() })
        return files.contains { file in
            file.text.split(whereSeparator: \.isNewline).contains { line in
                guard !line.hasPrefix("#") else { return false }
                var words = line.split(whereSeparator: { $0 == " " || $0 == "\t" })
                if words.first?.hasPrefix("@") == true { words.removeFirst() }
                return words.first?.split(separator: ",").contains { names.contains($0.lowercased()) } ?? false
            }
        }
    }

    private func announce() {
        let endpoint = reach.endpoint
        for line in [
            "Connecting to remote host via SSH...", "  Host: \(endpoint.address)", "  User: \(endpoint.user)",
            "  Password: \(endpoint.credentials.password != nil)", "  Private key: \(!endpoint.credentials.privateKeys.isEmpty)",
            "  Certificate: false", "  SSH Agent: \(endpoint.credentials.agentSocket != nil)", "  Checking Host Key: true",
            "  Target Platform: unix",
        ] {
            shown.line(line)
        }
    }
}
