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
        call.version = merged.attribute("version")?.attribute.expression.literalText
        calls.append(
            CallDeclaration(
                call: call, source: source, sourceSpan: sourceSpan, versionSpan: merged.attribute("version")?.valueSpan))
    }

    private mutating func moduleSource(_ attribute: LocatedAttribute, version: LocatedAttribute?) -> CallDeclaration.Source {
        var constraint = ""
        if let version {
            guard let text = constraintText(version), checkVersionSyntax(text, at: version.valueSpan) else { return .none }
            constraint = text
        }
        guard let text = constantString(attribute) else { return .none }
        return moduleSource(text, constraint, at: attribute.valueSpan, version: version)
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

    private mutating func constraintText(_ version: LocatedAttribute) -> String? {
        guard let value = constant(version.expression) else { return nil }
        // None is any version, and still says that a registry is meant.
        if value.isNull { return "" }
        if let text = (try? value.converted(to: .string))?.stringValue { return text }
        report("Invalid version constraint", "A string value is required for version.", at: version.valueSpan)
        return nil
    }

    private mutating func moduleSource(_ text: String, _ constraint: String, at span: SourceSpan, version: LocatedAttribute?)
        -> CallDeclaration.Source
    {
        do {
            switch try ModuleAddress(text, hasVersion: version != nil) {
            case .local(let path): return .directory(joinPath(directory, path))
            case .registry(let module, let subdirectory):
                return .package(PackageRequest(origin: .registry(module), constraint: constraint), subdirectory: subdirectory)
            case .remote(let package, let subdirectory):
                return .package(PackageRequest(origin: .remote(package)), subdirectory: subdirectory)
            }
        } catch {
            if let version {
                report(
                    "Invalid registry module source address",
                    "With a version, the source must be the address of a module in a registry, and \(error).", at: span,
                    hints: [
                        "Remove the \"version\" argument at \(place(version.nameSpan)), or write a source such as NAMESPACE/NAME/PROVIDER."
                    ])
            } else {
                let isPath = text.utf8.allSatisfy { $0 != UInt8(ascii: ":") && $0 != UInt8(ascii: " ") } && !text.isEmpty
                report(
                    "Invalid module source address", "The source cannot be used: \(error).", at: span,
                    hints: isPath ? ["If a path relative to this module is meant, write \"./\(text)\"."] : [])
            }
            return .none
        }
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
