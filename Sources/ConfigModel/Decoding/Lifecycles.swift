import Addresses
import Diagnostics
import Evaluation
import HCLSyntax
import Values

/// `lifecycle` blocks.
extension ModuleDecoder {
    private var lifecycleSchema: BodySchema {
        var schema = BodySchema(
            arguments: ["create_before_destroy", "prevent_destroy", "ignore_changes", "replace_triggered_by", "enabled"],
            blocks: [.init(type: "precondition"), .init(type: "postcondition")])
        if purpose != .module { schema.arguments.append("principal") }
        return schema
    }

    mutating func decodeLifecycle(
        _ merged: MergedBlock, _ name: ResourceName, context: NameContext, into found: inout [Reference]
    ) -> Lifecycle {
        if merged.overrides.isEmpty, merged.base.body.blocks.isEmpty { return Lifecycle() }
        for part in [merged.base] + merged.overrides {
            let blocks = part.body.blocks.filter { $0.type.name == "lifecycle" }
            for extra in blocks.dropFirst() {
                report(
                    "Duplicate lifecycle block",
                    "This resource already has a lifecycle block at \(place(blocks[0].body.span(blocks[0].headerRange))).",
                    at: extra.body.span(extra.headerRange))
            }
        }
        guard let block = merged.merged("lifecycle") else { return Lifecycle() }
        for part in [block.base] + block.overrides { lifecycleSchema.check(part.body, header: part.headerRange, into: &diagnostics) }
        var lifecycle = Lifecycle()
        if name.mode != .managed {
            let noun = name.mode == .data ? "data" : "ephemeral"
            for argument in lifecycleSchema.arguments where argument != "enabled" {
                guard let attribute = block.attribute(argument) else { continue }
                report(
                    "Invalid \(noun) resource lifecycle argument",
                    "The lifecycle argument \"\(argument)\" is defined only for managed resources (\"resource\" blocks), and is not valid for \(noun) resources.",
                    at: attribute.nameSpan)
            }
        } else {
            lifecycle.createBeforeDestroy = constantBool(block.attribute("create_before_destroy")) ?? false
            lifecycle.preventDestroy = constantBool(block.attribute("prevent_destroy")) ?? false
            if let attribute = block.attribute("ignore_changes") { lifecycle.ignoreChanges = ignoreChanges(attribute) }
            if let attribute = block.attribute("replace_triggered_by") {
                lifecycle.replaceTriggeredBy = replaceTriggers(attribute, context, into: &found)
            }
            if purpose != .module { lifecycle.isPrincipal = constantBool(block.attribute("principal")) ?? false }
        }
        lifecycle.preconditions = conditions(block, "precondition", name, context, into: &found)
        lifecycle.postconditions = conditions(block, "postcondition", name, context.union(.self), into: &found)
        return lifecycle
    }

    private mutating func conditions(
        _ merged: MergedBlock, _ noun: String, _ name: ResourceName, _ context: NameContext, into found: inout [Reference]
    ) -> [ConditionBlock] {
        var result: [ConditionBlock] = []
        for block in merged.blocks(noun) {
            guard let (condition, references) = checkedCondition(block, noun: noun, context) else { continue }
            for reference in references where reference.subject == .resource(name) {
                report("Invalid reference in \(noun)", "Configuration for \(name) may not refer to itself.", at: reference.span)
            }
            result.append(condition)
            found += references.filter { $0.subject != .self }
        }
        return result
    }

    // MARK: ignore_changes

    private mutating func ignoreChanges(_ attribute: LocatedAttribute) -> Lifecycle.IgnoreChanges {
        if case .traversal(let name, let steps) = attribute.attribute.expression.kind, steps.isEmpty, name.name == "all" { return .all }
        guard let items = staticList(attribute) else { return .none }
        var paths: [Lifecycle.IgnoredPath] = []
        for item in items {
            if item.expression.literalText == "*" {
                report(
                    "Invalid ignore_changes wildcard",
                    "The [\"*\"] form of ignore_changes wildcard was deprecated and is now invalid. Use \"ignore_changes = all\" to ignore changes to all attributes.",
                    at: item.span)
                continue
            }
            if let traversal = staticTraversal(item) { paths.append(Lifecycle.IgnoredPath(path(of: traversal), span: item.span)) }
        }
        if !paths.isEmpty, let star = items.first(where: { $0.expression.literalText == "*" }) {
            report(
                "Invalid ignore_changes ruleset", "The wildcard \"*\" and names of attributes exclude each other.", at: star.span,
                hints: ["Write: ignore_changes = all"])
        }
        return paths.isEmpty ? .none : .paths(paths)
    }

    private func path(of traversal: Traversal) -> Path {
        var path = Path([.attribute(traversal.root.name)])
        for step in traversal.steps {
            switch step {
            case .attribute(let name): path = path.appending(.attribute(name.name))
            case .stringIndex(let key, _): path = path.appending(.key(key))
            // What is no index leads nowhere.
            case .numberIndex(let digits, _): path = path.appending(.index(Int(digits) ?? .max))
            }
        }
        return path
    }

    // MARK: replace_triggered_by

    private mutating func replaceTriggers(_ attribute: LocatedAttribute, _ context: NameContext, into found: inout [Reference])
        -> [LocatedExpression]
    {
        guard let items = staticList(attribute) else { return [] }
        var triggers: [LocatedExpression] = []
        for item in items {
            // Of a string in JSON that is no expression all has been said.
            if case .invalid = item.expression.kind { continue }
            let said = diagnostics.count
            let waiting = pending.count
            let references = self.references(in: item, context)
            var resources = 0
            var isRefused = diagnostics.count > said
            for reference in references {
                switch reference.subject {
                case .resource(let name) where name.mode == .managed:
                    resources += 1
                    found.append(reference)
                    if reference.key == nil, case .numberIndex(_, let range)? = reference.remaining.first {
                        report(
                            "Invalid index key", "An index of an instance is a whole number that is not too large.",
                            at: SourceSpan(file: item.file, range: range))
                    }
                case .count: break
                case .each:
                    if case .attribute(let name)? = reference.remaining.first, name.name == "key" { break }
                    isRefused = true
                    report(
                        "Invalid each reference in replace_triggered_by expression",
                        "Only each.key may be used in replace_triggered_by.", at: reference.span)
                default:
                    isRefused = true
                    report(
                        "Invalid reference in replace_triggered_by expression",
                        "Only resources, count.index, and each.key may be used in replace_triggered_by.", at: reference.span)
                }
            }
            // What may not be named here need not be looked up.
            if isRefused { pending.removeSubrange(waiting...) }
            if resources == 1 {
                triggers.append(item)
            } else {
                report(
                    "Invalid replace_triggered_by expression",
                    resources == 0
                        ? "Missing resource reference in replace_triggered_by expression."
                        : "Multiple resource references in replace_triggered_by expression.", at: item.span)
            }
        }
        return triggers
    }
}
