import Addresses
import Diagnostics
import ProviderKit
public import StateModel
import Values

enum Finding: Sendable {
    case adopted([StateEvent])
    case unfinished([StateEvent], Diagnostic)
    case withdrawn([StateEvent])
    case reread([StateEvent])
    case unresolved([Diagnostic])
}

extension Recovery {
    /// Asks the providers, several at once; answers in the order of the intents.
    func resolve(_ intents: [Intent], _ snapshot: StateSnapshot, open: Set<ObjectAddress>) async -> [(Intent, Finding)] {
        var findings = [Finding?](repeating: nil, count: intents.count)
        var reads: [ProviderConfigAddress: [Int]] = [:]
        var finds: [Int] = []
        for (index, intent) in intents.enumerated() {
            if let known = withoutAsking(intent, snapshot, open: open) {
                findings[index] = known
            } else if intent.action == .create {
                finds.append(index)
            } else if let record = snapshot.object(at: intent.address) {
                reads[record.provider, default: []].append(index)
            }
        }
        let lists = reads.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
        await withTaskGroup(of: [(Int, Finding)].self) { tasks in
            for (provider, indices) in lists {
                tasks.addTask { await reread(indices, intents, provider, snapshot) }
            }
            var next = 0
            func add() {
                guard next < finds.count else { return }
                let index = finds[next]
                next += 1
                tasks.addTask { [(index, await find(intents[index], snapshot))] }
            }
            for _ in 0..<parallelism { add() }
            while let found = await tasks.next() {
                for (index, finding) in found { findings[index] = finding }
                add()
            }
        }
        return zip(intents, findings).map { intent, finding in
            (intent, finding ?? .unresolved([unanswered(intent, snapshot)]))
        }
    }

    /// What needs no question: objects whose container is gone, provisioners, and what is not recorded at all.
    private func withoutAsking(_ intent: Intent, _ snapshot: StateSnapshot, open: Set<ObjectAddress>) -> Finding? {
        let record = snapshot.object(at: intent.address)
        if let container = container(of: intent, snapshot), snapshot.object(at: ObjectAddress(container)) == nil {
            if open.contains(ObjectAddress(container)) {
                return .unresolved([
                    .error(
                        "Interrupted step could not be resolved",
                        "\(intent.address) was being worked on when a run was cut off. It is held by \(container), of which it is not known whether it exists.",
                        address: intent.address.description)
                ])
            }
            // What holds it is gone, and it with that.
            return intent.action == .create ? .withdrawn(intent.withdrawal(in: snapshot)) : .reread([fact(intent, nil)])
        }
        switch intent.action {
        case .create: return nil
        case .update, .delete: return record == nil ? .withdrawn([.withdrawn(intent: intent.id)]) : nil
        // It runs again before the object goes, if it goes.
        case .deprovision: return .withdrawn([.withdrawn(intent: intent.id)])
        case .provision:
            guard var record else { return .withdrawn([.withdrawn(intent: intent.id)]) }
            record.status = .tainted
            return .reread([fact(intent, record)])
        }
    }

    // MARK: Creates

    private func find(_ intent: Intent, _ snapshot: StateSnapshot) async -> Finding {
        guard let planned = intent.planned else { return .withdrawn(intent.withdrawal(in: snapshot)) }
        let provider: any Provider
        do throws(DiagnosticError) {
            provider = try await providers.provider(planned.provider)
        } catch {
            return .unresolved(error.diagnostics)
        }
        let request = FindRequest(
            intent: IntentID(rawValue: intent.id), action: .create, address: intent.address.instance, type: intent.address.instance.type,
            planned: planned.attributes, prior: nil,
            container: planned.container.flatMap { snapshot.object(at: ObjectAddress($0))?.attributes })
        do throws(ProviderFailure) {
            switch try await provider.find(request) {
            case .found(let remote): return .adopted([fact(intent, adopted(remote, planned, intent, snapshot))])
            case .unfinished(let remote, let what):
                var record = adopted(remote, planned, intent, snapshot)
                record.status = .tainted
                return .unfinished(
                    [fact(intent, record)],
                    .warning(
                        "Interrupted create left something unfinished",
                        "A run was cut off while creating \(intent.address). It exists, and is not finished: \(what) It is recorded as tainted.",
                        address: intent.address.description,
                        hints: ["The next plan replaces it. Look at it first if it may hold anything that you need."]))
            case .absent: return .withdrawn(intent.withdrawal(in: snapshot))
            case .uncertain(let candidates):
                let list = candidates.isEmpty ? "It names none." : "It may be one of these: \(candidates.joined(separator: ", "))."
                return .unresolved([
                    .error(
                        "Interrupted create could not be resolved",
                        "A run was cut off while creating \(intent.address), and the service cannot tell whether it was made. \(list)",
                        address: intent.address.description,
                        hints: [
                            "Look at the service, then forget the attempt: `ashlar state rm '\(intent.address.instance)'`.",
                            "If it was made, take it into the state before you apply again: `ashlar import '\(intent.address.instance)' ID`, or an import block.",
                        ])
                ])
            }
        } catch {
            return .unresolved([failed(intent, error)])
        }
    }

    private func adopted(_ remote: RemoteObject, _ planned: StateObject, _ intent: Intent, _ snapshot: StateSnapshot) -> StateObject {
        var record = planned
        record.address = intent.address
        record.attributes = marked(remote.attributes, as: planned.attributes)
        record.privateBytes = remote.privateBytes
        record.schemaVersion = remote.schemaVersion
        // As it was to be recorded: one that provisioners were to follow is not finished.
        record.status = planned.status
        if !record.identity.isEmpty {
            let other = snapshot.objects.values.filter {
                $0.identity == record.identity && $0.address != record.address && $0.before != nil
            }
            .min { $0.address < $1.address }
            record.before = other?.before ?? (remote.privateBytes.isEmpty ? nil : remote.privateBytes)
        }
        return record
    }

    // MARK: Updates and deletes

    private func reread(_ indices: [Int], _ intents: [Intent], _ address: ProviderConfigAddress, _ snapshot: StateSnapshot) async
        -> [(Int, Finding)]
    {
        let provider: any Provider
        do throws(DiagnosticError) {
            provider = try await providers.provider(address)
        } catch {
            return indices.map { ($0, .unresolved(error.diagnostics)) }
        }
        var records: [(index: Int, record: StateObject)] = []
        for index in indices { if let record = snapshot.object(at: intents[index].address) { records.append((index, record)) } }
        let requests = records.map { _, record in
            ReadRequest(
                object: RemoteObject(
                    type: record.address.instance.type, attributes: record.attributes, privateBytes: record.privateBytes,
                    schemaVersion: record.schemaVersion),
                address: record.address,
                container: record.container.flatMap { snapshot.object(at: ObjectAddress($0))?.attributes })
        }
        var answers: [(Int, Finding)] = []
        for await (position, outcome) in provider.read(requests) where records.indices.contains(position) {
            let (index, record) = records[position]
            let intent = intents[index]
            switch outcome {
            case .found(let remote):
                var now = record
                now.attributes = marked(remote.attributes, as: record.attributes)
                now.privateBytes = remote.privateBytes
                now.schemaVersion = remote.schemaVersion
                answers.append((index, .reread([fact(intent, now)])))
            case .gone: answers.append((index, .reread([fact(intent, nil)])))
            case .unreachable(let failure, _), .failed(let failure): answers.append((index, .unresolved([failed(intent, failure)])))
            }
        }
        return answers
    }

    // MARK: Words and records

    private func fact(_ intent: Intent, _ object: StateObject?) -> StateEvent {
        .fact(intent: intent.id, address: intent.address, object: object)
    }

    /// As the provider describes it, sensitive where the pattern is; what the provider left open is null.
    private func marked(_ attributes: Value, as pattern: Value) -> Value {
        var result = attributes
        if !result.isWhollyKnown {
            result = result.transformed { _, value in value.isUnknown ? .null(value.type).withMarks(value.marks) : value }
        }
        guard pattern.holdsSensitive else { return result }
        return result.withMarks(at: pattern.unmarkedDeep().1.map { ($0.0, $0.1.intersection(.sensitive)) })
    }

    private func failed(_ intent: Intent, _ failure: ProviderFailure) -> Diagnostic {
        var diagnostic = failure.diagnostic(address: intent.address.description)
        diagnostic.detail =
            "A run was cut off while \(intent.action.verb) \(intent.address), and what became of it could not be found out. \(diagnostic.detail)"
        return diagnostic
    }

    private func unanswered(_ intent: Intent, _ snapshot: StateSnapshot) -> Diagnostic {
        .error(
            "Interrupted step could not be resolved",
            "A run was cut off while \(intent.action.verb) \(intent.address), and its provider gave no answer when asked what became of it.",
            address: intent.address.description)
    }
}

extension Intent {
    /// That nothing came of it: what had made way for it comes back.
    public func withdrawal(in snapshot: StateSnapshot) -> [StateEvent] {
        let key = DerivedNames.deposedKey(ofIntent: id)
        let wasDeposed = snapshot.object(at: ObjectAddress(address.instance, .deposed(key))) != nil
        return [.withdrawn(intent: id)] + (wasDeposed ? [.restored(address.instance, key: key)] : [])
    }
}

extension Intent.Action {
    var verb: String {
        switch self {
        case .create: "creating"
        case .update: "updating"
        case .delete: "deleting"
        case .provision: "provisioning"
        case .deprovision: "running a destroy-time provisioner of"
        }
    }
}
