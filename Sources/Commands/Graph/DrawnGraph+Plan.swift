import Addresses
import PlanModel
import Planning

extension DrawnGraph {
    /// What applying a plan does, and what each step waits for.
    init(stepsOf plan: Plan) {
        let names: [(kind: DrawnGraph.Node.Kind, name: String)] = plan.vertices.enumerated().map { number, vertex in
            switch vertex.kind {
            case .effect(let effect, let change):
                (.resource, "\(plan.changes[change].address) (\(effect.rawValue))")
            case .open(let address): (.resource, "open \(address)")
            case .join(let label): (.module, label.isEmpty ? "join \(number)" : label)
            case .output(let index): (.value, "output.\(plan.outputs[index].name)")
            case .condition(let index): (.other, plan.checks.indices.contains(index) ? plan.checks[index].subject : "condition \(index)")
            }
        }
        // A name that several steps have stands for its number, too.
        var counts: [String: Int] = [:]
        for name in names { counts[name.name, default: 0] += 1 }
        let nodes = names.enumerated().map { number, name in
            DrawnGraph.Node(kind: name.kind, module: .root, name: counts[name.name] == 1 ? name.name : "\(name.name) #\(number)")
        }
        let order = nodes.indices.sorted { (nodes[$0].name, $0) < (nodes[$1].name, $1) }
        var place = [Int](repeating: 0, count: nodes.count)
        for (new, old) in order.enumerated() { place[old] = new }
        self.init(nodes: order.map { nodes[$0] }, edges: order.map { old in plan.edges[old].map { place[Int($0)] }.sorted() })
    }
}
