import Addresses
import Diagnostics
import Evaluation
import HCLSyntax
import ProviderKit
import Values

/// What names a host in a configuration: the part of a `host` object that reaching it needs.
let hostObjectType: ValueType = .object(
    ObjectType([
        .init(name: "id", type: .string), .init(name: "address", type: .string),
        .init(name: "port", type: .number, isOptional: true), .init(name: "user", type: .string, isOptional: true),
        .init(name: "host_key", type: .string, isOptional: true),
    ]))

/// The same without `optional`: what values are of.
let hostValueType: ValueType = .object(["id": .string, "address": .string, "port": .number, "user": .string, "host_key": .string])

/// Reads attributes and nested blocks.
struct SchemaReader {
    let report: ManifestReport
    let rules: [String: ValidationManifest]

    static let attributeArguments = [
        "type", "required", "optional", "computed", "default", "sensitive", "write_only", "replaces", "validation", "unordered",
        "normalize",
        "container", "description", "value", "recompute", "progress", "deprecated",
    ]

    /// - Parameter attributes: the block's own, and those of the mixins that it uses.
    func block(_ body: Body, attributes: [Sourced], what: String, description: String) -> (BlockManifest, BlockSchema) {
        var own: [AttributeManifest] = []
        for part in attributes {
            let reader = ArgumentReader(part, what: "attributes of \(what)", report: report, known: nil)
            for name in reader.order {
                guard let given = reader.sourced(name) else { continue }
                if own.contains(where: { $0.name == name }) {
                    report.error("Invalid manifest", "\"\(name)\" of \(what) is described twice.", at: given.span)
                } else if let attribute = attribute(name, given, what: what) {
                    own.append(attribute)
                }
            }
        }
        var nested: [NestedBlockManifest] = []
        for block in body.blocks where block.type.name == "block" {
            if let found = nestedBlock(block, in: body) { nested.append(found) }
        }
        for block in nested where own.contains(where: { $0.name == block.name }) {
            report.error("Invalid manifest", "\"\(block.name)\" is both an attribute and a block of \(what).", at: body.span(body.range))
        }
        checkRecompute(own, what: what, span: attributes.first?.span ?? body.span(body.range))
        rank(&own, what: what)
        own.sort { $0.name.precedesByBytes($1.name) }
        nested.sort { $0.name.precedesByBytes($1.name) }
        return (
            BlockManifest(attributes: own, blocks: nested),
            BlockSchema(attributes: own.map(\.schema), blocks: nested.map(\.schema), description: description)
        )
    }

    private func checkRecompute(_ attributes: [AttributeManifest], what: String, span: SourceSpan) {
        let names = attributes.map(\.name)
        for attribute in attributes {
            guard case .onChangeOf(let others)? = attribute.recompute else { continue }
            for other in others where !names.contains(other) {
                report.error(
                    "Invalid manifest", "\"recompute\" of \(attribute.name) names \"\(other)\", which is no attribute of \(what).",
                    at: span,
                    hints: nearestName(other, among: names).map { ["Did you mean \"\($0)\"?"] } ?? [])
            }
        }
    }

    /// Numbers defaults and values so that each comes after those it refers to.
    private func rank(_ attributes: inout [AttributeManifest], what: String) {
        var index: [String: Int] = [:]
        for (position, attribute) in attributes.enumerated() { index[attribute.name] = position }
        enum Colour { case white, grey, black }
        var colours = Array(repeating: Colour.white, count: attributes.count)
        var next = 1
        func visit(_ position: Int) {
            guard colours[position] == .white, let expression = attributes[position].fallback ?? attributes[position].value else { return }
            colours[position] = .grey
            for traversal in traversals(in: expression.expression) {
                guard let other = index[traversal.root.name] else { continue }
                if colours[other] == .grey {
                    report.error(
                        "Invalid manifest",
                        "\"\(attributes[position].name)\" and \"\(attributes[other].name)\" of \(what) follow from each other.",
                        at: expression.span)
                } else {
                    visit(other)
                }
            }
            colours[position] = .black
            attributes[position].rank = next
            next += 1
        }
        for position in attributes.indices { visit(position) }
    }

    private func attribute(_ name: String, _ given: Sourced, what: String) -> AttributeManifest? {
        let whole = "attribute \"\(name)\" of \(what)"
        let reader = ArgumentReader(given, what: whole, report: report, known: Self.attributeArguments)
        guard case .object = given.expression.kind else { return nil }
        guard let (type, isHost) = type(reader, whole) else { return nil }
        let value = reader.sourced("value")
        let fallback = reader.sourced("default")
        let isRequired = reader.flag("required")
        let isOptional = reader.flag("optional") || fallback != nil
        let isComputed = reader.flag("computed") || value != nil || fallback != nil
        let isWriteOnly = reader.flag("write_only")
        if !isRequired && !isOptional && !isComputed {
            report.error(
                "Invalid manifest", "The \(whole) says neither required, optional nor computed, and has no default and no value.",
                at: given.span)
        }
        if isRequired && (isOptional || isComputed) {
            report.error(
                "Invalid manifest", "The \(whole) is required and so can be neither optional nor computed nor have a default.",
                at: given.span)
        }
        if isWriteOnly && isComputed {
            report.error(
                "Invalid manifest", "The \(whole) is write-only: nothing of it is recorded, so it cannot be computed.", at: given.span)
        }
        let replaces = replaceRule(reader)
        return AttributeManifest(
            name: name,
            schema: AttributeSchema(
                name: name, type: isHost ? hostValueType : type, isRequired: isRequired, isOptional: isOptional, isComputed: isComputed,
                isSensitive: reader.flag("sensitive"), isWriteOnly: isWriteOnly,
                isContainer: reader.has("container") ? reader.flag("container") : isHost, isDeprecated: reader.flag("deprecated"),
                isUnordered: reader.flag("unordered"), forcesReplacement: { if case .always? = replaces { true } else { false } }(),
                description: reader.string("description") ?? ""),
            fallback: fallback, value: value, normalize: reader.sourced("normalize"), replaces: replaces, recompute: recompute(reader),
            validations: validations(reader.sourced("validation"), what: whole), isProgress: reader.flag("progress"), isHost: isHost)
    }

    private func type(_ reader: ArgumentReader, _ whole: String) -> (ValueType, isHost: Bool)? {
        guard let given = reader.sourced("type") else {
            report.error("Invalid manifest", "The \(whole) has no type.", at: reader.span)
            return nil
        }
        if case .traversal(let name, let steps) = given.expression.kind, name.name == "host", steps.isEmpty {
            return (hostObjectType, true)
        }
        do throws(DiagnosticError) {
            return (try typeConstraint(of: given.expression, file: given.file), false)
        } catch {
            report.diagnostics.append(contentsOf: error.diagnostics)
            return nil
        }
    }

    private func replaceRule(_ reader: ArgumentReader) -> ReplaceRule? {
        guard let given = reader.sourced("replaces") else { return nil }
        if case .bool(let always) = given.expression.kind { return always ? .always : nil }
        return .when(given)
    }

    private func recompute(_ reader: ArgumentReader) -> Recompute? {
        guard let given = reader.sourced("recompute") else { return nil }
        if case .bool(let any) = given.expression.kind { return any ? .onAnyChange : nil }
        return reader.strings("recompute").map { .onChangeOf($0) }
    }

    /// `{ condition = …, message = … }`, `rule.NAME`, or a list of them.
    func validations(_ given: Sourced?, what: String) -> [ValidationManifest] {
        guard let given else { return [] }
        if case .tuple(let items) = given.expression.kind {
            return items.flatMap { validations(Sourced(expression: $0, file: given.file), what: what) }
        }
        if case .traversal(let root, let steps) = given.expression.kind, root.name == "rule" {
            return rule(steps, given).map { [$0] } ?? []
        }
        let reader = ArgumentReader(given, what: "validation of \(what)", report: report, known: ["condition", "message"])
        guard let condition = reader.sourced("condition"), let message = reader.sourced("message") else {
            report.error("Invalid manifest", "A validation has a condition and a message.", at: given.span)
            return []
        }
        return [ValidationManifest(condition: condition, message: message)]
    }

    private func rule(_ steps: [TraversalStep], _ given: Sourced) -> ValidationManifest? {
        guard steps.count == 1, case .attribute(let name) = steps[0] else {
            report.error("Invalid manifest", "A rule is named by rule.NAME.", at: given.span)
            return nil
        }
        if let rule = rules[name.name] { return rule }
        let known = rules.keys.sorted { $0.precedesByBytes($1) }
        report.error(
            "Invalid manifest",
            "There is no rule \"\(name.name)\".\(known.isEmpty ? "" : " Known are: \(known.joined(separator: ", ")).")",
            at: SourceSpan(file: given.file, range: name.range),
            hints: nearestName(name.name, among: known).map { ["Did you mean \"\($0)\"?"] } ?? [])
        return nil
    }

    private func nestedBlock(_ block: Block, in parent: Body) -> NestedBlockManifest? {
        guard let name = report.label(of: block, in: parent, what: "A block of a schema") else { return nil }
        let what = "block \"\(name)\""
        let span = parent.span(block.headerRange)
        let reader = ArgumentReader(
            block.body, what: what, span: span, report: report,
            known: ["nesting", "attributes", "minimum", "maximum", "computed", "replaces", "description", "deprecated"])
        report.refuseBlocks(block.body, except: ["block"], what: what)
        var nesting = NestedBlockSchema.Nesting.list
        if let given = reader.string("nesting") {
            if let known = NestedBlockSchema.Nesting(rawValue: given), known != .map {
                nesting = known
            } else {
                report.error(
                    "Invalid manifest", "\"nesting\" is \"single\", \"list\" or \"set\", not \"\(given)\".", at: reader.span(of: "nesting"))
            }
        }
        let (body, schema) = self.block(
            block.body, attributes: reader.sourced("attributes").map { [$0] } ?? [], what: what,
            description: reader.string("description") ?? "")
        return NestedBlockManifest(
            name: name,
            schema: NestedBlockSchema(
                name: name, nesting: nesting, block: schema, minimumItems: reader.int("minimum") ?? 0,
                maximumItems: reader.int("maximum") ?? 0,
                isComputed: reader.flag("computed")),
            body: body, replaces: reader.flag("replaces"))
    }
}
