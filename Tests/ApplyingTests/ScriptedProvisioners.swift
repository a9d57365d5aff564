import ProviderKit
import Synchronization
import TestSupport
import Values

/// Which provisioners have been run on which objects, to their ends.
final class ProvisionLedger: Sendable {
    private let all = Mutex<[String: Set<Int>]>([:])
    func note(_ id: String, _ number: Int) { all.withLock { _ = $0[id, default: []].insert(number) } }
    func done(_ id: String) -> Set<Int> { all.withLock { $0[id] ?? [] } }
}

/// Provisioners that do what a test says, and die with their process.
struct ScriptedProvisioners: Provisioning {
    var fuse = Fuse()
    var ledger = ProvisionLedger()
    /// Whether the provisioner of that number succeeds on the object of that id.
    var succeeds: @Sendable (String, Int) -> Bool = { _, _ in true }

    func provision(_ request: ProvisionRequest, output: @escaping @Sendable (String) -> Void) async -> ProvisionOutcome {
        let lost = ProvisionOutcome(failure: ProviderFailure(.cancelled, summary: "Stopped", detail: "It was stopped."))
        guard fuse.isAlive() else { return lost }
        let id = request.configuration["id"]?.stringValue ?? ""
        let number = request.configuration["number"]?.intValue ?? 0
        output("runs \(number)")
        guard succeeds(id, number) else {
            return ProvisionOutcome(failure: ProviderFailure(.other, summary: "\(request.type) provisioner error", detail: "It failed."))
        }
        if request.type == "provision" { ledger.note(id, number) }
        guard fuse.isAlive() else { return lost }
        return ProvisionOutcome(hostKeys: ["rack": "ssh-ed25519 AAAA"])
    }
}
