public import Addresses
public import ProviderKit
import StateModel
import Synchronization
public import Values

/// What exists outside. It outlives every run, and a crash of one.
public final class ScriptedWorld: Sendable {
    public struct Thing: Sendable, Hashable {
        public var type: ResourceType
        public var attributes: Value
        /// Intent of the create that made it.
        public var intent: String
    }

    /// What was done, in order.
    public struct Deed: Sendable, Hashable {
        public var action: ApplyAction
        public var address: ResourceInstanceAddress
        public var id: String
        public var intent: String
    }

    private struct State {
        var things: [String: Thing] = [:]
        var deeds: [Deed] = []
        var next = 0
    }

    private let state = Mutex(State())

    public init() {}

    public var things: [String: Thing] { state.withLock { $0.things } }
    public var deeds: [Deed] { state.withLock { $0.deeds } }

    public func make(_ request: ApplyRequest, attributes: Value) -> RemoteObject {
        state.withLock { state in
            state.next += 1
            let id = "id-\(state.next)"
            let whole = attributes.replacing(at: [.attribute("id")], with: .string(id)) ?? attributes
            state.things[id] = Thing(type: request.type, attributes: whole, intent: request.intent.rawValue)
            state.deeds.append(Deed(action: .create, address: request.address, id: id, intent: request.intent.rawValue))
            return RemoteObject(type: request.type, attributes: whole)
        }
    }

    public func change(_ request: ApplyRequest, id: String, attributes: Value) -> RemoteObject? {
        state.withLock { state in
            guard var thing = state.things[id] else { return nil }
            thing.attributes = attributes.replacing(at: [.attribute("id")], with: .string(id)) ?? attributes
            state.things[id] = thing
            state.deeds.append(Deed(action: .update, address: request.address, id: id, intent: request.intent.rawValue))
            return RemoteObject(type: thing.type, attributes: thing.attributes)
        }
    }

    public func remove(_ request: ApplyRequest, id: String) {
        state.withLock { state in
            state.things[id] = nil
            state.deeds.append(Deed(action: .delete, address: request.address, id: id, intent: request.intent.rawValue))
        }
    }

    public func thing(_ id: String) -> RemoteObject? {
        state.withLock { state in state.things[id].map { RemoteObject(type: $0.type, attributes: $0.attributes) } }
    }

    public func madeBy(_ intent: String) -> RemoteObject? {
        state.withLock { state in
            state.things.values.first { $0.intent == intent }.map { RemoteObject(type: $0.type, attributes: $0.attributes) }
        }
    }
}

/// The life of a process: after so many points it is dead, and nothing that it does reaches the world or the state any more.
public final class Fuse: Sendable {
    private let state: Mutex<(left: Int, passed: Int)>

    /// - Parameter points: how many it survives.
    public init(points: Int = .max) { state = Mutex((points, 0)) }

    /// Passes a point at which the process may die.
    /// - Returns: whether it is still alive.
    public func isAlive() -> Bool {
        state.withLock { state in
            state.passed += 1
            if state.left == 0 { return false }
            state.left -= 1
            return true
        }
    }

    public var isDead: Bool { state.withLock { $0.left == 0 } }
    /// How many points were passed, dead or alive.
    public var passed: Int { state.withLock { $0.passed } }
}
