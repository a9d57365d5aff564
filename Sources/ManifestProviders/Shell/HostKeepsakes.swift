import Synchronization
public import Transport

/// What was there before a create is kept on the host, too, until the record that has it is durable: a run that is killed in between
/// leaves it behind under its intent, and whoever resolves the intent finds it there.
public final class HostKeepsakes: Sendable {
    /// Of intents whose outcomes have been told and may not be recorded yet.
    private let told = Mutex<[HostEndpoint: [String]]>([:])

    public init() {}

    func note(_ intent: String, on endpoint: HostEndpoint) { told.withLock { $0[endpoint, default: []].append(intent) } }

    public var isEmpty: Bool { told.withLock(\.isEmpty) }

    /// Removes what is recorded by now; one script a host, at once.
    ///
    /// - Parameter open: intents whose outcomes are not recorded: what belongs to them is still needed.
    /// A host that does not answer keeps its few files, which only root can read and nothing looks at any more.
    public func release(over hosts: any HostTransport, keeping open: Set<String>) async {
        let all = told.withLock { told in
            defer { told = [:] }
            return told
        }
        await withDiscardingTaskGroup { tasks in
            for (endpoint, told) in all {
                let intents = told.filter { !open.contains($0) }
                if intents.isEmpty { continue }
                tasks.addTask {
                    let command = HostCommand(script: Prelude.releasing(intents), timeout: 20, name: "clearing up")
                    // See above: nothing depends on it.
                    _ = try? await hosts.run(command, on: endpoint, onOutput: nil)
                }
            }
        }
    }
}
