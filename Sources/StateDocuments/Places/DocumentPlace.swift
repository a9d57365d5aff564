public import StateModel

/// Where a document can be, and be locked: a file, a URL, an object of a bucket, a row. What a place does not need to know is what the document
/// says; what it must promise is that a document is replaced as a whole, or that `read` tells what was being written.
public protocol DocumentPlace: Sendable {
    /// As messages name it.
    var name: String { get }
    /// Nil where there is none yet.
    func read() async throws(StateStoreError) -> [UInt8]?
    /// Durable when it returns. Called by the holder of the lock alone.
    func write(_ bytes: [UInt8]) async throws(StateStoreError)
    /// - Parameter former: lock of a process of ours that certainly runs no more, and may have left it here.
    /// - Throws: `.locked` with its holder.
    func lock(_ lock: DocumentLock, replacing former: String?) async throws(StateStoreError)
    /// Gives back what `lock` took.
    func unlock(_ lock: DocumentLock) async throws(StateStoreError)
    /// Who holds the lock, as far as this place can tell without taking it.
    func currentLock() async throws(StateStoreError) -> DocumentLock?
    /// - Throws: `.notHeld` where the lock that is held is another.
    func breakLock(id: String) async throws(StateStoreError)
}
