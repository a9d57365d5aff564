import Addresses
import Diagnostics
import Evaluation
import HCLSyntax

/// `provisioner` and `connection` blocks.
extension ModuleDecoder {
    mutating func decodeProvisioners(
        _ merged: MergedBlock, _ name: ResourceName, context: NameContext, into found: inout [Reference]
    ) -> ([ProvisionerBlock], ConnectionBlock?) {
        if merged.overrides.isEmpty, merged.base.body.blocks.isEmpty { return ([], nil) }
        if name.mode != .managed {
            for noun in ["provisioner", "connection"] {
                for block in merged.blocks(noun) {
                    report(
                        "Unsupported block type",
                        "Blocks of type \"\(noun)\" are not expected here: only managed resources (\"resource\" blocks) can have one.",
                        at: block.body.span(block.type.range))
                }
            }
            return ([], nil)
        }
        let connection = decodeConnection(merged.blocks("connection"), of: "This resource", context: context)
        found += connection?.references ?? []
        var provisioners: [ProvisionerBlock] = []
        for block in merged.blocks("provisioner") where block.labels.count == 1 {
            guard let provisioner = decodeProvisioner(block, context: context) else { continue }
            found += provisioner.references
            provisioners.append(provisioner)
        }
        // The connection of all of them is the connection of those, too.
        if let connection, provisioners.contains(where: { $0.when == .destroy }) { refuseOthers(in: connection.references) }
        return (provisioners, connection)
    }

    /// Those of a `removed` block, which run where the reference's would: before what it names is destroyed.
    mutating func decodeRemovedProvisioners(_ block: Block, isOfResource: Bool) -> ([ProvisionerBlock], ConnectionBlock?) {
        let context: NameContext = [.count, .each]
        let connections = block.body.blocks.filter { $0.type.name == "connection" }
        let connection = decodeConnection(connections, of: "This \"removed\" block", context: context)
        var provisioners: [ProvisionerBlock] = []
        for inner in block.body.blocks where inner.type.name == "provisioner" && inner.labels.count == 1 {
            if !isOfResource {
                report(
                    "Invalid provisioner block", "Provisioners are valid only when a removed block targets a managed resource.",
                    at: inner.body.span(inner.headerRange))
                continue
            }
            guard let provisioner = decodeProvisioner(inner, context: context) else { continue }
            if provisioner.when == .create {
                report(
                    "Invalid provisioner block",
                    "Only destroy-time provisioners are valid in \"removed\" blocks. To declare a destroy-time provisioner, use:\n    when = destroy",
                    at: inner.body.span(inner.headerRange))
                continue
            }
            provisioners.append(provisioner)
        }
        return (provisioners, connection)
    }

    private mutating func decodeConnection(_ blocks: [Block], of owner: String, context: NameContext) -> ConnectionBlock? {
        for extra in blocks.dropFirst() {
            report(
                "Duplicate connection block",
                "\(owner) already has a connection block at \(place(blocks[0].body.span(blocks[0].headerRange))).",
                at: extra.body.span(extra.headerRange))
        }
        guard let block = blocks.first else { return nil }
        let body = withEscaped(block.body)
        return ConnectionBlock(
            body: body, references: others(references(in: body, context.union(.self))), span: block.body.span(block.headerRange))
    }

    private mutating func decodeProvisioner(_ block: Block, context: NameContext) -> ProvisionerBlock? {
        let body = block.body
        let type = block.labels[0].name
        if Self.removedProvisioners.contains(type) {
            report(
                "The \"\(type)\" provisioner has been removed",
                "The provisioner \"\(type)\" is not part of the language any more: it was deprecated in Terraform 0.13.4 and removed since.",
                at: SourceSpan(file: body.file, range: block.labels[0].range),
                hints: ["Give the machine its setup when it is made (user data, an image), or run the tool with local-exec."])
            return nil
        }
        let when = provisionerKeyword("when", of: body, ["create", "destroy"], "create or destroy")
        let onFailure = provisionerKeyword("on_failure", of: body, ["continue", "fail"], "continue or fail")
        for inner in body.blocks where inner.type.name == "lifecycle" {
            report(
                "Reserved block type name in provisioner block",
                "The block type name \"lifecycle\" is reserved for use in a future version.", at: inner.body.span(inner.type.range))
        }
        let connections = body.blocks.filter { $0.type.name == "connection" }
        for connection in connections {
            guard let label = connection.labels.first else { continue }
            report(
                "Extraneous label for connection", "No labels are expected for connection blocks.",
                at: SourceSpan(file: body.file, range: label.range))
        }
        let connection = decodeConnection(connections, of: "This provisioner", context: context)
        var rest = withEscaped(body)
        rest.attributes.removeAll { $0.name.name == "when" || $0.name.name == "on_failure" }
        rest.blocks.removeAll { $0.type.name == "connection" || $0.type.name == "lifecycle" }
        let references = others(self.references(in: rest, context.union(.self))) + (connection?.references ?? [])
        let isForDestroy = when == "destroy"
        if isForDestroy { refuseOthers(in: references) }
        return ProvisionerBlock(
            type: type, when: isForDestroy ? .destroy : .create, continuesOnFailure: onFailure == "continue", body: rest,
            connection: connection, references: references, span: body.span(block.headerRange))
    }

    private mutating func provisionerKeyword(_ name: String, of body: Body, _ words: Set<String>, _ choice: String) -> String? {
        guard let attribute = body.attribute(name) else { return nil }
        let located = LocatedAttribute(attribute, file: body.file)
        if let word = keyword(located), words.contains(word) { return word }
        report(
            "Invalid \"\(name)\" keyword", "The \"\(name)\" argument requires one of the following keywords: \(choice).",
            at: located.valueSpan)
        return nil
    }

    /// `_ { … }` holds arguments whose names would be meta-arguments.
    private func withEscaped(_ body: Body) -> Body {
        guard body.blocks.contains(where: { $0.type.name == "_" }) else { return body }
        var whole = body
        for block in body.blocks where block.type.name == "_" {
            whole.attributes += block.body.attributes
            whole.blocks += block.body.blocks
        }
        whole.blocks.removeAll { $0.type.name == "_" }
        return whole
    }

    /// When an object goes, nothing but itself is certain to be there still.
    private mutating func refuseOthers(in references: [Reference]) {
        for reference in references where !reference.isOfInstance {
            report(
                "Invalid reference from destroy provisioner",
                "Destroy-time provisioners and their connection configurations may only reference attributes of the related resource, via 'self', 'count.index', or 'each.key'.\n\nReferences to other resources during the destroy phase can cause dependency cycles and interact poorly with create_before_destroy.",
                at: reference.span)
        }
    }

    private func others(_ references: [Reference]) -> [Reference] { references.filter { $0.subject != .self } }

    private static let removedProvisioners: Set<String> = ["chef", "habitat", "puppet", "salt-masterless"]
}

extension Reference {
    /// `count.index`, `each.key`, `self`, and what is the same whenever it is asked: nothing beyond the instance itself.
    fileprivate var isOfInstance: Bool {
        switch subject {
        case .count, .self, .path, .terraform: return true
        case .each:
            if case .attribute(let name)? = remaining.first { return name.name == "key" }
            return false
        default: return false
        }
    }
}
