import Addresses
public import Diagnostics
import ProviderKit
public import StateModel
import Values

/// What became of the intents that a run left open.
public struct RecoveryResult: Sendable {
    /// After what was found out has been recorded; `openIntents` are those of which nothing could be found out.
    public var snapshot: StateSnapshot
    /// Objects whose create is recorded now.
    public var adopted: [Intent] = []
    /// Objects that exist and were not finished: recorded as tainted, each with a warning that says what is missing.
    public var unfinished: [Intent] = []
    /// Intents of which certainly nothing came.
    public var withdrawn: [Intent] = []
    /// Updates and deletes whose object has been read again.
    public var reread: [Intent] = []
    /// Errors where a provider could not tell, with the address and what to do; warnings of what was half made.
    public var diagnostics: [Diagnostic] = []

    public var unresolved: [Intent] { snapshot.openIntents }
}

/// Finds out what the open intents of a run that was cut off have done, and records it. Runs under the lock, before planning.
///
/// A create is looked for (`find`): what exists is adopted, as tainted where it was not finished, what certainly does not is withdrawn, and what had made way for it comes
/// back. The object of an update or a delete is read again. An interrupted provisioner taints its object. What a provider cannot
/// tell stays open, with a diagnostic.
public struct Recovery: Sendable {
    let store: any StateStore
    let lock: StateLock
    let providers: any ProviderPool
    let clock: ApplyClock
    let parallelism: Int

    public init(store: any StateStore, lock: StateLock, providers: any ProviderPool, clock: ApplyClock, parallelism: Int = 16) {
        self.store = store
        self.lock = lock
        self.providers = providers
        self.clock = clock
        self.parallelism = max(1, parallelism)
    }

    /// - Parameters:
    ///   - snapshot: the state now.
    ///   - run: as it is to be recorded; nothing is where no intent is open.
    /// - Throws: where the state cannot be written; what was found out before is recorded.
    public func recover(_ snapshot: StateSnapshot, run: RunRecord) async throws(StateStoreError) -> RecoveryResult {
        var result = RecoveryResult(snapshot: snapshot)
        var waiting = snapshot.openIntents
        if waiting.isEmpty { return result }
        try await append([.runBegan(run)], &result)
        while !waiting.isEmpty {
            let ready = askable(waiting, result.snapshot)
            if ready.isEmpty { break }
            let asked = Set(ready.map(\.id))
            waiting.removeAll { asked.contains($0.id) }
            var events: [StateEvent] = []
            let open = Set(result.snapshot.openIntents.map(\.address))
            for (intent, finding) in await resolve(ready, result.snapshot, open: open) {
                switch finding {
                case .adopted(let found):
                    result.adopted.append(intent)
                    events += found
                case .unfinished(let found, let warning):
                    result.unfinished.append(intent)
                    result.diagnostics.append(warning)
                    events += found
                case .withdrawn(let found):
                    result.withdrawn.append(intent)
                    events += found
                case .reread(let found):
                    result.reread.append(intent)
                    events += found
                case .unresolved(let diagnostics): result.diagnostics += diagnostics
                }
            }
            if !events.isEmpty { try await append(events, &result) }
        }
        let ended: RunRecord.Result = result.snapshot.openIntents.isEmpty ? .done : .failed
        try await append([.runEnded(run.id, result: ended, at: clock.now(), counts: .init())], &result)
        return result
    }

    /// Intents that wait for the answer to none before them: not for their container's create, nor for another step on their instance
    /// (a create that made nothing takes back the object that a delete is about).
    private func askable(_ waiting: [Intent], _ snapshot: StateSnapshot) -> [Intent] {
        let creating = Set(waiting.filter { $0.action == .create }.map(\.address))
        var instances: Set<ResourceInstanceAddress> = []
        return waiting.filter { intent in
            let isFirst = instances.insert(intent.address.instance).inserted
            return isFirst && !(container(of: intent, snapshot).map { creating.contains(ObjectAddress($0)) } ?? false)
        }
    }

    private func append(_ events: [StateEvent], _ result: inout RecoveryResult) async throws(StateStoreError) {
        result.snapshot.version = try await store.append(events, under: lock, expecting: result.snapshot.version)
        for event in events { result.snapshot.fold(event) }
    }

    func container(of intent: Intent, _ snapshot: StateSnapshot) -> ResourceInstanceAddress? {
        intent.planned?.container ?? snapshot.object(at: intent.address)?.container
    }
}
