import Foundation
import Synchronization

/// A service that keeps states, each under a path, with the verbs and answers of GitLab's.
public final class FakeStateService: ServiceModel {
    public struct Kept: Sendable {
        public var document: String?
        /// What `LOCK` brought.
        public var lock: String?
    }

    private let kept = Mutex<[String: Kept]>([:])
    private let credentials: String?

    /// - Parameter credentials: `user:password`, nil where nobody is asked.
    public init(credentials: String? = nil) { self.credentials = credentials }

    public subscript(path: String) -> Kept {
        get { kept.withLock { $0[path] ?? Kept() } }
        set { kept.withLock { $0[path] = newValue } }
    }

    public func answer(_ request: ServiceRequest) -> ServiceAnswer {
        if let credentials, request.headers["authorization"] != "Basic \(Data(credentials.utf8).base64EncodedString())" {
            return ServiceAnswer(request.headers["authorization"] == nil ? 401 : 403)
        }
        let path = request.path.replacing("/lock", with: "")
        return kept.withLock { states in
            var state = states[path] ?? Kept()
            defer { states[path] = state }
            switch request.method {
            case "GET": return state.document.map { ServiceAnswer(200, $0) } ?? ServiceAnswer(404)
            case "POST", "PUT":
                let given = request.target.firstRange(of: "ID=").map { String(request.target[$0.upperBound...]) }
                if let lock = state.lock, id(of: lock) != given { return ServiceAnswer(423, lock) }
                state.document = request.body
                return ServiceAnswer(200)
            case "LOCK":
                if let lock = state.lock { return ServiceAnswer(423, lock) }
                state.lock = request.body
                return ServiceAnswer(200)
            case "UNLOCK":
                guard let lock = state.lock, id(of: lock) == id(of: request.body) else { return ServiceAnswer(409, state.lock ?? "") }
                state.lock = nil
                return ServiceAnswer(200)
            default: return ServiceAnswer(405)
            }
        }
    }

    private func id(of lock: String) -> String? {
        (try? JSONSerialization.jsonObject(with: Data(lock.utf8)) as? [String: Any])?["ID"] as? String
    }
}
