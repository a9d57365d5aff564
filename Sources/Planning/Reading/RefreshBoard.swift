import Addresses
import Diagnostics
import ProviderKit
import StateModel
import Values

/// Reads recorded objects in groups (one host, one endpoint and type) as soon as both their provider and what holds them are
/// known, and hands the answers out when they are asked for.
final class RefreshBoard {
    private let base: StateSnapshot
    private var running: [ObjectAddress: (group: Task<[ReadOutcome], Never>, index: Int)] = [:]
    private let contents: [ResourceInstanceAddress: [ObjectAddress]]
    /// Objects of a provider that nothing holds.
    private let free: [ProviderConfigAddress: [ObjectAddress]]
    private var freeStarted: Set<ProviderConfigAddress> = []
    private var unreachable: [String: (failure: ProviderFailure, objects: [(address: ObjectAddress, origin: SourceSpan?)])] = [:]

    init(base: StateSnapshot) {
        self.base = base
        var contents: [ResourceInstanceAddress: [ObjectAddress]] = [:]
        var free: [ProviderConfigAddress: [ObjectAddress]] = [:]
        for address in base.objects.keys.sorted() {
            guard let object = base.objects[address] else { continue }
            if let container = object.container {
                contents[container, default: []].append(address)
            } else {
                free[object.provider, default: []].append(address)
            }
        }
        self.contents = contents
        self.free = free
    }

    /// Everything recorded in a container and in containers within it, of one provider.
    func contents(of container: ResourceInstanceAddress, provider: ProviderConfigAddress) -> [ObjectAddress] {
        (contents[container] ?? []).filter { base.objects[$0]?.provider == provider }
    }

    func contents(of container: ResourceInstanceAddress) -> [ObjectAddress] { contents[container] ?? [] }

    func isStarted(_ address: ObjectAddress) -> Bool { running[address] != nil }

    /// Begins reading; what has begun already is left alone. Requests with one batch key travel together.
    func start(_ requests: [(ObjectAddress, ReadRequest)], with provider: any Provider) {
        var groups: [String: [(ObjectAddress, ReadRequest)]] = [:]
        var order: [String] = []
        for request in requests {
            let key = provider.batchKey(type: request.1.object.type, container: request.1.container)
            if groups[key] == nil { order.append(key) }
            groups[key, default: []].append(request)
        }
        for key in order { startTogether(groups[key] ?? [], with: provider) }
    }

    /// Begins to read a container and what it holds as one group.
    func startTogether(_ requests: [(ObjectAddress, ReadRequest)], with provider: any Provider) {
        let group = requests.filter { running[$0.0] == nil }
        guard !group.isEmpty else { return }
        let asked = group.map(\.1)
        let task = Task { () -> [ReadOutcome] in
            var outcomes = [ReadOutcome?](repeating: nil, count: asked.count)
            for await (index, outcome) in provider.read(asked) where outcomes.indices.contains(index) { outcomes[index] = outcome }
            return outcomes.map { $0 ?? .failed(.unanswered) }
        }
        for (index, request) in group.enumerated() { running[request.0] = (task, index) }
    }

    /// Begins reading all objects of a provider that nothing holds, once.
    func startFree(_ address: ProviderConfigAddress, with provider: any Provider) {
        guard freeStarted.insert(address).inserted else { return }
        start(
            (free[address] ?? []).compactMap { address in
                base.objects[address].map { (address, ReadRequest(object: $0.remote, address: address)) }
            }, with: provider)
    }

    /// The answer for one object; nil where it was not asked for.
    func outcome(_ address: ObjectAddress) async -> ReadOutcome? {
        guard let entry = running[address] else { return nil }
        return await entry.group.value[entry.index]
    }

    /// What holds a recorded object, or the object itself where it holds others.
    private func host(of address: ObjectAddress) -> ResourceInstanceAddress? {
        base.objects[address]?.container ?? (contents[address.instance] == nil ? nil : address.instance)
    }

    func noteUnreachable(_ failure: ProviderFailure, group: String, address: ObjectAddress, origin: SourceSpan?) {
        unreachable[group, default: (failure, [])].objects.append((address, origin))
    }

    /// One diagnostic a host or endpoint that did not answer.
    var diagnostics: [Diagnostic] {
        unreachable.keys.sorted { $0.precedesByBytes($1) }.compactMap { group in
            guard let entry = unreachable[group], let first = entry.objects.min(by: { $0.address < $1.address }) else { return nil }
            var diagnostic = entry.failure.diagnostic(address: first.address.description, subject: first.origin)
            // Another machine may answer in the host's place: nothing goes on as if it did not.
            diagnostic.severity = entry.failure.code == .trust ? .error : .warning
            let others = entry.objects.count - 1
            if others > 0 {
                diagnostic.detail +=
                    "\nThe same holds for \(others) other object\(others == 1 ? "" : "s") there: none of them could be read."
            }
            if entry.failure.code != .trust {
                diagnostic.hints.append("The plan takes them as recorded; a step on one of them reads it first.")
            }
            if entry.failure.code == .unreachable, let host = host(of: first.address) {
                diagnostic.hints.append(ProviderFailure.goneForGood(host.description))
            }
            return diagnostic
        }
    }
}

extension ProviderFailure {
    static let unanswered = ProviderFailure(
        .unexpectedAnswer, summary: "Provider gave no answer", detail: "The provider ended its answers without one for this object.")
}

extension StateObject {
    /// As a provider sees it.
    var remote: RemoteObject {
        RemoteObject(type: address.instance.type, attributes: attributes, privateBytes: privateBytes, schemaVersion: schemaVersion)
    }
}
