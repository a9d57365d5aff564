import Addresses
import Diagnostics
import Evaluation
import HCLSyntax

/// `provider` blocks, and references to provider configurations.
extension ModuleDecoder {
    private static let reservedProviderArguments: Set<String> = ["count", "depends_on", "source"]
    private static let reservedProviderBlocks: Set<String> = ["lifecycle", "locals"]
    private static let providerMeta: Set<String> = ["alias", "for_each", "version"]

    mutating func decodeProvider(_ merged: MergedBlock) {
        let name = merged.base.labels[0].name
        checkProviderLocalName(name, at: merged.span)
        let (body, files) = merged.remainder(withoutArguments: Self.providerMeta, blocks: [])
        for attribute in body.attributes where Self.reservedProviderArguments.contains(attribute.name.name) {
            report(
                "Reserved argument name in provider block",
                "The provider argument name \"\(attribute.name.name)\" is reserved for use in a future version.",
                at: SourceSpan(file: files[attribute.name.name] ?? body.file, range: attribute.name.range))
        }
        checkReservedBlocks(merged, in: "provider", Self.reservedProviderBlocks)
        if let version = merged.attribute("version") {
            warn(
                "Version constraints inside provider configuration blocks are deprecated",
                "Version constraints belong in the required_providers block of the \"terraform\" block; this one is not looked at.",
                at: version.valueSpan)
            if let text = constantString(version) { checkVersionSyntax(text, at: version.valueSpan) }
        }
        var alias: String?
        if let attribute = merged.attribute("alias") {
            alias = constantString(attribute)
            if let alias, !isIdentifier(alias) {
                report("Invalid provider configuration alias", "An alias must be a valid name. \(Self.nameRule)", at: attribute.valueSpan)
            }
            if alias == nil { return }
        }
        var found: [Reference] = []
        var repetition = Repetition.single
        var context: NameContext = []
        if let attribute = merged.attribute("for_each") {
            if alias == nil {
                report(
                    "Alias required when using \"for_each\"", "Only provider configurations with an alias can be repeated.",
                    at: attribute.nameSpan)
            }
            found += references(in: attribute.expression)
            repetition = .forEach(attribute.expression)
            context = .each
        }
        found += references(in: body, files: files, context)
        providers.append(ProviderBlock(name: name, alias: alias, repetition: repetition, body: body, references: found, span: merged.span))
    }

    mutating func checkProviderLocalName(_ name: String, at span: SourceSpan) {
        let isGood = Self.isProviderPart(name)
        if !isGood {
            report(
                "Invalid provider local name",
                "\"\(name)\" is an invalid provider local name: it must contain only letters, digits, and dashes, and may not use leading or trailing dashes.",
                at: span)
        }
    }

    /// `aws` or `aws.west`; where an instance may be chosen, `aws.by_region["eu"]`, too.
    mutating func providerReference(_ expression: LocatedExpression, allowsKey: Bool = false) -> ProviderReference? {
        var key: LocatedExpression?
        var traversal: Traversal?
        switch expression.expression.kind {
        case .traversal, .template, .null, .bool, .relative:
            traversal = expression.expression.isTraversalOrText ? staticTraversal(expression) : nil
        case .index(let source, let index):
            // `aws.by_region[each.key]`: an instance of a repeated configuration.
            traversal = staticTraversal(LocatedExpression(source, file: expression.file))
            key = LocatedExpression(index, file: expression.file)
        default: break
        }
        if traversal?.steps.count == 2, key == nil, let constant = traversal?.steps[1].constantKey {
            key = LocatedExpression(constant, file: expression.file)
            traversal?.steps.removeLast()
        }
        guard let traversal, traversal.steps.count <= 1 else {
            report(
                "Invalid provider configuration reference",
                "The provider argument requires a provider type name, optionally followed by a period and then a configuration alias.",
                at: expression.span)
            return nil
        }
        if let key, !allowsKey || traversal.steps.isEmpty {
            report(
                "Invalid provider configuration reference",
                allowsKey
                    ? "Only a configuration with an alias is repeated: an instance key stands behind the alias."
                    : "No instance of a repeated configuration can be chosen here.", at: key.span)
            return nil
        }
        guard let step = traversal.steps.first else { return ProviderReference(name: traversal.root.name, span: expression.span) }
        guard case .attribute(let alias) = step else {
            report(
                "Invalid provider configuration reference",
                "Provider name must either stand alone or be followed by a period and then a configuration alias.",
                at: SourceSpan(file: expression.file, range: step.range))
            return nil
        }
        return ProviderReference(name: traversal.root.name, alias: alias.name, key: key, span: expression.span)
    }

    /// Name of the provider that a local name stands for.
    func providerType(_ localName: String) -> String { settings.providerType(localName) }

    /// Reports references to aliases that the module neither configures nor expects from its caller.
    mutating func checkProviderReferences() {
        for resource in resources { checkAlias(resource.provider, usedBy: resource.name.description) }
        for call in calls {
            for pair in call.call.providers { checkAlias(pair.outer, usedBy: call.call.path.description) }
        }
        for block in imports { if let provider = block.provider { checkAlias(provider, usedBy: "this import") } }
    }

    private mutating func checkAlias(_ reference: ProviderReference, usedBy user: @autoclosure () -> String) {
        guard let alias = reference.alias else { return }
        let text = "\(reference.name).\(alias)"
        if let block = providers.first(where: { $0.name == reference.name && $0.alias == alias }) {
            switch (block.repetition, reference.key) {
            case (.forEach, nil):
                report(
                    "Provider instance key required",
                    "The provider configuration \(text) has \"for_each\": which of its instances \(user()) is to use must be said.",
                    at: reference.span, hints: ["Write \(text)[KEY], such as \(text)[each.key]."])
            case (.forEach, _), (_, nil): break
            case (_, let key?):
                report(
                    "Invalid provider configuration reference",
                    "The provider configuration \(text) has no \"for_each\", and so no instances to choose from.", at: key.span)
            }
            return
        }
        if settings.requiredProviders.contains(where: { $0.localName == reference.name && $0.aliases.contains(alias) }) {
            if let key = reference.key {
                report(
                    "Invalid provider configuration reference",
                    "The provider configuration \(text) is one that the caller passes: it has chosen the instance already.", at: key.span)
            }
            return
        }
        let known = providers.filter { $0.name == reference.name }.compactMap(\.alias)
        var hints = nearestName(alias, among: known).map { ["Did you mean \(reference.name).\($0)?"] } ?? []
        if hints.isEmpty { hints = ["Add a provider \"\(reference.name)\" block with alias = \"\(alias)\"."] }
        report(
            "Provider configuration not present",
            "To work with \(user()) its provider configuration \(reference.name).\(alias) is required, but this module declares none of that name.",
            at: reference.span, hints: hints)
    }
}

extension ModuleSettings {
    /// Name of the provider that a local name stands for: the last part of its source, else the name itself.
    public func providerType(_ localName: String) -> String {
        guard let source = requiredProviders.first(where: { $0.localName == localName })?.source else { return localName }
        return source.split(separator: "/").last.map(String.init) ?? localName
    }

    /// The local name that a provider has in this module.
    func localName(of type: String) -> String {
        if requiredProviders.isEmpty { return type }
        return requiredProviders.first { providerType($0.localName) == type }?.localName ?? type
    }
}

extension TraversalStep {
    /// `["eu"]` or `[0]`, as an expression.
    fileprivate var constantKey: Expression? {
        switch self {
        case .attribute: nil
        case .stringIndex(let text, let range): Expression(.template(text.isEmpty ? [] : [.literal(text, range)]), range: range)
        case .numberIndex(let digits, let range): Expression(.number(digits), range: range)
        }
    }
}

extension Expression {
    fileprivate var isTraversalOrText: Bool {
        asTraversal != nil || literalText != nil
    }
}
