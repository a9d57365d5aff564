import StateModel

/// A state that lasts as long as a test: nothing of it is written anywhere.
actor MemoryStore: StateStore {
    private var state: StateSnapshot
    private var journal: [StateEvent] = []
    private var held: StateLock?
    private var epoch: Int64 = 0

    /// - Parameter name: what stands for the state's lineage.
    init(_ name: String) { state = StateSnapshot(version: StateVersion(lineage: name, serial: 0)) }

    func snapshot() async throws(StateStoreError) -> StateSnapshot { state }

    func append(_ events: [StateEvent], under lock: StateLock, expecting version: StateVersion)
        async throws(StateStoreError) -> StateVersion
    {
        guard held?.id == lock.id else { throw StateStoreError(.lockLost, "The lock of the test's state was lost.") }
        guard version == state.version else {
            throw StateStoreError(.versionMismatch(expected: version, found: state.version), "The test's state has changed meanwhile.")
        }
        for event in events { state.fold(event) }
        journal += events
        state.version.serial += Int64(events.count)
        return state.version
    }

    func history(limit: Int) async throws(StateStoreError) -> [RunRecord] { [] }

    func events(since serial: Int64, limit: Int) async throws(StateStoreError) -> [(serial: Int64, event: StateEvent)] {
        journal.enumerated().map { (Int64($0.offset) + 1, $0.element) }.filter { $0.0 >= serial }.prefix(max(0, limit)).map { $0 }
    }

    func lock(for holder: LockHolder) async throws(StateStoreError) -> StateLock {
        if let held { throw StateStoreError(.locked(held), "The test's state is in use.") }
        epoch += 1
        let lock = StateLock(id: "test-\(epoch)", epoch: epoch, holder: holder)
        held = lock
        return lock
    }

    func takeOver(_ held: StateLock, for holder: LockHolder) async throws(StateStoreError) -> StateLock {
        throw StateStoreError(.locked(held), "The test's state is in use.")
    }

    func unlock(_ lock: StateLock) async throws(StateStoreError) { if held?.id == lock.id { held = nil } }
    func currentLock() async throws(StateStoreError) -> StateLock? { held }
    func breakLock(id: String) async throws(StateStoreError) { held = nil }
}
