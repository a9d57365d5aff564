import Addresses
import Diagnostics
import Foundation
import StateModel
import Values

extension Session {
    func snapshot() async throws(CommandFailure) -> StateSnapshot {
        do throws(StateStoreError) {
            return try await store.snapshot()
        } catch {
            throw fail(error)
        }
    }

    func pattern(_ text: String) throws(CommandFailure) -> AddressPattern {
        guard let pattern = AddressPattern(text) else {
            throw fail(
                [
                    .error(
                        "Invalid address",
                        "\"\(text)\" is not an address such as aws_instance.web[0], aws_instance.web[\"a\"] or module.network.",
                        hints: ["In a shell, put single quotes around an address with a key."])
                ], SourceMap())
        }
        return pattern
    }

    /// - Parameter candidates: what the address could mean, where it is not precise enough.
    func noInstance(_ text: String, _ snapshot: StateSnapshot, among candidates: [ObjectAddress]) -> CommandFailure {
        guard !candidates.isEmpty else {
            return nothing(at: text, snapshot, summary: "No instance found for the given address!")
        }
        let some = candidates.prefix(5).map(\.description).joined(separator: ", ") + (candidates.count > 5 ? ", …" : "")
        return fail(
            [
                .error(
                    "No instance found for the given address!", "\(text) names \(candidates.count) objects, and one is wanted: \(some).",
                    hints: ["Name one of them."])
            ], SourceMap())
    }

    /// Nothing is recorded there.
    func nothing(at text: String, _ snapshot: StateSnapshot, summary: String = "Unknown resource") -> CommandFailure {
        let near = nearestName(text, among: snapshot.objects.keys.map(\.description).sorted())
        return fail(
            [
                .error(
                    summary, "The state has no object at \(text).",
                    hints: near.map { ["Did you mean \($0)?"] } ?? ["List what there is with: ashlar state list"])
            ], SourceMap())
    }

    func run(_ command: RunRecord.Command, _ operation: String, planDigest: String = "") -> RunRecord {
        let now = Date().timeIntervalSince1970
        let random = (0..<4).map { _ in String(UInt8.random(in: .min ... .max), radix: 16) }.joined()
        return RunRecord(
            id: RunID(rawValue: "\(Int(now * 1000))-\(random)"), command: command, holder: holder(operation), beganAt: now,
            planDigest: planDigest)
    }

    /// Runs `body` under the state's lock, waiting for it up to `timeout` seconds.
    func locked<Result>(_ operation: String, timeout: Double, _ body: (StateLock) async throws -> Result) async throws -> Result {
        let lock = try await lock(operation, timeout: timeout)
        let result: Result
        do {
            result = try await interruptible(holding: lock) { try await body(lock) }
        } catch {
            // That it could not be given back has been said then; what ended the body is what ends the command.
            try? await unlock(lock)
            throw error
        }
        try await unlock(lock)
        return result
    }

    private func unlock(_ lock: StateLock) async throws(CommandFailure) {
        do throws(StateStoreError) {
            try await store.unlock(lock)
        } catch {
            var error = error
            if error.code != .lockLost {
                error.hints.append("The lock stays behind. The next run on this machine sees that its holder has ended, and takes it over.")
            }
            throw fail(error)
        }
    }

    private func lock(_ operation: String, timeout: Double) async throws(CommandFailure) -> StateLock {
        let deadline = Date().timeIntervalSince1970 + timeout
        while true {
            do throws(StateStoreError) {
                return try await store.lock(for: holder(operation))
            } catch {
                guard case .locked(let held) = error.code else { throw fail(error) }
                if error.isHolderGone {
                    if let lock = try await takeOver(held, operation) { return lock }
                    continue
                }
                guard Date().timeIntervalSince1970 < deadline else { throw fail(error) }
            }
            // Cancelled: the next try, or the deadline, ends it.
            try? await Task.sleep(for: .milliseconds(200))
        }
    }
}

extension Session {
    /// Takes the lock of a process that certainly runs no more: killed, or the machine went down.
    /// - Returns: nil where another process was quicker: the lock is asked for again then, and says who has it now.
    private func takeOver(_ held: StateLock, _ operation: String) async throws(CommandFailure) -> StateLock? {
        do throws(StateStoreError) {
            let lock = try await store.takeOver(held, for: holder(operation))
            terminal.writeError(
                "Taking over the state's lock from process \(held.holder.process) (\(held.holder.operation)), which ended without giving it back.\n"
            )
            return lock
        } catch {
            switch error.code {
            case .locked, .notHeld: return nil
            default: throw fail(error)
            }
        }
    }
}

/// Recorded objects as people read them.
struct StatePrinter {
    let paint: Paint

    func text(_ object: StateObject) -> String {
        let resource = object.address.instance.resource.resource
        var result = "# \(object.address):\(object.status == .ready ? "" : " (\(object.status.rawValue))")\n"
        result +=
            "\(resource.mode == .managed ? "resource" : resource.mode.rawValue) \"\(resource.type.rawValue)\" \"\(resource.name)\" {\n"
        let printer = ValuePrinter(paint: paint, write: { _ in })
        let entries = (object.attributes.entries ?? []).filter { !$0.value.isNull }
        let width = entries.map(\.key.count).max() ?? 0
        for (key, value) in entries {
            result += "    \(key)\(String(repeating: " ", count: width - key.count)) = \(printer.text(value, indent: 4))\n"
        }
        return result + "}\n"
    }
}
