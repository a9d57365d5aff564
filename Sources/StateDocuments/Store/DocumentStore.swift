public import StateModel

/// A state that others know as one document, and that still cannot lose an object: every event goes into a journal on this machine first, and the
/// document is published from it when the lock is given back.
///
/// What a killed run has recorded is published by the next; a document that somebody else has changed meanwhile is taken over into the journal
/// if that holds nothing unpublished, and refused otherwise. `docs/decisions/0008-state-documents.md` says why it is so.
public actor DocumentStore: StateStore {
    let place: any DocumentPlace
    let journal: any StateStore
    let shapes: any ObjectShapes
    /// Path of the `PublicationMark`.
    let markPath: String
    /// For what this store does to the journal by itself.
    let holder: @Sendable (_ operation: String) -> LockHolder
    private var held: StateLock?

    /// - Parameters:
    ///   - journal: of this document alone.
    ///   - markPath: of a file beside the journal.
    public init(
        place: any DocumentPlace, journal: any StateStore, markPath: String, shapes: any ObjectShapes,
        holder: @escaping @Sendable (_ operation: String) -> LockHolder
    ) {
        self.place = place
        self.journal = journal
        self.markPath = markPath
        self.shapes = shapes
        self.holder = holder
    }

    // MARK: Reading

    public func snapshot() async throws(StateStoreError) -> StateSnapshot {
        if held == nil { try await catchUp() }
        return try await journal.snapshot()
    }

    public func history(limit: Int) async throws(StateStoreError) -> [RunRecord] { try await journal.history(limit: limit) }

    public func events(since serial: Int64, limit: Int) async throws(StateStoreError) -> [(serial: Int64, event: StateEvent)] {
        try await journal.events(since: serial, limit: limit)
    }

    /// Takes a changed document over, where nobody on this machine is at work: who is has done so.
    private func catchUp() async throws(StateStoreError) {
        let mark = try PublicationMark(at: markPath)
        let document = try await place.read()
        if let mark, mark.pending == nil, mark.published?.digest == document.map(digest) { return }
        if mark == nil, document == nil { return }
        try FileSteps.makeFolder(of: markPath)
        let lock: StateLock
        do throws(StateStoreError) {
            lock = try await journal.lock(for: holder("state"))
        } catch {
            guard case .locked(let other) = error.code else { throw error }
            // Of a killed run: whoever takes the lock next publishes what it has recorded.
            guard error.isHolderGone else { return }
            lock = try await journal.takeOver(other, for: holder("state"))
        }
        do throws(StateStoreError) {
            // Read again: under the lock it is nobody else of this machine who writes it.
            try await synchronize(with: try await place.read(), under: lock)
        } catch {
            try await journal.unlock(lock)
            // Whoever is at work on it may be in the middle of writing it.
            if error.code == .damaged, let other = try await place.currentLock() { throw other.refusal(of: place.name) }
            throw error
        }
        try await journal.unlock(lock)
    }

    // MARK: Writing

    public func append(_ events: [StateEvent], under lock: StateLock, expecting version: StateVersion)
        async throws(StateStoreError) -> StateVersion
    {
        try await journal.append(events, under: lock, expecting: version)
    }

    // MARK: Locking

    public func lock(for holder: LockHolder) async throws(StateStoreError) -> StateLock {
        try FileSteps.makeFolder(of: markPath)
        let lock = try await journal.lock(for: holder)
        try await begin(lock, replacing: nil)
        return lock
    }

    public func takeOver(_ held: StateLock, for holder: LockHolder) async throws(StateStoreError) -> StateLock {
        let lock = try await journal.takeOver(held, for: holder)
        try await begin(lock, replacing: held.id)
        return lock
    }

    private func begin(_ lock: StateLock, replacing former: String?) async throws(StateStoreError) {
        let documentLock = DocumentLock(lock, path: place.name)
        do throws(StateStoreError) {
            try await place.lock(documentLock, replacing: former)
        } catch {
            try await journal.unlock(lock)
            throw error
        }
        do throws(StateStoreError) {
            try await synchronize(with: try await place.read(), under: lock)
        } catch {
            try await place.unlock(documentLock)
            try await journal.unlock(lock)
            throw error
        }
        held = lock
    }

    /// Publishes first. A document that cannot be written keeps its lock: others would go on from what it said before.
    public func unlock(_ lock: StateLock) async throws(StateStoreError) {
        guard let now = try await journal.currentLock(), now.id == lock.id, now.epoch == lock.epoch else {
            held = nil
            // Says what has become of it.
            return try await journal.unlock(lock)
        }
        try await publish()
        try await place.unlock(DocumentLock(lock, path: place.name))
        held = nil
        try await journal.unlock(lock)
    }

    public func currentLock() async throws(StateStoreError) -> StateLock? {
        if let own = try await journal.currentLock() { return own }
        return try await place.currentLock()?.stateLock
    }

    public func breakLock(id: String) async throws(StateStoreError) {
        guard let own = try await journal.currentLock(), own.id == id else { return try await place.breakLock(id: id) }
        do throws(StateStoreError) {
            try await place.breakLock(id: id)
        } catch {
            // The document's lock went with the process that held it, or was never taken.
            if error.code != .notHeld { throw error }
        }
        try await journal.breakLock(id: id)
        if held?.id == id { held = nil }
    }
}
