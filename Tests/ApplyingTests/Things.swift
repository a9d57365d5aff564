import Addresses
import PlanModel
import StateModel
import TestSupport
import Values

func thingObject(_ name: String, _ id: String, identity: String = "", before: [UInt8]? = nil) -> StateObject {
    StateObject(
        address: ObjectAddress(instanceAddress(name)),
        attributes: .object([("id", .string(id)), ("value", .int(0)), ("kind", .int(0)), ("inputs", .list([], of: .string))]),
        provider: testProvider, identity: identity, before: before)
}

func thingPlan(
    _ changes: [Change], _ vertices: [Vertex], _ edges: [[Int32]]? = nil, outputs: [OutputChange] = [], checks: [CheckResult] = []
)
    -> Plan
{
    var plan = Plan(
        mode: .normal, options: .init(), variables: [], createdAt: 0, base: StateVersion(lineage: "", serial: 0), configurationDigest: "")
    plan.changes = changes
    plan.vertices = vertices
    plan.edges = edges ?? vertices.map { _ in [] }
    plan.outputs = outputs
    plan.checks = checks
    return plan
}

func thingBench(_ objects: [StateObject]) -> Bench {
    Bench(
        store: InMemoryStore(
            StateSnapshot(
                version: StateVersion(lineage: "l", serial: 5), objects: Dictionary(uniqueKeysWithValues: objects.map { ($0.address, $0) }))
        ))
}
