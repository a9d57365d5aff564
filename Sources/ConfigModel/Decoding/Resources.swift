import Addresses
import Diagnostics
import Evaluation
import HCLSyntax

/// `resource` and `data` blocks, and what they have in common with `module` blocks.
extension ModuleDecoder {
    private static let metaArguments: Set<String> = ["count", "for_each", "depends_on", "provider"]
    private static let metaBlocks: Set<String> = ["lifecycle", "provisioner", "connection"]
    private static let resourceSchema = BodySchema(
        blocks: [
            .init(type: "lifecycle"), .init(type: "connection"), .init(type: "provisioner", labels: ["type"]),
            .init(type: "dynamic", labels: ["type"]),
        ], isOpen: true)

    mutating func decodeResource(_ merged: MergedBlock) {
        let block = merged.base
        let mode: ResourceMode =
            switch block.type.name {
            case "data": .data
            case "ephemeral": .ephemeral
            default: .managed
            }
        let name = ResourceName(mode, type: ResourceType(block.labels[0].name), name: block.labels[1].name)
        checkName(
            block.labels[0], file: merged.file, summary: mode.typeNameFault)
        checkName(block.labels[1], file: merged.file, summary: mode.nameFault)
        if !block.body.blocks.isEmpty { Self.resourceSchema.check(block.body, header: block.headerRange, into: &diagnostics) }
        for part in merged.overrides { Self.resourceSchema.check(part.body, header: part.headerRange, into: &diagnostics) }
        if !block.body.blocks.isEmpty { checkReservedBlocks(merged, in: mode == .managed ? "resource" : mode.rawValue, ["locals"]) }
        if mode == .managed, kinds.kind(name.type) != nil {
            decodeKindCall(merged, name)
            return
        }
        resources.append(resourceBlock(merged, name))
    }

    mutating func checkReservedBlocks(_ merged: MergedBlock, in noun: String, _ reserved: Set<String>) {
        for block in merged.base.body.blocks where reserved.contains(block.type.name) {
            // Only a block that has the labels of what it may be one day.
            let schema = BodySchema(blocks: [.init(type: block.type.name, labels: block.type.name == "provider" ? ["type"] : [])])
            guard schema.hasRightLabels(block) else {
                schema.checkLabels(of: block, schema.blocks[0], in: block.body, into: &diagnostics)
                continue
            }
            report(
                "Reserved block type name in \(noun) block",
                "The block type name \"\(block.type.name)\" is reserved for use in a future version.", at: block.body.span(block.type.range)
            )
        }
    }

    mutating func resourceBlock(_ merged: MergedBlock, _ name: ResourceName) -> ResourceBlock {
        let (repetition, context, repeated) = self.repetition(merged)
        var found = repeated
        let (body, files) = merged.remainder(withoutArguments: Self.metaArguments, blocks: Self.metaBlocks.union(["_"]))
        found += references(in: body, files: files, context)
        // `_ { … }` holds arguments whose names would be meta-arguments.
        let escaped = merged.blocks("_")
        var complete = body
        for extra in escaped.dropFirst() {
            report(
                "Duplicate escaping block",
                "The special block type \"_\" can be used only once in each block: there is one at \(place(escaped[0].body.span(escaped[0].headerRange))).",
                at: extra.body.span(extra.headerRange))
        }
        for block in escaped {
            complete.attributes += block.body.attributes
            complete.blocks += block.body.blocks
            found += references(in: block.body, context)
        }
        var refersToItself = false
        for reference in found where reference.subject == .resource(name) {
            refersToItself = true
            report("Self-referential block", "Configuration for \(name) may not refer to itself.", at: reference.span)
        }
        let ownReferences = found.count
        let lifecycle = decodeLifecycle(merged, name, context: context, into: &found)
        let (provisioners, connection) = decodeProvisioners(merged, name, context: context, into: &found)
        if name.type != lastType.type { lastType = (name.type, .implied(by: name.type)) }
        var provider = lastType.provider
        if let attribute = merged.attribute("provider"), let explicit = providerReference(attribute.expression, allowsKey: true) {
            provider = explicit
            if let key = explicit.key { found += references(in: key, context) }
        }
        return ResourceBlock(
            name: name, repetition: repetition, provider: provider, dependsOn: dependsOn(merged), lifecycle: lifecycle, body: complete,
            provisioners: provisioners, connection: connection,
            references: refersToItself || found.count > ownReferences ? found.filter { $0.subject != .resource(name) } : found,
            attributeFiles: files, span: merged.span)
    }

    // MARK: Meta-arguments

    /// `count` or `for_each`, what may be named in the rest of the block because of it, and what it refers to.
    mutating func repetition(_ merged: MergedBlock) -> (Repetition, NameContext, [Reference]) {
        let count = merged.attribute("count")
        let forEach = merged.attribute("for_each")
        if let count, let forEach {
            let later = count.file == forEach.file && count.attribute.range.start > forEach.attribute.range.start ? count : forEach
            report(
                "Invalid combination of \"count\" and \"for_each\"",
                "The \"count\" and \"for_each\" meta-arguments are mutually-exclusive, only one should be used to be explicit about the number of resources to be created.",
                at: later.nameSpan)
        }
        if let enabled = merged.merged("lifecycle")?.attribute("enabled") {
            if let other = count ?? forEach {
                let name = other.attribute.name.name
                report(
                    "Invalid combination of \"\(name)\" and \"enabled\"",
                    "The \"\(name)\" and \"enabled\" meta-arguments are mutually-exclusive: a block is repeated, or there or not.",
                    at: enabled.nameSpan)
            } else {
                return (.enabled(enabled.expression), [], references(in: enabled.expression))
            }
        }
        if let count { return (.count(count.expression), .count, references(in: count.expression)) }
        if let forEach { return (.forEach(forEach.expression), .each, references(in: forEach.expression)) }
        return (.single, [], [])
    }

    mutating func dependsOn(_ merged: MergedBlock) -> [Reference] {
        guard let attribute = merged.attribute("depends_on"), let items = staticList(attribute) else { return [] }
        var found: [Reference] = []
        for item in items {
            guard let traversal = staticTraversal(item) else { continue }
            for reference in references([traversal], file: item.file, []) {
                if let step = reference.remaining.first {
                    report(
                        "Invalid depends_on reference",
                        "References in depends_on must be to a whole object (resource, etc), not to an attribute of an object.",
                        at: SourceSpan(file: item.file, range: step.rangeWithDot))
                } else {
                    found.append(reference)
                }
            }
        }
        return found
    }
}

extension ResourceMode {
    fileprivate var typeNameFault: String {
        switch self {
        case .managed: "Invalid resource type name"
        case .data: "Invalid data source name"
        case .ephemeral: "Invalid ephemeral resource type"
        }
    }

    fileprivate var nameFault: String {
        switch self {
        case .managed: "Invalid resource name"
        case .data: "Invalid data resource name"
        case .ephemeral: "Invalid ephemeral resource name"
        }
    }
}
