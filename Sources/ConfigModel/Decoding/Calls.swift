import Addresses
import Diagnostics
import Evaluation
import HCLSyntax
import Values

/// `module` blocks.
extension ModuleDecoder {
    private static let callArguments: Set<String> = ["source", "version", "count", "for_each", "depends_on", "providers"]
    private static let reservedCallBlocks: Set<String> = ["lifecycle", "locals", "provider"]

    mutating func decodeCall(_ merged: MergedBlock) {
        let label = merged.base.labels[0]
        checkName(label, file: merged.file, summary: "Invalid module instance name")
        checkLifecycle(merged)
        let (repetition, context, repeated) = self.repetition(merged)
        let (body, files) = merged.remainder(withoutArguments: Self.callArguments, blocks: Self.reservedCallBlocks)
        var found = repeated + references(in: body, files: files, context)
        var source = CallDeclaration.Source.none
        var sourceSpan = merged.span
        let version = merged.attribute("version")
        var computed: LocatedExpression?
        if let attribute = merged.attribute("source") {
            sourceSpan = attribute.valueSpan
            let isConstant = attribute.isConstant && version?.isConstant ?? true
            source = isConstant ? moduleSource(attribute, version: version) : .computed
            if !isConstant { computed = attribute.expression }
        } else {
            diagnostics.append(
                missingArgument(
                    "source",
                    at: merged.base.body.isJSON
                        ? merged.base.body.span(merged.base.body.closing) : merged.base.body.span(merged.base.opening)))
        }
        let passed = passedProviders(merged)
        for pair in passed { if let key = pair.outer.key { found += references(in: key, context) } }
        var call = ModuleCall(
            callee: .module(name: label.name), path: ModuleCallPath([.module(name: label.name)]), repetition: repetition,
            dependsOn: dependsOn(merged), body: body, providers: passed, references: found, lifecycle: Lifecycle(),
            span: merged.span)
        call.attributeFiles = files
        call.source = merged.attribute("source")?.attribute.expression.literalText ?? ""
        call.version = version?.attribute.expression.literalText
        calls.append(CallDeclaration(call: call, source: source, sourceSpan: sourceSpan, computed: computed, version: version))
    }

    private mutating func moduleSource(_ attribute: LocatedAttribute, version: LocatedAttribute?) -> CallDeclaration.Source {
        do throws(DiagnosticError) {
            var constraint: String?
            if let version { constraint = try versionConstraint(constantValue(of: version.expression), at: version.valueSpan) }
            guard let text = constantString(attribute) else { return .none }
            return try moduleSource(text, constraint, of: attribute, version: version)
        } catch {
            diagnostics += error.diagnostics
            return .none
        }
    }

    private func moduleSource(_ text: String, _ constraint: String?, of attribute: LocatedAttribute, version: LocatedAttribute?)
        throws(DiagnosticError) -> CallDeclaration.Source
    {
        try CallDeclaration.Source(
            text, constraint: constraint, in: directory, at: attribute.valueSpan, version: version.map { place($0.nameSpan) })
    }

    /// A module has a `lifecycle` only to be enabled or not; of all else the reference keeps the name for itself.
    private mutating func checkLifecycle(_ merged: MergedBlock) {
        guard let lifecycle = merged.merged("lifecycle"), lifecycle.attribute("enabled") != nil else {
            return checkReservedBlocks(merged, in: "module", Self.reservedCallBlocks)
        }
        checkReservedBlocks(merged, in: "module", Self.reservedCallBlocks.subtracting(["lifecycle"]))
        for part in [lifecycle.base] + lifecycle.overrides {
            BodySchema(arguments: ["enabled"]).check(part.body, header: part.headerRange, into: &diagnostics)
        }
    }

    /// `providers = { inner = outer }`.
    private mutating func passedProviders(_ merged: MergedBlock) -> [(inner: ProviderReference, outer: ProviderReference)] {
        guard let attribute = merged.attribute("providers") else { return [] }
        guard case .object(let items) = attribute.attribute.expression.kind else {
            report("Invalid expression", "A static map expression is required.", at: attribute.startSpan)
            return []
        }
        var pairs: [(inner: ProviderReference, outer: ProviderReference)] = []
        for item in items {
            guard let inner = innerProvider(item, file: attribute.file),
                let outer = providerReference(LocatedExpression(item.value, file: attribute.file), allowsKey: true)
            else { continue }
            if let earlier = pairs.first(where: { $0.inner.name == inner.name && $0.inner.alias == inner.alias }) {
                let where_ = earlier.inner.span.map { place($0) } ?? "an earlier line"
                report(
                    "Duplicate provider address",
                    "A provider configuration was already passed to \(inner.text) at \(where_). Each child provider configuration can be assigned only once.",
                    at: outer.span)
                continue
            }
            pairs.append((inner, outer))
        }
        return pairs
    }

    /// The key of a `providers` map: a name, or a reference in parentheses or not.
    private mutating func innerProvider(_ item: ObjectItem, file: String) -> ProviderReference? {
        let span = SourceSpan(file: file, range: item.keyRange)
        switch item.key {
        case .name(let name): return ProviderReference(name: name.name, span: span)
        case .expression(let expression):
            if case .parenthesized(let inner) = expression.kind { return providerReference(LocatedExpression(inner, file: file)) }
            return providerReference(LocatedExpression(expression, file: file))
        }
    }
}

extension ProviderReference {
    /// As it is written: `aws.west`.
    var text: String { name + (alias.map { ".\($0)" } ?? "") }
}
