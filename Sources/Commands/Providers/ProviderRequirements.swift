import Addresses
import ConfigModel
import HCLSyntax
import Values

/// The providers that the modules of a configuration ask for, and in which versions.
struct ProviderRequirements {
    /// One module call.
    struct Node {
        /// `module.network`; of a kind `web_server.shop`.
        var label: String
        /// By address: `registry.terraform.io/hashicorp/aws`.
        var providers: [(address: String, versions: String)]
        var children: [Node]
    }

    let root: Node

    init(_ configuration: Configuration) {
        root = Self.node(configuration.modules[0], label: ".", configuration)
    }

    private static func node(_ module: Module, label: String, _ configuration: Configuration) -> Node {
        var versions: [String: [String]] = [:]
        func need(_ local: String) {
            versions[address(local, in: module), default: []] += []
        }
        for required in module.settings.requiredProviders {
            versions[address(required.localName, in: module), default: []] += required.version.map { [$0] } ?? []
        }
        for block in module.providers {
            need(block.name)
            if let version = block.body.attribute("version")?.expression.literalText {
                versions[address(block.name, in: module)]?.append(version)
            }
        }
        for resource in module.resources { need(resource.provider.name) }
        let children = module.calls.compactMap { call in
            configuration.module(at: call.path).map { child in
                let step =
                    switch call.callee {
                    case .module(let name): "module.\(name)"
                    case .kind(let type, let name): "\(type.rawValue).\(name)"
                    }
                return node(child, label: step, configuration)
            }
        }
        return Node(
            label: label,
            providers: versions.sorted { $0.key.precedesByBytes($1.key) }.map { ($0.key, canonical($0.value)) },
            children: children.sorted { $0.label.precedesByBytes($1.label) })
    }

    /// The whole address of what a local name stands for.
    static func address(_ local: String, in module: Module) -> String {
        let source = module.settings.requiredProviders.first { $0.localName == local }?.source
        guard let source else { return PublishedState.providerName(local) }
        let parts = source.split(separator: "/").map { $0.lowercased() }
        switch parts.count {
        case 1: return PublishedState.providerName(parts[0])
        case 2: return "registry.terraform.io/\(source.lowercased())"
        default: return source.lowercased()
        }
    }

    /// `>= 3.0, < 4` as `>= 3.0.0, < 4.0.0`: the parts that a version lacks are noughts, except where they say how much may differ.
    private static func canonical(_ constraints: [String]) -> String {
        constraints.flatMap { $0.split(separator: ",") }.map { part in
            var rest = part.drop { $0 == " " }
            var sign = ""
            for candidate in ["!=", ">=", "<=", "~>", "=", ">", "<"] where rest.hasPrefix(candidate) {
                sign = candidate == "=" ? "" : candidate + " "
                rest = rest.dropFirst(candidate.count)
                break
            }
            let version = rest.filter { $0 != " " }
            if sign == "~> " { return sign + version }
            let cut = version.firstIndex { $0 == "-" || $0 == "+" } ?? version.endIndex
            let missing = max(0, 3 - version[..<cut].split(separator: ".").count)
            return sign + version[..<cut] + String(repeating: ".0", count: missing) + version[cut...]
        }.joined(separator: ", ")
    }

    // MARK: Drawing

    /// As a tree with a line for each.
    var text: String {
        var lines = [root.label]
        Self.draw(root, "", &lines)
        return lines.joined(separator: "\n") + "\n"
    }

    private static func draw(_ node: Node, _ lead: String, _ lines: inout [String]) {
        let count = node.providers.count + node.children.count
        for (number, provider) in node.providers.enumerated() {
            lines.append(
                "\(lead)\(number == count - 1 ? "└── " : "├── ")provider[\(provider.address)]\(provider.versions.isEmpty ? "" : " " + provider.versions)"
            )
        }
        for (number, child) in node.children.enumerated() {
            let isLast = node.providers.count + number == count - 1
            lines.append("\(lead)\(isLast ? "└── " : "├── ")\(child.label)")
            draw(child, lead + (isLast ? "    " : "│\u{A0}\u{A0} "), &lines)
        }
    }
}
