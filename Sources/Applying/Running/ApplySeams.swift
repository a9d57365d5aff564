public import Addresses
public import Diagnostics
public import ProviderKit
public import StateModel
import Values

/// Where an apply gets its configured providers.
public protocol ProviderPool: Sendable {
    /// Configured now, where its configuration waited for a fact. Asked often: keeps what it has made.
    func provider(_ address: ProviderConfigAddress) async throws(DiagnosticError) -> any Provider
}

/// Is told what happens, as it happens, several things at a time. Called on the run's actor: returns at once. What provisioners print
/// comes on threads of theirs, which may be held up.
public protocol ApplyObserver: Sendable {
    func observe(_ notices: [ApplyNotice])
}

public enum ApplyNotice: Sendable {
    /// Its effect begins: its intent is durable.
    case stepBegan(ApplyStep)
    /// Its fact is durable.
    case stepEnded(ApplyStep, object: StateObject?, seconds: Double)
    case stepFailed(ApplyStep, [Diagnostic], seconds: Double)
    /// Failed for the moment; tried again after `delay` seconds. `tries`: how often it was tried.
    case stepRetried(ApplyStep, tries: Int, delay: Double, ProviderFailure)
    /// Has not begun yet, because of this failure, which is waited for, so many seconds more at most.
    case stepWaits(ApplyStep, ProviderFailure, atMost: Double)
    /// Its provisioner begins: the intent is durable.
    case provisionBegan(ApplyStep, provisioner: String)
    /// A line that a provisioner prints. Told from wherever it comes, between other notices.
    case provisionOutput(ApplyStep, provisioner: String, line: String)
    /// Its end is durable. Where it failed and that matters, `goesOn` is false and `stepFailed` follows.
    case provisionEnded(ApplyStep, provisioner: String, succeeded: Bool, goesOn: Bool)
    case output(name: String, OutputRecord?)
    /// Warnings that finishing gave.
    case warnings([Diagnostic])
    /// Interrupted: nothing new begins, what is under way ends.
    case interrupted(underWay: Int)
    /// Interrupted again: what is under way is abandoned.
    case abandoned(underWay: Int)
}

/// The time, and waiting for it; replaced in tests.
public struct ApplyClock: Sendable {
    /// Seconds since 1970, UTC.
    public var now: @Sendable () -> Double
    /// Returns after so many seconds, or sooner where the task is cancelled.
    public var sleep: @Sendable (Double) async -> Void

    public init(now: @escaping @Sendable () -> Double, sleep: @escaping @Sendable (Double) async -> Void) {
        self.now = now
        self.sleep = sleep
    }

    /// - Parameter now: the wall clock, which only the composition root reads.
    public static func system(now: @escaping @Sendable () -> Double) -> ApplyClock {
        ApplyClock(now: now) { seconds in
            // Cancelled: whoever waits looks again.
            try? await Task.sleep(for: .waiting(seconds))
        }
    }
}
