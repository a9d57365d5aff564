import StateModel

/// A store that tells what state it turns out to hold, also where the first event has only just made it one: before anything is changed on
/// its behalf.
struct WatchedStore: StateStore {
    let store: any StateStore
    let learned: @Sendable (StateVersion) -> Void

    func snapshot() async throws(StateStoreError) -> StateSnapshot {
        let snapshot = try await store.snapshot()
        learned(snapshot.version)
        return snapshot
    }

    func append(_ events: [StateEvent], under lock: StateLock, expecting version: StateVersion)
        async throws(StateStoreError) -> StateVersion
    {
        let reached = try await store.append(events, under: lock, expecting: version)
        learned(reached)
        return reached
    }

    func history(limit: Int) async throws(StateStoreError) -> [RunRecord] { try await store.history(limit: limit) }

    func events(since serial: Int64, limit: Int) async throws(StateStoreError) -> [(serial: Int64, event: StateEvent)] {
        try await store.events(since: serial, limit: limit)
    }

    func lock(for holder: LockHolder) async throws(StateStoreError) -> StateLock { try await store.lock(for: holder) }

    func takeOver(_ held: StateLock, for holder: LockHolder) async throws(StateStoreError) -> StateLock {
        try await store.takeOver(held, for: holder)
    }

    func unlock(_ lock: StateLock) async throws(StateStoreError) { try await store.unlock(lock) }

    func currentLock() async throws(StateStoreError) -> StateLock? { try await store.currentLock() }

    func breakLock(id: String) async throws(StateStoreError) { try await store.breakLock(id: id) }
}
