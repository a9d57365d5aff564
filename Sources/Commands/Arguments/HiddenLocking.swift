import ArgumentParser

/// The lock of commands that change what is recorded and nothing else: they hold it for a moment.
struct HiddenLocking: ParsableArguments {
    /// Understood and without effect.
    @Option(name: .customLong("lock"), help: .hidden) var lock: Toggle?
    @Option(name: .customLong("lock-timeout"), help: .hidden) var lockTimeout = "0s"

    func validate() throws { try checkLockTimeout(lockTimeout) }

    var lockSeconds: Double { duration(lockTimeout) ?? 0 }
}

func checkLockTimeout(_ text: String) throws {
    if duration(text) == nil { throw ValidationError("-lock-timeout is a duration such as 30s, 2m or 1h.") }
}
