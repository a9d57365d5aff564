import Addresses
import Diagnostics
import PlanModel
import ProviderKit
import StateModel
import Values

@testable import Applying

/// What a test wants to exist.
struct Wish: Sendable {
    var name: String
    /// Names of earlier wishes.
    var needs: [String] = []
    var value = 0
    /// A change of it replaces the object.
    var kind = 0
    var createsFirst = false
    var group = "thing_a"
    var identity = ""
    /// How many provisioners run after its create, and how many before its delete.
    var after = 0
    var before = 0
    var continuesOnFailure = false

    var instance: ResourceInstanceAddress { instanceAddress(name, type: group) }
}

func instanceAddress(_ name: String, type: String = "thing_a") -> ResourceInstanceAddress {
    ResourceAddress(resource: ResourceName(type: ResourceType(type), name: name)).instance(.none)
}

let testProvider = ProviderConfigAddress(name: "test")

/// A planner of a few rules, enough to make plans with every effect.
struct SmallPlanner {
    private var changes: [Change] = []
    private var vertices: [Vertex] = []
    private var edges: [[Int32]] = []

    private mutating func add(_ vertex: Vertex, _ waits: some Sequence<Int32>) -> Int32 {
        vertices.append(vertex)
        edges.append(Set(waits).sorted())
        return Int32(vertices.count - 1)
    }

    static func plan(_ wishes: [Wish], _ state: StateSnapshot) -> Plan {
        var planner = SmallPlanner()
        return planner.make(wishes, state)
    }

    private mutating func make(_ wishes: [Wish], _ state: StateSnapshot) -> Plan {
        var exits: [String: Int32] = [:]
        var effects: [ResourceInstanceAddress: Int32] = [:]
        var finals: [ResourceInstanceAddress: Int32] = [:]
        var ids: [String: Value] = [:]
        var removals: [(object: StateObject, change: Int, action: Change.Action)] = []
        for wish in wishes {
            let prior = state.object(at: ObjectAddress(wish.instance))
            let inputs = wish.needs.map { ids[$0] ?? .unknown(.string) }
            let waits = wish.needs.compactMap { exits[$0] }
            var action = Change.Action.noOp
            if let prior {
                let isSame = prior.attributes["value"] == .int(wish.value) && prior.attributes["inputs"] == .list(inputs, of: .string)
                if prior.status == .tainted || prior.attributes["kind"] != .int(wish.kind) {
                    action = wish.createsFirst ? .createThenDelete : .deleteThenCreate
                } else if !isSame || !inputs.allSatisfy(\.isWhollyKnown) {
                    action = .update
                }
            } else {
                action = .create
            }
            ids[wish.name] = action == .noOp || action == .update ? prior?.attributes["id"] : .unknown(.string)
            if action == .noOp {
                if !waits.isEmpty { exits[wish.name] = add(Vertex(kind: .join(label: wish.name)), waits) }
                continue
            }
            let after = Value.object([
                ("id", action == .update ? prior?.attributes["id"] ?? .null : .unknown(.string)), ("value", .int(wish.value)),
                ("kind", .int(wish.kind)),
                ("inputs", .list(inputs, of: .string)),
            ])
            var record = StateObject(
                address: ObjectAddress(wish.instance), attributes: after, provider: testProvider,
                dependencies: wish.needs.compactMap { need in wishes.first { $0.name == need }?.instance.resource }.sorted(),
                createBeforeDestroy: wish.createsFirst, identity: wish.identity)
            if wish.after > 0, action != .update { record.status = .tainted }
            changes.append(
                Change(
                    address: ObjectAddress(wish.instance), provider: testProvider, action: action,
                    origin: SourceSpan(file: "main.tf", range: .init(1, 5)), before: prior?.attributes, after: after, record: record))
            let change = changes.count - 1
            let vertex = add(
                Vertex(
                    kind: .effect(action == .update ? .update : .create, change: change), identity: wish.identity, group: wish.group,
                    isSelfContained: inputs.allSatisfy(\.isWhollyKnown)), waits)
            var last = vertex
            for number in 0..<(action == .update ? 0 : wish.after) {
                last = add(Vertex(kind: .effect(.provision, change: change), provisioner: number), [last])
            }
            exits[wish.name] = last
            effects[wish.instance] = vertex
            finals[wish.instance] = last
            if action.isReplace, let prior { removals.append((prior, change, action)) }
        }
        let wanted = Set(wishes.map(\.instance))
        for address in state.objects.keys.sorted() where !wanted.contains(address.instance) || address.generation != .current {
            guard let object = state.object(at: address) else { continue }
            changes.append(Change(address: address, provider: testProvider, action: .delete, before: object.attributes))
            removals.append((object, changes.count - 1, .delete))
        }
        order(removals, effects, finals, wishes, state)
        return Plan(
            mode: .normal, options: .init(), variables: [], createdAt: 0, base: state.version, configurationDigest: "", changes: changes,
            vertices: vertices, edges: edges)
    }

    private mutating func order(
        _ removals: [(object: StateObject, change: Int, action: Change.Action)], _ effects: [ResourceInstanceAddress: Int32],
        _ finals: [ResourceInstanceAddress: Int32], _ wishes: [Wish], _ state: StateSnapshot
    ) {
        var going: [ObjectAddress: Int32] = [:]
        for removal in removals {
            going[removal.object.address] = add(
                Vertex(
                    kind: .effect(.delete, change: removal.change), identity: removal.object.identity,
                    group: removal.object.address.instance.type.rawValue, isSelfContained: true), [])
        }
        for removal in removals {
            guard let vertex = going[removal.object.address] else { continue }
            let instance = removal.object.address.instance
            var waits: Set<Int32> = []
            for other in removals where other.action != .createThenDelete && other.object.dependencies.contains(instance.resource) {
                if let first = going[other.object.address], first != vertex, removal.action != .createThenDelete { waits.insert(first) }
            }
            switch removal.action {
            case .deleteThenCreate: if let create = effects[instance] { edges[Int(create)] = Set(edges[Int(create)] + [vertex]).sorted() }
            case .createThenDelete:
                if let made = finals[instance] { waits.insert(made) }
                for object in state.objects.values where object.dependencies.contains(instance.resource) {
                    if let effect = finals[object.address.instance] { waits.insert(effect) }
                }
            default: break
            }
            if removal.action == .deleteThenCreate, removal.object.status == .ready,
                let wish = wishes.first(where: { $0.instance == instance })
            {
                for number in 0..<wish.before {
                    waits = [add(Vertex(kind: .effect(.deprovision, change: removal.change), provisioner: number), waits)]
                }
            }
            edges[Int(vertex)] = waits.sorted()
        }
    }
}

/// Finishes the steps of a `SmallPlanner`'s plan: inputs are the ids of what exists by then.
final class SmallCompleter: StepCompleting, ProviderPool {
    let plan: Plan
    let wishes: [Wish]
    let test: any Provider
    /// Whether identities may be claimed by several.
    let isShared: Bool
    /// Fails where it answers diagnostics.
    let fault: @Sendable (Int) -> [Diagnostic]

    init(
        _ plan: Plan, _ wishes: [Wish], provider: any Provider, isShared: Bool = true,
        fault: @escaping @Sendable (Int) -> [Diagnostic] = { _ in [] }
    ) {
        self.plan = plan
        self.wishes = wishes
        test = provider
        self.isShared = isShared
        self.fault = fault
    }

    func provider(_ address: ProviderConfigAddress) async throws(DiagnosticError) -> any Provider {
        guard address == testProvider else { throw DiagnosticError(.error("Provider not configured", "There is no \(address).")) }
        return test
    }

    func complete(_ vertex: Int, facts: any Facts) async throws(DiagnosticError) -> CompletedStep {
        let problems = fault(vertex)
        if !problems.isEmpty { throw DiagnosticError(problems) }
        guard case .effect(let effect, let index) = plan.vertices[vertex].kind else { throw DiagnosticError(.error("Not an effect")) }
        let change = plan.changes[index]
        if effect == .delete {
            return CompletedStep(
                action: .delete, prior: facts.object(at: change.address), provider: change.provider, isShared: isShared,
                origin: change.origin)
        }
        if effect == .provision || effect == .deprovision {
            let number = plan.vertices[vertex].provisioner ?? 0
            let wish = wishes.first { $0.instance == change.address.instance }
            var step = CompletedStep(action: .provision, provider: change.provider, origin: change.origin)
            step.provisioning = ProvisioningStep(
                phase: effect == .provision ? .afterCreate(isLast: number == (wish?.after ?? 1) - 1) : .beforeDelete, type: "\(effect)",
                configuration: .object([
                    ("id", facts.object(at: change.address)?.attributes["id"] ?? .null), ("number", .int(number)),
                ]), connection: nil, continuesOnFailure: wish?.continuesOnFailure ?? false,
                span: change.origin ?? SourceSpan(file: "main.tf", range: .init(1, 5)))
            return step
        }
        if effect == .noOp { return CompletedStep(action: .noOp, provider: change.provider) }
        guard var record = change.record else { throw DiagnosticError(.error("No record")) }
        if effect == .read {
            var step = CompletedStep(
                action: .read, configuration: change.after, planned: record, provider: change.provider, origin: change.origin)
            step.isForCheck = change.reason == .checkNested
            return step
        }
        if let wish = wishes.first(where: { $0.instance == change.address.instance }) {
            var inputs: [Value] = []
            for need in wish.needs {
                guard let other = wishes.first(where: { $0.name == need }), let object = facts.object(at: ObjectAddress(other.instance))
                else {
                    throw DiagnosticError(.error("Dependency is missing", "\(wish.name) is completed before \(need) exists."))
                }
                inputs.append(object.attributes["id"] ?? .null)
            }
            record.attributes =
                record.attributes.replacing(at: [.attribute("inputs")], with: .list(inputs, of: .string)) ?? record.attributes
        }
        let prior = effect == .update ? facts.object(at: change.address) : nil
        if let prior, prior.attributes == record.attributes { return CompletedStep(action: .noOp, prior: prior, provider: change.provider) }
        return CompletedStep(
            action: effect == .update ? .update : .create, configuration: record.attributes, planned: record, prior: prior,
            provider: change.provider, isShared: isShared, origin: change.origin)
    }

    func output(_ index: Int, facts: any Facts) async throws(DiagnosticError) -> Value { plan.outputs[index].after ?? .null }
    func check(_ index: Int, facts: any Facts) async -> [Diagnostic] { fault(1000 + index) }
    func settle(_ vertex: Int, object: StateObject?) async {}
}
