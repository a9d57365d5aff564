import Foundation
import Synchronization

/// A service on a port of loopback that answers from a model of its own and misbehaves where a fault says so.
///
/// A fault is data: which request it is for, how often, what is answered, and whether the service does the work before. That is what tests of
/// lost answers need: a service that made the thing and died before it said so.
public final class ScriptedService: Sendable {
    public let port: Int
    private let listener: Int32
    private let model: any ServiceModel
    private let state = Mutex(State())

    private struct State {
        var faults: [ServiceFault] = []
        var requests: [ServiceRequest] = []
        /// When each request came, on the machine's own clock.
        var times: [ContinuousClock.Instant] = []
        var isStopped = false
    }

    /// - Parameter port: 0 for one that is free.
    public init(_ model: any ServiceModel, port: Int = 0) throws {
        self.model = model
        (listener, self.port) = try LoopbackSocket.listen(port: port)
        // A thread that waits for connections; it ends with the listener.
        Thread.detachNewThread { [self] in
            while let socket = LoopbackSocket.accept(listener) {
                Thread.detachNewThread { [self] in serve(socket) }
            }
        }
    }

    /// No connection is accepted from now on: whoever comes is refused.
    public func stop() {
        let was = state.withLock { state in
            defer { state.isStopped = true }
            return state.isStopped
        }
        if !was { LoopbackSocket.close(listener) }
    }

    /// Faults from now on, in place of those before.
    public func misbehave(_ faults: [ServiceFault]) { state.withLock { $0.faults = faults } }

    public var requests: [ServiceRequest] { state.withLock { $0.requests } }
    /// Requests and when they came.
    public var log: [(request: ServiceRequest, at: ContinuousClock.Instant)] {
        state.withLock { state in Array(zip(state.requests, state.times)).map { (request: $0.0, at: $0.1) } }
    }

    private func serve(_ socket: LoopbackSocket) {
        defer { socket.close() }
        while let request = socket.readRequest() {
            // The first fault that fits is used up by this request.
            let fault = state.withLock { state -> ServiceFault? in
                state.requests.append(request)
                state.times.append(.now)
                guard let place = state.faults.firstIndex(where: { $0.fits(request) }) else { return nil }
                if state.faults[place].skipping > 0 {
                    state.faults[place].skipping -= 1
                    return nil
                }
                state.faults[place].times -= 1
                return state.faults[place]
            }
            guard let fault else {
                socket.write(model.answer(request))
                continue
            }
            if fault.isAfterTheWork { _ = model.answer(request) }
            switch fault.effect {
            case .answer(let answer): socket.write(answer)
            case .close: return
            case .truncated(let answer, let bytes):
                socket.write(answer, onlyBodyBytes: bytes)
                return
            case .bytes(let bytes):
                socket.write(bytes)
                return
            case .silence(let seconds):
                Thread.sleep(forTimeInterval: seconds)
                return
            }
        }
    }
}

/// What a service does where all is well.
public protocol ServiceModel: Sendable {
    func answer(_ request: ServiceRequest) -> ServiceAnswer
}

public struct ServiceRequest: Sendable {
    public var method: String
    /// Path and query as they came.
    public var target: String
    /// Names in small letters.
    public var headers: [String: String]
    public var body: String

    public var path: String { String(target.prefix { $0 != "?" }) }

    /// A body of a form, decoded.
    public var form: [String: String] {
        var form: [String: String] = [:]
        for pair in body.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            form[parts[0].removingPercentEncoding ?? parts[0]] = parts.count > 1 ? parts[1].removingPercentEncoding ?? parts[1] : ""
        }
        return form
    }
}

public struct ServiceAnswer: Sendable {
    public var status: Int
    public var headers: [String: String]
    public var body: String

    public init(_ status: Int, _ body: String = "", type: String = "application/json", headers: [String: String] = [:]) {
        self.status = status
        self.headers = headers.merging(["Content-Type": type]) { given, _ in given }
        self.body = body
    }
}

public struct ServiceFault: Sendable {
    public enum Effect: Sendable {
        case answer(ServiceAnswer)
        /// The connection ends without a byte.
        case close
        /// The header promises more than comes.
        case truncated(ServiceAnswer, bytes: Int)
        /// Whatever this is.
        case bytes(String)
        /// Nothing for so many seconds, then the end of the connection.
        case silence(Double)
    }

    public var method: String?
    /// In the target or the body.
    public var containing: String
    /// Requests that fit and are answered well before the fault.
    public var skipping: Int
    public var times: Int
    public var isAfterTheWork: Bool
    public var effect: Effect

    public init(
        _ method: String? = nil, containing: String = "", skipping: Int = 0, times: Int = .max, afterTheWork: Bool = false, _ effect: Effect
    ) {
        self.method = method
        self.containing = containing
        self.skipping = skipping
        self.times = times
        isAfterTheWork = afterTheWork
        self.effect = effect
    }

    /// Of every request.
    public init(_ effect: Effect) { self.init(nil, effect) }

    func fits(_ request: ServiceRequest) -> Bool {
        times > 0 && (method == nil || method == request.method)
            && (containing.isEmpty || request.target.contains(containing) || request.body.contains(containing))
    }
}
