import Glibc

/// Keeps event threads from working while the process exits: libssh2's cryptography is taken down then, by a handler of its own,
/// under the feet of a thread that is just about to say goodbye to a host. At exit the gate is closed and stays so.
enum ExitGate {
    // Initialised once, before any thread uses it, and never freed.
    nonisolated(unsafe) private static let lock: UnsafeMutablePointer<pthread_rwlock_t> = {
        let lock = UnsafeMutablePointer<pthread_rwlock_t>.allocate(capacity: 1)
        pthread_rwlock_init(lock, nil)
        return lock
    }()

    /// After libssh2's start: handlers run in the reverse order.
    static func install() {
        atexit { pthread_rwlock_wrlock(ExitGate.lock) }
    }

    static func enter() { pthread_rwlock_rdlock(lock) }

    static func leave() { pthread_rwlock_unlock(lock) }
}
