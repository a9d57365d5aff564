import Addresses
import Planning

/// A graph in the languages that other programs draw from. Equal graphs give equal texts.
struct GraphText {
    enum Format: String, CaseIterable { case dot, mermaid }

    let graph: DrawnGraph
    /// What is said in place of a graph without nodes.
    let nothing: [String]

    func text(_ format: Format) -> String { format == .dot ? dot : mermaid }

    /// Nodes of the root, then those of each module call.
    private var modules: [(path: ModuleCallPath, nodes: [Int])] {
        var result: [(path: ModuleCallPath, nodes: [Int])] = []
        for (number, node) in graph.nodes.enumerated() {
            if result.last?.path == node.module {
                result[result.count - 1].nodes.append(number)
            } else {
                result.append((node.module, [number]))
            }
        }
        return result
    }

    private func quoted(_ text: String) -> String {
        "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    }

    // MARK: DOT

    private var dot: String {
        var lines = ["digraph G {", "  rankdir = \"RL\";", "  node [shape = rect, fontname = \"sans-serif\"];"]
        if graph.nodes.isEmpty {
            let width = nothing.map(\.count).max() ?? 0
            lines += nothing.map { "  /* \($0)\(String(repeating: " ", count: width - $0.count)) */" }
        }
        for (path, nodes) in modules {
            let isRoot = path.steps.isEmpty
            let indent = isRoot ? "  " : "    "
            if !isRoot {
                lines.append("  subgraph \(quoted("cluster_\(path)")) {")
                lines += ["    label = \(quoted(path.description))", "    fontname = \"sans-serif\""]
            }
            for number in nodes {
                let node = graph.nodes[number]
                lines.append("\(indent)\(quoted(node.address)) [label=\(quoted(node.name))\(shape(node.kind))];")
            }
            if !isRoot { lines.append("  }") }
        }
        for (number, targets) in graph.edges.enumerated() {
            for target in targets { lines.append("  \(quoted(graph.nodes[number].address)) -> \(quoted(graph.nodes[target].address));") }
        }
        return (lines + ["}"]).joined(separator: "\n") + "\n"
    }

    private func shape(_ kind: DrawnGraph.Node.Kind) -> String {
        switch kind {
        case .resource, .data: ""
        case .provider: ", shape=diamond"
        case .value: ", shape=note"
        case .module, .other: ", shape=plain"
        }
    }

    // MARK: Mermaid

    private var mermaid: String {
        var lines = ["flowchart RL"]
        if graph.nodes.isEmpty { lines += nothing.map { "  %% \($0)" } }
        for (number, module) in modules.enumerated() {
            let isRoot = module.path.steps.isEmpty
            if !isRoot { lines.append("  subgraph m\(number)[\(labelled(module.path.description))]") }
            for node in module.nodes { lines.append("  \(isRoot ? "" : "  ")n\(node)\(bracketed(graph.nodes[node]))") }
            if !isRoot { lines.append("  end") }
        }
        for (number, targets) in graph.edges.enumerated() {
            for target in targets { lines.append("  n\(number) --> n\(target)") }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private func bracketed(_ node: DrawnGraph.Node) -> String {
        let label = labelled(node.name)
        return switch node.kind {
        case .resource: "[\(label)]"
        case .data: "[/\(label)/]"
        case .provider: "{\(label)}"
        case .value, .module, .other: "(\(label))"
        }
    }

    /// Quotes are written as entities there.
    private func labelled(_ text: String) -> String { "\"" + text.replacing("\"", with: "#quot;") + "\"" }
}
