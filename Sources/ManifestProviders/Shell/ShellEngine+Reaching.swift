import ProviderKit
import Transport
import Values

// From a host's description to a connection that answers, and a second one that proves it still does.
extension ShellEngine {
    /// Seconds that a name which the name servers do not know is asked for again: it may just have been made, and is more often a slip.
    private static var patienceWithUnknownNames: Double { 10 }

    /// Seconds after which somebody who watches is told what is waited for: a machine that starts takes some.
    private static var silence: Double { 5 }

    /// The endpoint; for the create of a host, once it answers. Nothing is under way on the host meanwhile, so that an interrupt ends it.
    ///
    /// - Parameter waits: told what is waited for, and for how many seconds more at most, once that gets long.
    func reach(
        _ steps: [PreparedStep], host: Value, waits: @escaping @Sendable (ProviderFailure, Double) -> Void
    ) async throws(ProviderFailure) -> (HostEndpoint, Value) {
        let window = steps.map(\.connectWithin).max() ?? 0
        let isNew = steps.contains { $0.request.action == .create && $0.resource.schema.isContainer }
        let attempt = steps[0].attempt
        return try await Interruption.ending { () async -> Result<(HostEndpoint, Value), ProviderFailure> in
            do throws(ProviderFailure) {
                return .success(try await reach(host, within: window, isNew: isNew, attempting: attempt, told: waits))
            } catch {
                return .failure(error)
            }
        }.get()
    }

    private func reach(
        _ host: Value, within window: Double, isNew: Bool, attempting attempt: String, told: (ProviderFailure, Double) -> Void
    ) async throws(ProviderFailure) -> (HostEndpoint, Value) {
        var pins: [String] = []
        let start = ContinuousClock.now
        var pause = 0.25
        var toldOf: String?
        while true {
            let endpoint = try ssh.endpoint(of: host, pins: pins)
            var trusted = endpoint
            guard isNew || window > 0 else { return (endpoint, .emptyObject) }
            do throws(TransportFailure) {
                // Taken at its first word, once, with the user's consent; from here on it is recorded and pinned.
                if isNew, ssh.trustsNewHosts, endpoint.trust.pinned.isEmpty {
                    pins = [try await hosts.hostKey(of: endpoint).line]
                    trusted.trust.pinned = pins
                }
                let command = HostCommand(script: ":\n", timeout: 60, name: "connecting")
                let shown = try await hosts.run(command, on: trusted, onOutput: nil).hostKey
                return (trusted, .object([("host_key", shown.map { .string($0.line) } ?? .null(.string))]))
            } catch {
                let failure = error
                let patience: Double =
                    switch failure.code {
                    case .resolution where failure.isNameUnknown: min(Self.patienceWithUnknownNames, window)
                    case .resolution, .connection, .timeout, .interrupted, .protocolViolation: window
                    // A machine that is just being made may not know its users yet; a wrong key stays wrong.
                    case .authentication: min(10, window / 4)
                    default: 0
                    }
                let waits = patience > 0
                let end = start + .waiting(patience)
                guard waits, ContinuousClock.now + .seconds(pause) < end else {
                    var failed = ProviderFailure(failure, attempting: attempt)
                    // The host has been waited for as long as it was to be: a step tried four times would wait four times as long.
                    if waits, window > 0 { failed.isTransient = false }
                    throw failed
                }
                let now = ContinuousClock.now
                if now > start + .seconds(Self.silence), failure.message != toldOf {
                    toldOf = failure.message
                    told(ProviderFailure(failure, attempting: ""), (end - now) / .seconds(1))
                }
            }
            do { try await Task.sleep(for: .seconds(pause)) } catch {
                throw ProviderFailure(.cancelled, summary: "Cancelled", detail: "Cancelled while \(attempt).")
            }
            pause = min(2, pause * 1.5)
        }
    }

    /// A script has changed what could cut us off, and waits: a new connection that logs in and becomes who scripts run as confirms it. One
    /// that does not says nothing, and the script puts back what was before. A service that is starting again is asked again until then;
    /// a login that is refused is not, for hosts shut out whom they had to refuse often.
    ///
    /// - Returns: why nothing came through, if so. Ends when it is cancelled, as it is when the script has ended.
    func confirm(_ file: String, on endpoint: HostEndpoint) async -> TransportFailure? {
        guard file.hasPrefix("/run/ashlar-confirm."), !file.contains("'") else { return nil }
        var last: TransportFailure?
        while true {
            do throws(TransportFailure) {
                _ = try await hosts.run(
                    HostCommand(
                        script: "mv -- '\(file)' '\(file).confirmed'\n", timeout: 30, name: "confirming a change",
                        needsNewConnection: true),
                    on: endpoint, onOutput: nil)
                return nil
            } catch {
                if error.code == .cancelled { return last }
                last = error
                switch error.code {
                case .resolution, .connection, .timeout, .interrupted, .protocolViolation: break
                default: return last
                }
            }
            do { try await Task.sleep(for: .seconds(0.5)) } catch { return last }
        }
    }
}
