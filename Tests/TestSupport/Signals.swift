public import Foundation
import Glibc

extension Process {
    /// Starts it with no signal blocked. The threads of Swift's pool block them, and what is started inherits that: a shell's `kill`, `wait`
    /// and `timeout` would then do nothing, which they never do for a user.
    public func runUnblocked() throws {
        var none = sigset_t()
        var before = sigset_t()
        sigemptyset(&none)
        pthread_sigmask(SIG_SETMASK, &none, &before)
        defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
        try run()
    }
}
