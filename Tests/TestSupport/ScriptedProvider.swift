public import Addresses
public import ProviderKit
import Synchronization
public import Values

/// A provider over a `ScriptedWorld` that fails, waits and dies where it is told to.
public final class ScriptedProvider: Provider, DataReading {
    public enum Behaviour: Sendable {
        case succeed
        /// Nothing was done.
        case fail(ProviderFailure)
        /// Done half-way: the object exists or is changed, and the failure is told.
        case failHalfway(ProviderFailure)
        /// The connection breaks; done: before or after the effect.
        case interrupt(done: Bool)
        /// Begins nothing of it.
        case decline
        /// Tells what it waits for, and succeeds.
        case wait(ProviderFailure)
    }

    public let world: ScriptedWorld
    private let fuse: Fuse
    private let key: @Sendable (ResourceType, Value?) -> String
    private let limit: @Sendable (String) -> Int
    /// Asked for each try of each request; tries count from 1.
    private let script: @Sendable (ApplyRequest, Int) -> Behaviour
    /// Waited before each request.
    private let pause: @Sendable (ApplyRequest) async -> Void
    private let tries = Mutex<[String: Int]>([:])
    private let busy = Mutex<[String: (now: Int, most: Int)]>([:])
    private let seen = Mutex<[[ApplyRequest]]>([])

    public init(
        world: ScriptedWorld, fuse: Fuse = Fuse(), key: @escaping @Sendable (ResourceType, Value?) -> String = { type, _ in type.rawValue },
        limit: @escaping @Sendable (String) -> Int = { _ in 0 },
        pause: @escaping @Sendable (ApplyRequest) async -> Void = { _ in },
        script: @escaping @Sendable (ApplyRequest, Int) -> Behaviour = { _, _ in .succeed }
    ) {
        self.world = world
        self.fuse = fuse
        self.key = key
        self.limit = limit
        self.pause = pause
        self.script = script
    }

    /// Every group that was asked for, in order.
    public var groups: [[ApplyRequest]] { seen.withLock { $0 } }
    /// The most groups of a key that were under way at once.
    public func most(of key: String) -> Int { busy.withLock { $0[key]?.most ?? 0 } }

    // MARK: Planning

    public func batchKey(type: ResourceType, container: Value?) -> String { key(type, container) }
    public func parallelism(of batchKey: String) -> Int { limit(batchKey) }

    public func read(_ requests: [ReadRequest]) -> AsyncStream<(Int, ReadOutcome)> {
        AsyncStream { continuation in
            for (index, request) in requests.enumerated() {
                let id = request.object.attributes["id"]?.stringValue ?? ""
                continuation.yield((index, world.thing(id).map { .found($0) } ?? .gone))
            }
            continuation.finish()
        }
    }

    public func propose(_ desired: Desired?, from prior: RemoteObject?, of type: ResourceType) async throws(ProviderFailure) -> Proposal {
        guard let desired else { return Proposal(planned: nil) }
        guard let prior else {
            return Proposal(planned: desired.configuration.replacing(at: [.attribute("id")], with: .unknown(.string)))
        }
        return Proposal(planned: desired.configuration.replacing(at: [.attribute("id")], with: prior.attributes["id"] ?? .null))
    }

    public func readData(_ request: DataRequest) async throws(ProviderFailure) -> Value {
        if !fuse.isAlive() { throw Self.lost }
        if request.type.rawValue == "silent" { throw ProviderFailure(.notFound, summary: "No answer", detail: "It never answers.") }
        return request.configuration.replacing(at: [.attribute("id")], with: .string("data-\(request.type.rawValue)"))
            ?? request.configuration
    }

    // MARK: Applying

    public func apply(_ group: [ApplyRequest]) -> AsyncStream<(Int, ApplyOutcome)> {
        seen.withLock { $0.append(group) }
        let (stream, continuation) = AsyncStream.makeStream(of: (Int, ApplyOutcome).self)
        let task = Task.detached { [self] in
            let name = group.first.map { key($0.type, $0.container) } ?? ""
            busy.withLock { busy in
                let now = (busy[name]?.now ?? 0) + 1
                busy[name] = (now, max(now, busy[name]?.most ?? 0))
            }
            var hasFailed = false
            for (index, request) in group.enumerated() {
                var outcome = ApplyOutcome.notBegun
                if !hasFailed, !Task.isCancelled {
                    await pause(request)
                    outcome = attempt(request) { continuation.yield((index, .waiting($0, seconds: 60))) }
                }
                if case .done = outcome {} else { hasFailed = true }
                if index == group.count - 1 { busy.withLock { $0[name]?.now -= 1 } }
                continuation.yield((index, outcome))
            }
            continuation.finish()
        }
        continuation.onTermination = { reason in if case .cancelled = reason { task.cancel() } }
        return stream
    }

    private func attempt(_ request: ApplyRequest, waits: (ProviderFailure) -> Void) -> ApplyOutcome {
        let count = tries.withLock { tries in
            tries[request.intent.rawValue, default: 0] += 1
            return tries[request.intent.rawValue] ?? 1
        }
        guard fuse.isAlive() else { return .interrupted(Self.lost) }
        let behaviour = script(request, count)
        switch behaviour {
        case .fail(let failure): return .failed(failure, object: nil)
        case .decline: return .notBegun
        case .interrupt(false): return .interrupted(Self.lost)
        case .wait(let failure): waits(failure)
        case .succeed, .failHalfway, .interrupt(true): break
        }
        let object: RemoteObject?
        switch request.action {
        case .create: object = world.make(request, attributes: settled(request))
        case .update:
            let id = request.prior?.attributes["id"]?.stringValue ?? ""
            object = world.change(request, id: id, attributes: settled(request))
            if object == nil {
                return .failed(ProviderFailure(.notFound, summary: "Object is gone", detail: "There is no \(id) to update."), object: nil)
            }
        case .delete:
            let id = request.prior?.attributes["id"]?.stringValue ?? ""
            if case .failHalfway(let failure) = behaviour { return .failed(failure, object: request.prior) }
            world.remove(request, id: id)
            object = nil
        }
        guard fuse.isAlive() else { return .interrupted(Self.lost) }
        switch behaviour {
        case .failHalfway(let failure): return .failed(failure, object: object)
        case .interrupt: return .interrupted(Self.lost)
        default: return .done(object)
        }
    }

    private func settled(_ request: ApplyRequest) -> Value {
        let value = request.desired?.configuration ?? request.proposal.planned ?? .emptyObject
        return value.transformed { _, value in value.isUnknown ? .null(value.type) : value.withMarks([]) }
    }

    public func find(_ request: FindRequest) async throws(ProviderFailure) -> FindOutcome {
        if !fuse.isAlive() { throw Self.lost }
        return world.madeBy(request.intent.rawValue).map { .found($0) } ?? .absent
    }

    public static let lost = ProviderFailure(
        .unreachable, summary: "Connection lost", detail: "The connection broke while waiting for an answer.")
    public static let busy = ProviderFailure(
        .unavailable, summary: "Service unavailable", detail: "The service answered 503.", isTransient: true)
    public static let refused = ProviderFailure(.rejected, summary: "Refused", detail: "The service refused the request.")
}
