import Synchronization
public import Transport

/// A run of a state.
struct KeepsakeOwner {
    var lineage: String
    var run: String

    /// What its keepsakes stand in.
    var folder: String { "\(lineage)-\(run)" }
}

/// What was there before a create is kept on the host, too, until the record that has it is durable: a run that is killed in between
/// leaves it behind under its intent, and whoever resolves the intent finds it there.
public final class HostKeepsakes: Sendable {
    private struct State {
        /// A state has no name before its first event.
        var lineage: String
        /// Hosts on which something may have been left, with the intents that were looked for there.
        var endpoints: [HostEndpoint: [String]] = [:]
    }

    /// Names this run among those of its state.
    private let run: String
    private let state: Mutex<State>

    public init() {
        run = String(Prelude.randomToken().prefix(12))
        state = Mutex(State(lineage: "new" + run))
    }

    /// Whose they are: several states may have to do with one host. Letters, digits and hyphens; anything else is left out.
    public func belong(to lineage: String) {
        let name = lineage.filter { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }
        if !name.isEmpty { state.withLock { $0.lineage = name } }
    }

    var owner: KeepsakeOwner { KeepsakeOwner(lineage: state.withLock(\.lineage), run: run) }

    func note(_ endpoint: HostEndpoint, recalled intent: String? = nil) {
        state.withLock { $0.endpoints[endpoint, default: []] += intent.map { [$0] } ?? [] }
    }

    public var isEmpty: Bool { state.withLock(\.endpoints.isEmpty) }

    /// Removes from the hosts of this run what is recorded by now, one script a host, at once; also what runs before it have left.
    ///
    /// A host that does not answer keeps its few files, which only root can read and nothing looks at any more.
    /// - Parameter open: intents whose outcomes are not recorded: what belongs to them is still needed.
    public func release(over hosts: any HostTransport, keeping open: Set<String>) async {
        let owner = self.owner
        let endpoints = state.withLock { state in
            defer { state.endpoints = [:] }
            return state.endpoints
        }
        await withDiscardingTaskGroup { tasks in
            for (endpoint, recalled) in endpoints {
                let script = Prelude.releasing(of: owner, and: recalled.filter { !open.contains($0) }, keeping: open.sorted())
                tasks.addTask {
                    // See above: nothing depends on it.
                    _ = try? await hosts.run(HostCommand(script: script, timeout: 20, name: "clearing up"), on: endpoint, onOutput: nil)
                }
            }
        }
    }
}
