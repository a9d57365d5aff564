import Diagnostics
import Evaluation
import HCLSyntax
import Values

/// Whether every name in a type's expressions is one that can have a value there.
struct NameCheck {
    let resource: ResourceManifest
    let report: ManifestReport

    /// What recipes see beside attributes and lets; not all of it in each.
    static let own: Set<String> = [
        "planned", "prior", "config", "write_only", "private", "before", "setting", "intent", "is_claimed", "each", "response", "answers",
        "object", "objects", "error", "page", "service", "facts", "emitted", "connection",
    ]
    /// What expressions of attributes see beside attributes.
    private static let planning: Set<String> = ["value", "config", "prior", "planned", "setting"]

    func check(recipes bodies: [Body], fragments: [FragmentManifest], what: String) {
        let attributes = names(of: resource.body)
        let known = Self.own.union(resource.body.attributes.map(\.name)).union(resource.body.blocks.map(\.name)).union(resource.lets.names)
        for body in bodies {
            for recipe in body.blocks where recipe.type.name != "block" {
                check(recipe.body, known, fragments, what: "\(recipe.type.name) of \(what)")
            }
        }
        for (_, value) in resource.importing ?? [] { check(value, ["import_id", "setting"], what: "import of \(what)") }
        for (_, value) in resource.object { check(value, known, what: "object of \(what)") }
        for name in resource.lets.names {
            if let value = resource.lets[name] { check(value, known, what: "let \"\(name)\" of \(what)") }
        }
        check(resource.body, Self.planning.union(attributes), what: what)
        for rule in resource.validations { check(rule, Self.planning.union(attributes), what: "validation of \(what)") }
    }

    private func names(of block: BlockManifest) -> Set<String> {
        block.blocks.reduce(into: Set(block.attributes.map(\.name) + block.blocks.map(\.name))) { $0.formUnion(names(of: $1.body)) }
    }

    private func check(_ block: BlockManifest, _ known: Set<String>, what: String) {
        for attribute in block.attributes {
            let place = "\"\(attribute.name)\" of \(what)"
            for given in [attribute.fallback, attribute.value, attribute.normalize] { if let given { check(given, known, what: place) } }
            if case .when(let condition)? = attribute.replaces { check(condition, known, what: place) }
            for rule in attribute.validations { check(rule, known, what: place) }
        }
        for nested in block.blocks { check(nested.body, known, what: what) }
    }

    private func check(_ rule: ValidationManifest, _ known: Set<String>, what: String) {
        check(rule.condition, known, what: what)
        check(rule.message, known, what: what)
    }

    private func check(_ body: Body, _ known: Set<String>, _ fragments: [FragmentManifest], what: String) {
        for attribute in body.attributes {
            let given = Sourced(expression: attribute.expression, file: body.file)
            guard attribute.name.name == "script" else {
                check(given, known, what: what)
                continue
            }
            // Which fragments a script can include is for the check of scripts to say.
            check(given, known.union(["fragment"]), what: what)
            let included = traversals(in: attribute.expression).filter { $0.root.name == "fragment" }
            for case .attribute(let name)? in included.map(\.steps.first) {
                if let fragment = fragments.first(where: { $0.name == name.name }) { check(fragment.given, known, what: what) }
            }
        }
        for block in body.blocks { check(block.body, known, fragments, what: what) }
    }

    private func check(_ given: Sourced, _ known: Set<String>, what: String) {
        for traversal in traversals(in: given.expression) where !known.contains(traversal.root.name) {
            let name = traversal.root.name
            let place = SourceSpan(file: given.file, range: traversal.root.range)
            if resource.lets[name] != nil {
                report.error(
                    "Invalid manifest", "A let is seen by recipes and by object; this is \(what), where \"\(name)\" is none.", at: place)
            } else if name == "fragment" {
                report.error("Invalid manifest", "A fragment is included by scripts alone; this is \(what).", at: place)
            } else if name == "rule" {
                report.error("Invalid manifest", "A rule is named by a validation alone; this is \(what).", at: place)
            } else {
                report.error(
                    "Unknown name in a manifest", "There is no \"\(name)\" in \(what).", at: place,
                    hints: nearestName(name, among: known.sorted { $0.precedesByBytes($1) }).map { ["Did you mean \"\($0)\"?"] } ?? [])
            }
        }
    }
}
