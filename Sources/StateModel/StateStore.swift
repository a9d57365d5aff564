/// The recorded objects of one workspace, and the journal of what was tried.
/// The journal is the truth: a snapshot is its fold, and history is free.
public protocol StateStore: Sendable {
    /// With its version and open intents.
    func snapshot() async throws(StateStoreError) -> StateSnapshot
    /// Durable when it returns, all or nothing. Callers batch: many events, one sync.
    /// - Throws: `.lockLost` where `lock` is no longer the state's, `.versionMismatch` where another wrote meanwhile.
    func append(_ events: [StateEvent], under lock: StateLock, expecting version: StateVersion)
        async throws(StateStoreError) -> StateVersion
    /// The newest runs first.
    func history(limit: Int) async throws(StateStoreError) -> [RunRecord]
    /// The journal from `serial` on, oldest first, each event with its number.
    func events(since serial: Int64, limit: Int) async throws(StateStoreError) -> [(serial: Int64, event: StateEvent)]
    /// - Throws: `.locked` with its holder.
    func lock(for holder: LockHolder) async throws(StateStoreError) -> StateLock
    /// In one step takes the lock away from `held`, whose process certainly runs no more (`isHolderGone`), and gives it to `holder`. The
    /// epoch of `held` ends with it, so that it could not write even if it did come back.
    /// - Throws: `.locked` with its holder where another was quicker, `.notHeld` where that one has given it back already.
    func takeOver(_ held: StateLock, for holder: LockHolder) async throws(StateStoreError) -> StateLock
    func unlock(_ lock: StateLock) async throws(StateStoreError)
    /// Who holds the lock now.
    func currentLock() async throws(StateStoreError) -> StateLock?
    /// Takes the lock away from whoever holds it.
    /// - Throws: `.notHeld` where the lock that is held is another, or none is.
    func breakLock(id: String) async throws(StateStoreError)
}

/// Who holds, or wants, the lock.
public struct LockHolder: Sendable, Hashable, Codable {
    public var user: String
    public var host: String
    public var process: Int32
    /// `apply`, `destroy`, …
    public var operation: String
    /// Seconds since 1970, UTC.
    public var since: Double
    /// The program's version.
    public var program: String

    public init(user: String, host: String, process: Int32, operation: String, since: Double, program: String) {
        self.user = user
        self.host = host
        self.process = process
        self.operation = operation
        self.since = since
        self.program = program
    }
}

/// The right to append to one state, and who has it.
public struct StateLock: Sendable, Hashable, Codable {
    /// Random.
    public var id: String
    /// Grows with each lock taken: an append by a stale holder is refused by it.
    public var epoch: Int64
    public var holder: LockHolder

    public init(id: String, epoch: Int64, holder: LockHolder) {
        self.id = id
        self.epoch = epoch
        self.holder = holder
    }
}

/// The state could not be read or written. Nothing was written where it is thrown.
public struct StateStoreError: Error, Sendable, Hashable {
    public enum Code: Sendable, Hashable {
        case locked(StateLock)
        case lockLost
        /// The lock that was to be broken or taken over is not, or no longer, the one that is held.
        case notHeld
        case versionMismatch(expected: StateVersion, found: StateVersion)
        /// A checksum, a foreign format, an impossible event.
        case damaged
        case newerFormat
        case full
        case permission
        /// There is one state only where this one is.
        case noWorkspaces
        case other
    }

    public var code: Code
    /// Full sentences: what was being attempted, where, what happened.
    public var message: String
    public var hints: [String]
    /// With `.locked`: the process that holds the lock certainly runs no more, so that taking it over harms nobody.
    public var isHolderGone: Bool

    public init(_ code: Code, _ message: String, hints: [String] = [], isHolderGone: Bool = false) {
        self.isHolderGone = isHolderGone
        self.code = code
        self.message = message
        self.hints = hints
    }
}
