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
                let key = try await trust()
                _ = try await run(HostCommand(script: ":", timeout: 60, name: "logging in"))
                if let key { try remember(key) }
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

    /// Leaves the machine to known_hosts where that names it; else pins what is remembered of its key, or what it shows now.
    ///
    /// - Returns: the key to remember once the transport has accepted it; nil where the object's record knows enough.
    private func trust() async throws(TransportFailure) -> String? {
        if reach.hasPinnedKey { return nil }
        endpoint = reach.endpoint
        let hosts = settings.hosts()
        if hosts.knowsKey(of: endpoint) { return nil }
        if let remembered = known[reach.place] {
            endpoint.trust.pinned = [remembered]
            return nil
        }
        let key: String
        if let seen = met.key(at: reach.place) { key = seen } else { key = try await hosts.hostKey(of: endpoint).line }
        endpoint.trust.pinned = [key]
        return key
    }

    /// What was refused is never remembered: the real machine would be the stranger then.
    private func remember(_ key: String) throws(TransportFailure) {
        guard met.meet(key, at: reach.place) == key else {
            throw TransportFailure(.hostKeyChanged, "\(reach.place) has shown another host key to another provisioner of this run.")
        }
        learnt[reach.place] = key
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
