import Foundation
import Synchronization

/// As much of LXD's API as rules of networks and instances need: ETags, operations, and what is answered twice.
public final class FakeLXD: ServiceModel {
    private let objects = Mutex(Objects())

    private struct Objects {
        var rules: [String: [String: Any]] = [:]
        var instances: [String: [String: Any]] = [:]
        /// What an operation does when it ends, by its number; what has been asked for is gone.
        var operations: [String: String?] = [:]
        var number = 0
        var creates = 0
        /// Operations of these instances end with this.
        var failures: [String: String] = [:]
    }

    public init() {}

    /// Things made, whatever became of them.
    public var creates: Int { objects.withLock { $0.creates } }
    public var names: [String] { objects.withLock { ($0.rules.keys.map { $0 } + $0.instances.keys).sorted() } }
    public func remove(_ name: String) {
        objects.withLock { objects in
            objects.rules[name] = nil
            objects.instances[name] = nil
        }
    }
    public func description(of name: String) -> String? {
        objects.withLock { ($0.rules[name] ?? $0.instances[name])?["description"] as? String }
    }
    /// The operation that makes this instance is accepted, and fails later.
    public func failLater(_ name: String, _ message: String?) { objects.withLock { $0.failures[name] = message } }

    public func answer(_ request: ServiceRequest) -> ServiceAnswer {
        objects.withLock { objects in Self.answer(request, &objects) }
    }

    private static func answer(_ request: ServiceRequest, _ objects: inout Objects) -> ServiceAnswer {
        let parts = request.path.split(separator: "/").map(String.init)
        let given = (try? JSONSerialization.jsonObject(with: Data(request.body.utf8)) as? [String: Any]) ?? [:]
        guard parts.count >= 2, parts[0] == "1.0" else { return refusal(404, "not found") }
        switch parts[1] {
        case "network-acls":
            if parts.count == 2 {
                guard let name = given["name"] as? String else { return refusal(400, "No name") }
                guard objects.rules[name] == nil else { return refusal(409, "The network ACL already exists") }
                objects.rules[name] = given
                objects.creates += 1
                return sync([:])
            }
            return one(parts[2], "Network ACL", request, given, &objects, \.rules)
        case "instances":
            if parts.count == 2 {
                guard let name = given["name"] as? String else { return refusal(400, "No name") }
                if let message = objects.failures[name] { return async(message, &objects) }
                guard objects.instances[name] == nil else { return refusal(409, "Instance \"\(name)\" already exists") }
                objects.creates += 1
                objects.number += 1
                var instance = given
                instance["status"] = "Stopped"
                instance["architecture"] = "x86_64"
                instance["location"] = "none"
                instance["expanded_devices"] = [String: Any]()
                var config = instance["config"] as? [String: Any] ?? [:]
                config["volatile.uuid"] = "00000000-0000-4000-8000-\(String(format: "%012d", objects.number))"
                instance["config"] = config
                objects.instances[name] = instance
                return async(nil, &objects)
            }
            guard objects.instances[parts[2]] != nil else { return refusal(404, "Instance not found") }
            if parts.count == 4, parts[3] == "state" {
                if request.method == "PUT" {
                    objects.instances[parts[2]]?["status"] = given["action"] as? String == "start" ? "Running" : "Stopped"
                    return async(nil, &objects)
                }
                return sync(["status": objects.instances[parts[2]]?["status"] ?? "", "network": [String: Any]()])
            }
            if parts.count == 4 { return refusal(404, "Not found") }
            if request.method == "DELETE" {
                objects.instances[parts[2]] = nil
                return async(nil, &objects)
            }
            let answer = one(parts[2], "Instance", request, given, &objects, \.instances)
            return request.method == "PUT" && answer.status == 200 ? async(nil, &objects) : answer
        case "operations":
            guard parts.count > 2, let end = objects.operations.removeValue(forKey: parts[2]) else {
                return refusal(404, "Operation not found")
            }
            return sync(["id": parts[2], "status_code": end == nil ? 200 : 400, "err": end ?? ""])
        default: return refusal(404, "not found")
        }
    }

    private static func one(
        _ name: String, _ what: String, _ request: ServiceRequest, _ given: [String: Any], _ objects: inout Objects,
        _ kind: WritableKeyPath<Objects, [String: [String: Any]]>
    ) -> ServiceAnswer {
        guard let object = objects[keyPath: kind][name] else { return refusal(404, "\(what) not found") }
        let tag = object["etag"] as? String ?? "1"
        switch request.method {
        case "GET": return sync(object, headers: ["ETag": tag])
        case "DELETE":
            objects[keyPath: kind][name] = nil
            return sync([:])
        default:
            if let wanted = request.headers["if-match"], wanted != tag {
                return refusal(412, "ETag doesn't match: \(wanted) vs \(tag)")
            }
            objects[keyPath: kind][name] = object.merging(given) { $1 }.merging(["etag": "\((Int(tag) ?? 0) + 1)"]) { $1 }
            return sync([:])
        }
    }

    private static func json(_ object: [String: Any]) -> String {
        // Nothing but what came out of a JSON text or stands above.
        String(decoding: (try? JSONSerialization.data(withJSONObject: object, options: .sortedKeys)) ?? Data(), as: UTF8.self)
    }

    private static func sync(_ metadata: [String: Any], headers: [String: String] = [:]) -> ServiceAnswer {
        ServiceAnswer(200, json(["type": "sync", "status": "Success", "status_code": 200, "metadata": metadata]), headers: headers)
    }

    private static func async(_ failure: String?, _ objects: inout Objects) -> ServiceAnswer {
        objects.number += 1
        let id = "op-\(objects.number)"
        objects.operations[id] = .some(failure)
        return ServiceAnswer(
            202,
            json(["type": "async", "status_code": 100, "operation": "/1.0/operations/\(id)", "metadata": ["id": id, "status_code": 103]]))
    }

    /// LXD's own form of an error.
    public static func refusal(_ status: Int, _ message: String) -> ServiceAnswer {
        ServiceAnswer(status, json(["type": "error", "error": message, "error_code": status]))
    }
}
