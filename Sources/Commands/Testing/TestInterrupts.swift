import Addresses
import StateModel
import Synchronization

/// Ctrl-C while tests run. The first lets the run under way come to its end, skips the others and has everything torn down; the second ends
/// the program at once and says what is left, as that is recorded in memory alone.
final class TestInterrupts: Sendable {
    /// A state that may hold something, and the run that made it.
    struct Made: Sendable {
        let run: String
        let file: String
        /// Whether it is of the module under test, and not of one that the run names.
        let isMain: Bool
        let store: MemoryStore
    }

    /// What a state holds when the program ends.
    struct Remainder: Sendable {
        let made: Made
        let objects: [StateObject]
        /// Begun, and not known to have ended.
        let intents: [Intent]

        var isEmpty: Bool { objects.isEmpty && intents.isEmpty }
    }

    private let state = Mutex<(count: Int, made: [Made])>((0, []))

    var isRaised: Bool { state.withLock { $0.count > 0 } }

    /// - Returns: how often that has been by now.
    func raise() -> Int {
        state.withLock { state in
            state.count += 1
            return state.count
        }
    }

    /// From now on there may be something in this state.
    func mayMake(_ made: Made) {
        state.withLock { state in
            state.made.removeAll { $0.store === made.store }
            state.made.append(made)
        }
    }

    /// A file has been torn down; what could not be has been told.
    func tornDown() { state.withLock { $0.made = [] } }

    /// What would be left if the program ended now.
    func remainders() async -> [Remainder] {
        var remainders: [Remainder] = []
        for made in state.withLock({ $0.made }) {
            // A state in memory cannot fail to be read.
            guard let snapshot = try? await made.store.snapshot() else { continue }
            let objects = snapshot.objects.values.filter { $0.address.instance.mode == .managed }.sorted { $0.address < $1.address }
            let intents = snapshot.openIntents.filter { $0.action == .create }
            let remainder = Remainder(made: made, objects: objects, intents: intents)
            if !remainder.isEmpty { remainders.append(remainder) }
        }
        return remainders
    }
}
