import Addresses
import Diagnostics
import Evaluation
import HCLSyntax

/// `module` blocks.
extension ModuleDecoder {
    private static let callArguments: Set<String> = ["source", "version", "count", "for_each", "depends_on", "providers"]
    private static let reservedCallBlocks: Set<String> = ["lifecycle", "locals", "provider"]

    mutating func decodeCall(_ merged: MergedBlock) {
        let label = merged.base.labels[0]
        checkName(label, file: merged.file, summary: "Invalid module instance name")
        checkReservedBlocks(merged, in: "module", Self.reservedCallBlocks)
        let (repetition, context, repeated) = self.repetition(merged)
        let (body, files) = merged.remainder(withoutArguments: Self.callArguments, blocks: Self.reservedCallBlocks)
        let found = repeated + references(in: body, files: files, context)
        var source = CallDeclaration.Source.none
        var sourceSpan = merged.span
        if let attribute = merged.attribute("source") {
            sourceSpan = attribute.valueSpan
            source = moduleSource(attribute, version: merged.attribute("version"))
        } else {
            diagnostics.append(
                missingArgument("source", at: merged.base.body.isJSON ? merged.base.body.span(merged.base.body.closing) : merged.span))
        }
        var call = ModuleCall(
            callee: .module(name: label.name), path: ModuleCallPath([.module(name: label.name)]), repetition: repetition,
            dependsOn: dependsOn(merged), body: body, providers: passedProviders(merged), references: found, lifecycle: Lifecycle(),
            span: merged.span)
        call.attributeFiles = files
        call.source = merged.attribute("source")?.attribute.expression.literalText ?? ""
        calls.append(CallDeclaration(call: call, source: source, sourceSpan: sourceSpan))
    }

    private mutating func moduleSource(_ attribute: LocatedAttribute, version: LocatedAttribute?) -> CallDeclaration.Source {
        guard let text = constantString(attribute) else { return .none }
        let isLocal = text.hasPrefix("./") || text.hasPrefix("../") || text == "." || text == ".."
        if isLocal, let version {
            report(
                "Invalid registry module source address",
                "A local directory has no versions: the \"version\" argument applies only to modules of a registry.",
                at: attribute.valueSpan,
                hints: ["Remove the \"version\" argument at \(place(version.nameSpan))."])
            return .none
        }
        if isLocal { return .directory(joinPath(directory, text)) }
        if text.split(separator: "/").count == 1, !text.contains(":"), version == nil {
            report(
                "Invalid module source address", "\"\(text)\" is no source that modules can be fetched from.", at: attribute.valueSpan,
                hints: ["If a path relative to this module is meant, write \"./\(text)\"."])
        } else {
            report(
                "Unsupported module source",
                "Modules are read from local paths only: sources that begin with ./ or ../. Registries, Git and archives are not fetched yet.",
                at: attribute.valueSpan, hints: ["Put a copy of the module beside the configuration, and name it by its path."])
        }
        return .none
    }

    /// `providers = { inner = outer }`.
    private mutating func passedProviders(_ merged: MergedBlock) -> [(inner: ProviderReference, outer: ProviderReference)] {
        guard let attribute = merged.attribute("providers") else { return [] }
        guard case .object(let items) = attribute.attribute.expression.kind else {
            report("Invalid expression", "A static map expression is required.", at: attribute.valueSpan)
            return []
        }
        var pairs: [(inner: ProviderReference, outer: ProviderReference)] = []
        for item in items {
            guard let inner = innerProvider(item, file: attribute.file),
                let outer = providerReference(LocatedExpression(item.value, file: attribute.file))
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
