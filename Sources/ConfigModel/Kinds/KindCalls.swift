import Addresses
import Diagnostics
import Evaluation
import HCLSyntax

/// `resource` blocks whose type is a kind.
extension ModuleDecoder {
    private static let kindArguments: Set<String> = ["count", "for_each", "depends_on", "provider"]
    private static let kindBlocks: Set<String> = ["lifecycle", "provisioner", "connection"]

    mutating func decodeKindCall(_ merged: MergedBlock, _ name: ResourceName) {
        let (repetition, context, repeated) = self.repetition(merged)
        if case .enabled(let located) = repetition {
            report(
                "Unsupported argument", "A kind has no \"enabled\": use count, with 0 or 1.", at: located.span)
        }
        let (body, files) = merged.remainder(withoutArguments: Self.kindArguments, blocks: Self.kindBlocks)
        var found = repeated + references(in: body, files: files, context)
        for reference in found where reference.subject == .resource(name) {
            report("Self-referential block", "Configuration for \(name) may not refer to itself.", at: reference.span)
        }
        let lifecycle = decodeLifecycle(merged, name, context: context, into: &found)
        for noun in ["provisioner", "connection"] {
            for block in merged.blocks(noun) {
                report(
                    "Unsupported block type",
                    "\"\(noun)\" blocks are not allowed in a \(name.type.rawValue): it is made of several resources, and which of them is meant would not be clear.",
                    at: block.body.span(block.type.range),
                    hints: ["Put the provisioner on a terraform_data resource that refers to \(name)."])
            }
        }
        let target = kindTarget(merged, name)
        for pair in target.passed { if let key = pair.outer.key { found += references(in: key, context) } }
        var call = ModuleCall(
            callee: .kind(type: name.type, name: name.name), path: ModuleCallPath([.kind(type: name.type, name: name.name)]),
            repetition: repetition, dependsOn: dependsOn(merged), body: body, providers: target.passed,
            references: found.filter { $0.subject != .resource(name) }, lifecycle: lifecycle, span: merged.span)
        call.attributeFiles = files
        calls.append(
            CallDeclaration(call: call, source: target.source, sourceSpan: target.span ?? merged.span, provider: target.provider))
    }

    private struct KindTarget {
        var source = CallDeclaration.Source.none
        var provider: ProviderReference?
        var passed: [(inner: ProviderReference, outer: ProviderReference)] = []
        var span: SourceSpan?
    }

    /// Which composition: that of `host` where a `host` is written, else that of the provider written; never decided by a value.
    private mutating func kindTarget(_ merged: MergedBlock, _ name: ResourceName) -> KindTarget {
        guard let kind = kinds.kind(name.type) else { return KindTarget() }
        let host = merged.attribute("host")
        let written = merged.attribute("provider")
        let providers = kind.compositions.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        if let host, let written {
            diagnostics.append(
                Diagnostic(
                    .error, "Two targets for one \(name.type.rawValue)",
                    "A \(name.type.rawValue) goes on a machine (\"host\") or to a provider (\"provider\"), not both; \"provider\" is written at \(place(written.nameSpan)).",
                    subject: host.nameSpan, context: written.nameSpan, hints: ["Remove one of the two."]))
            return KindTarget()
        }
        if host != nil {
            guard kind.compositions["host"] != nil else {
                reportNoComposition(name, provider: "host", known: providers, at: host?.nameSpan ?? merged.span)
                return KindTarget()
            }
            return KindTarget(source: .kind(name.type, provider: "host"), span: host?.nameSpan)
        }
        guard let written else {
            var hints: [String] = []
            if kind.compositions["host"] != nil { hints.append("Write host = host.NAME to place it on a machine of your own.") }
            let others = providers.filter { $0 != "host" }
            if !others.isEmpty { hints.append("Write provider = NAME to have it made by one of: \(others.joined(separator: ", ")).") }
            report(
                "No target for a \(name.type.rawValue)", "\(name) says neither on which host it goes nor which provider makes it.",
                at: merged.span, hints: hints)
            return KindTarget()
        }
        guard let reference = providerReference(written.expression, allowsKey: true) else { return KindTarget() }
        let type = providerType(reference.name)
        guard kind.compositions[type] != nil else {
            reportNoComposition(name, provider: type, known: providers, at: written.valueSpan)
            return KindTarget()
        }
        return KindTarget(
            source: .kind(name.type, provider: type), provider: reference,
            passed: [(inner: ProviderReference(name: type, span: reference.span), outer: reference)], span: written.valueSpan)
    }

    private mutating func reportNoComposition(_ name: ResourceName, provider: String, known: [String], at span: SourceSpan) {
        report(
            "Kind not supported by provider", "Provider \"\(provider)\" has no composition for \(name.type.rawValue).", at: span,
            hints: known.isEmpty
                ? ["No provider has one."]
                : [
                    "\(known.count == 1 ? "The provider that has one is" : "Providers that have one are"): \(known.joined(separator: ", "))."
                ])
    }

    // MARK: Interfaces

    /// Takes up an output of an interface, which has no value; whether the block was one.
    mutating func isInterfaceOutput(_ block: Block) -> Bool {
        guard case .kind = purpose, interfaceFiles.contains(block.body.file) else { return false }
        let schema = BodySchema(arguments: ["description", "sensitive"])
        schema.check(block.body, header: block.headerRange, into: &diagnostics)
        let description = block.body.attribute("description").map { LocatedAttribute($0, file: block.body.file) }
        let sensitive = block.body.attribute("sensitive").map { LocatedAttribute($0, file: block.body.file) }
        interfaceOutputs[block.labels[0].name] = InterfaceOutput(
            description: constantString(description) ?? "", isSensitive: constantBool(sensitive) ?? false,
            span: block.body.span(block.headerRange))
        return true
    }

    /// Reports outputs that the interface asks for and the composition does not give, and the other way round.
    mutating func checkAgainstInterface() {
        guard case .kind(let type) = purpose else { return }
        let given = Set(outputs.map(\.name))
        for (name, output) in interfaceOutputs.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) })
        where !given.contains(name) {
            report(
                "Output missing in a composition", "The composition of \(type.rawValue) in \(directory) gives no output \"\(name)\".",
                at: output.span)
        }
        for output in outputs where interfaceOutputs[output.name] == nil {
            report(
                "Output outside a kind's interface", "The interface of \(type.rawValue) has no output \"\(output.name)\".", at: output.span)
        }
    }
}
