import Diagnostics
import FoundationEssentials
public import StateModel
import Values

/// Who works on a document, in the words that Terraform has for it, so that each shows the other's.
public struct DocumentLock: Sendable, Hashable {
    public var id: String
    public var operation: String
    public var info: String
    public var who: String
    public var version: String
    /// RFC 3339.
    public var created: String
    public var path: String

    public init(_ lock: StateLock, path: String) {
        id = lock.id
        operation = lock.holder.operation
        info = "process \(lock.holder.process)"
        who = "\(lock.holder.user)@\(lock.holder.host)"
        version = lock.holder.program
        created = Date(timeIntervalSince1970: lock.holder.since).formatted(.iso8601)
        self.path = path
    }

    /// Nil where the bytes are no lock.
    init?(_ bytes: [UInt8]) {
        guard let value = try? Value.parsingJSON(bytes), value.entries != nil else { return nil }
        func text(_ name: String) -> String { value[name]?.stringValue ?? "" }
        id = text("ID")
        operation = text("Operation")
        info = text("Info")
        who = text("Who")
        version = text("Version")
        created = text("Created")
        path = text("Path")
    }

    var bytes: [UInt8] {
        var json = JSONText()
        json.object { json in
            json.pair("ID", id)
            json.pair("Operation", operation)
            json.pair("Info", info)
            json.pair("Who", who)
            json.pair("Version", version)
            json.pair("Created", created)
            json.pair("Path", path)
        }
        return json.bytes
    }

    /// The lock as a state's: of another machine or program, hence without an epoch.
    public var stateLock: StateLock {
        let parts = who.split(separator: "@", maxSplits: 1).map(String.init)
        let process = info.hasPrefix("process ") ? Int32(info.dropFirst(8)) : nil
        // Terraform writes fractions of seconds, which the one style wants and the other does not bear.
        let whole = created.split(separator: ".").first.map { $0.hasSuffix("Z") ? String($0) : $0 + "Z" } ?? created
        let since = (try? Date(whole, strategy: .iso8601))?.timeIntervalSince1970 ?? 0
        return StateLock(
            id: id, epoch: 0,
            holder: LockHolder(
                user: parts.first ?? "somebody", host: parts.count > 1 ? parts[1] : "an unknown machine", process: process ?? 0,
                operation: operation.isEmpty ? "an unknown operation" : operation, since: since,
                program: version.isEmpty ? "an unknown program" : version))
    }

    /// What to say where it stands in the way.
    func refusal(of name: String, canBeBroken: Bool = true) -> StateStoreError {
        let program = version.hasPrefix("ashlar") ? version : "Terraform \(version)"
        return StateStoreError(
            .locked(stateLock),
            id.isEmpty
                ? "The state \(name) is locked by another program."
                : "The state \(name) is locked by \(who) (\(operation), since \(created), \(program)) with lock \(id).",
            hints: ["Wait for it to end (`-lock-timeout` waits for you)."]
                + (canBeBroken && !id.isEmpty
                    ? ["If you are certain that it no longer runs, remove the lock: `ashlar force-unlock \(id)`."] : []))
    }
}
