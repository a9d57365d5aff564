import Addresses
import Diagnostics
import Evaluation
import HCLSyntax

/// `moved` and `removed` blocks.
extension ModuleDecoder {
    mutating func decodeMoved(_ block: Block) {
        let schema = BodySchema(arguments: ["from", "to"], required: ["from", "to"])
        schema.check(block.body, header: block.headerRange, into: &diagnostics)
        guard let from = block.body.attribute("from"), let to = block.body.attribute("to") else { return }
        guard let (fromTraversal, fromAddress) = target(LocatedAttribute(from, file: block.body.file)),
            let (toTraversal, toAddress) = target(LocatedAttribute(to, file: block.body.file))
        else { return }
        let span = block.body.span(block.headerRange)
        guard fromAddress.isResource == toAddress.isResource else {
            report(
                "Invalid \"moved\" addresses",
                "The \"from\" and \"to\" addresses must either both refer to resources or both refer to modules.",
                at: span)
            return
        }
        if case .resource(_, let resource, _) = fromAddress, resource.mode != .managed {
            report("Invalid \"moved\" addresses", "Only managed resources have a state that can be moved.", at: span)
            return
        }
        if case .resource(_, let resource, _) = fromAddress, case .resource(_, let other, _) = toAddress, resource.type != other.type,
            kinds.kind(resource.type) != nil || kinds.kind(other.type) != nil
        {
            report(
                "Invalid \"moved\" addresses",
                "A kind can only become the same kind under another address: a \(resource.type.rawValue) and a \(other.type.rawValue) have different parts.",
                at: span)
            return
        }
        moved.append(MovedBlock(from: fromTraversal, to: toTraversal, source: fromAddress, target: toAddress, span: span))
    }

    mutating func decodeRemoved(_ block: Block) {
        let schema = BodySchema(
            arguments: ["from"], required: ["from"],
            blocks: [.init(type: "lifecycle"), .init(type: "provisioner", labels: ["type"]), .init(type: "connection")])
        schema.check(block.body, header: block.headerRange, into: &diagnostics)
        var destroys = true
        for lifecycle in block.body.blocks where lifecycle.type.name == "lifecycle" {
            BodySchema(arguments: ["destroy"]).check(lifecycle.body, header: lifecycle.headerRange, into: &diagnostics)
            let attribute = lifecycle.body.attribute("destroy").map { LocatedAttribute($0, file: lifecycle.body.file) }
            destroys = constantBool(attribute) ?? true
        }
        guard let from = block.body.attribute("from"), let (traversal, address) = target(LocatedAttribute(from, file: block.body.file))
        else {
            return
        }
        let span = block.body.span(from.expression.range)
        if case .resource(_, let resource, _) = address, resource.mode != .managed {
            report(
                "Data source address not allowed",
                "Data sources are never destroyed, so they are not valid targets of removed blocks. To remove the data source from state, remove the data source block from configuration.",
                at: span)
            return
        }
        if let keyed = address.firstKey(in: traversal) {
            let isResource = address.isResource && keyed == traversal.steps.last?.range
            report(
                isResource ? "Resource instance keys not allowed" : "Module instance keys not allowed",
                isResource
                    ? "A resource is removed as a whole, such as test_instance.foo, not one instance of it, such as test_instance.foo[1]."
                    : "A module call is removed as a whole, such as module.foo, not one instance of it, such as module.foo[1].",
                at: block.body.span(keyed))
            return
        }
        let (provisioners, connection) = decodeRemovedProvisioners(block, isOfResource: address.isResource)
        removed.append(
            RemovedBlock(
                from: traversal, address: address, destroys: destroys, provisioners: provisioners, connection: connection,
                span: block.body.span(block.headerRange)))
    }

    private mutating func target(_ attribute: LocatedAttribute) -> (Traversal, ConfigurationAddress)? {
        guard case .traversal(let root, let steps) = attribute.attribute.expression.kind else {
            reportNoStaticReference(at: attribute.valueSpan)
            return nil
        }
        let traversal = Traversal(root: root, steps: steps, range: attribute.attribute.expression.range)
        do {
            return (traversal, try ConfigurationAddress(traversal, file: attribute.file, isKind: { [kinds] in kinds.kind($0) != nil }))
        } catch {
            diagnostics += error.diagnostics
            return nil
        }
    }
}
