import Addresses
import Diagnostics
import PlanModel
import ProviderKit
import StateModel
import Values

// What the machine says is done.
extension ApplyRun {
    func perform(_ effects: [ApplyMachine.Effect]) {
        for effect in effects {
            switch effect {
            case .complete(let vertices):
                beingFinished += vertices.count
                completer?.complete(vertices)
            case .begin(let group, let members, let unrecorded): begin(group, members, unrecorded: unrecorded)
            case .apply(let group): apply(group)
            case .record(let vertex): record(vertex)
            case .withdraw(let vertex):
                if let step = inHand[Int(vertex)] { journalled(step.withdrawal, vertex) } else { journalled([], vertex) }
            case .retry: break
            case .refused(let vertex):
                guard let step = inHand[Int(vertex)] else { continue }
                diagnostics[vertex] = [
                    .error(
                        "Provider did not begin a step",
                        "The provider was asked to go on with \(step.verb) \(step.target) and began nothing, though nothing had failed. This is a fault of the provider.",
                        at: step.completed.origin, address: step.target.description)
                ]
            case .finished: completer?.cancel()
            }
        }
    }

    func journalled(_ events: [StateEvent], _ vertex: Int32) {
        for event in events { facts.fold(event) }
        journal.add(events, vertex: vertex)
    }

    private func record(_ vertex: Int32) {
        if let events = endings[vertex] {
            journalled(events, vertex)
            return
        }
        guard let (effect, change) = reading.effect(vertex), let target = reading.target(of: vertex) else { return journalled([], vertex) }
        switch effect {
        case .forget: journalled(facts.object(at: target) == nil ? [] : [.forgotten(target)], vertex)
        case .importing:
            guard let importing = change.importing else { return journalled([], vertex) }
            notices.append(.stepBegan(reading.step(vertex)))
            journalled(facts.object(at: target) == nil ? [.imported(importing.object, id: importing.id)] : [], vertex)
        case .record:
            // The record changes, the object stays as it is known.
            guard let now = facts.object(at: target), var record = change.record else { return journalled([], vertex) }
            record.address = target
            record.attributes = now.attributes
            record.privateBytes = now.privateBytes
            record.schemaVersion = now.schemaVersion
            record.status = now.status
            record.before = now.before
            journalled(record == now ? [] : [.recorded(record)], vertex)
        default: journalled([], vertex)
        }
    }

    // MARK: Beginning a group

    private func begin(_ group: Int32, _ members: [Int32], unrecorded: [Int32]) {
        if let vertex = members.first, let step = inHand[Int(vertex)], step.completed.provisioning != nil {
            return beginProvisioning(group, vertex, step, isNew: !unrecorded.isEmpty)
        }
        var applies: [ApplyRequest] = []
        var provider: (any Provider)?
        let isNew = Set(unrecorded)
        var events: [StateEvent] = []
        for vertex in members {
            guard let step = inHand[Int(vertex)] else { continue }
            provider = step.provider
            // What an earlier try came to is past: this one may succeed.
            endings[vertex] = nil
            diagnostics[vertex] = nil
            step.ending = []
            step.diagnostics = []
            if let request = request(vertex, step, events: &events, isNew: isNew.contains(vertex)) { applies.append(request) }
        }
        guard let provider else { return }
        requests[group] = (provider, members, applies)
        if !unrecorded.isEmpty { journal.add(events, group: group) }
    }

    /// What is asked of the provider, and the intent that goes before; nil for a read.
    private func request(_ vertex: Int32, _ step: StepInHand, events: inout [StateEvent], isNew: Bool) -> ApplyRequest? {
        guard let action = step.action else { return nil }
        if isNew, action == .create { makeWay(vertex, step, &events) }
        let recorded = facts.object(at: step.target)
        let identity = (action == .delete ? (recorded ?? step.completed.prior)?.identity : step.completed.planned?.identity) ?? ""
        // Where one record alone stands for the object, another one of that identity is what gave it up, or is to go: no claim.
        let other = step.completed.isShared ? facts.otherClaim(on: identity, than: step.target) : nil
        if isNew {
            step.prior =
                switch action {
                case .create: nil
                case .update: step.completed.prior ?? recorded
                case .delete: recorded ?? step.completed.prior
                }
            step.before = action == .create ? other?.before : recorded?.before
            var planned = action == .delete ? nil : step.completed.planned
            planned?.address = step.target
            events.append(
                .intent(
                    Intent(
                        id: step.intent, action: action.recorded, address: step.target, planned: planned, run: run.id, vertex: Int(vertex)))
            )
        }
        var container = step.completed.container
        if container == nil, let holder = step.prior?.container { container = facts.object(at: ObjectAddress(holder))?.attributes }
        return ApplyRequest(
            action: action, address: step.target.instance, type: step.target.instance.type,
            desired: step.completed.configuration.map { Desired(configuration: $0, writeOnly: step.completed.writeOnly) },
            prior: step.prior.map { object in
                RemoteObject(
                    type: object.address.instance.type, attributes: object.attributes, privateBytes: object.privateBytes,
                    schemaVersion: object.schemaVersion)
            },
            proposal: Proposal(planned: step.completed.planned?.attributes, privateBytes: step.completed.plannedPrivate),
            intent: IntentID(rawValue: step.intent), container: container,
            isStillClaimed: other != nil, before: step.before)
    }

    /// Where the new object comes before the old one goes, the old one becomes deposed: in the append that has the intent.
    private func makeWay(_ vertex: Int32, _ step: StepInHand, _ events: inout [StateEvent]) {
        guard case .effect(_, let change) = reading.plan.vertices[Int(vertex)].kind, let key = reading.deposedKey(of: change),
            facts.object(at: step.target) != nil
        else { return }
        step.deposedKey = key
        let event = StateEvent.deposed(step.target.instance, key: key)
        facts.fold(event)
        events.append(event)
    }

    // MARK: Carrying out a group

    private func apply(_ group: Int32) {
        if let vertex = provisioning[group] { return provision(group, vertex) }
        guard let (provider, members, applies) = requests[group] else { return inbox.post(.groupEnded(group)) }
        for vertex in members {
            guard let step = inHand[Int(vertex)], step.began == nil else { continue }
            step.began = .now
            notices.append(.stepBegan(reading.step(vertex)))
        }
        let inbox = inbox
        if let step = members.first.flatMap({ inHand[Int($0)] }), lost[batchKey(of: step)] != nil, !applies.isEmpty {
            for vertex in members { inbox.post(.outcome(vertex, .failed(.hostLost, object: nil))) }
            return inbox.post(.groupEnded(group))
        }
        if applies.isEmpty {
            tasks[group] = readData(members, group)
            return
        }
        tasks[group] = Task.detached { [interruption] in
            await Interruption.$current.withValue(interruption) {
                for await (index, outcome) in provider.apply(applies) where members.indices.contains(index) {
                    inbox.post(.outcome(members[index], outcome))
                }
            }
            inbox.post(.groupEnded(group))
        }
    }

    private func readData(_ members: [Int32], _ group: Int32) -> Task<Void, Never>? {
        guard let vertex = members.first, let step = inHand[Int(vertex)] else { return nil }
        let inbox = inbox
        let provider = step.provider
        let request = DataRequest(
            address: step.target.instance, configuration: step.completed.configuration ?? .emptyObject, container: step.completed.container)
        return Task.detached {
            do throws(ProviderFailure) {
                guard let reading = provider as? any DataReading else {
                    throw ProviderFailure(
                        .invalidConfiguration, summary: "Provider has no data sources",
                        detail: "The provider cannot read the data source \(request.type.rawValue).")
                }
                let value = try await reading.readData(request)
                inbox.post(.read(vertex, .success(value)))
            } catch {
                inbox.post(.read(vertex, .failure(error)))
            }
            inbox.post(.groupEnded(group))
        }
    }
}

extension ApplyAction {
    var recorded: Intent.Action {
        switch self {
        case .create: .create
        case .update: .update
        case .delete: .delete
        }
    }
}

extension ProviderFailure {
    /// Of a step that is not tried any more; its words are put together where the host is known.
    fileprivate static let hostLost = ProviderFailure(.unreachable, summary: "Unreachable", detail: "What it is on does not answer.")
}
