import Diagnostics
import Evaluation
import HCLSyntax
import Values

/// `required_providers`: where providers come from, which versions will do, and which further configurations a module is given.
extension ModuleDecoder {
    mutating func decodeRequiredProviders(_ body: Body, isOverride: Bool) {
        reportBlocks(in: body)
        var sources: [String: String] = [:]
        for attribute in body.attributes {
            guard let decoded = requiredProvider(LocatedAttribute(attribute, file: body.file)) else { continue }
            if let source = decoded.source {
                if let other = sources[source] {
                    warn(
                        "Duplicate required provider",
                        "Provider \(source) was already declared with the local name \"\(other)\": both names stand for the same provider.",
                        at: decoded.span)
                }
                sources[source] = sources[source] ?? decoded.localName
            }
            if isOverride, let index = settings.requiredProviders.firstIndex(where: { $0.localName == decoded.localName }) {
                settings.requiredProviders[index] = decoded
            } else {
                settings.requiredProviders.append(decoded)
            }
        }
    }

    private mutating func requiredProvider(_ attribute: LocatedAttribute) -> RequiredProvider? {
        let name = attribute.attribute.name.name
        checkProviderLocalName(name, at: attribute.nameSpan)
        var result = RequiredProvider(localName: name, source: nil, version: nil, aliases: [], span: attribute.nameSpan)
        guard case .object(let items) = attribute.attribute.expression.kind else {
            // The old form: the version alone.
            guard let value = constant(attribute.expression) else { return nil }
            guard let version = (try? value.converted(to: .string))?.stringValue else {
                report(
                    "Invalid required_providers object", "An entry of required_providers is an object with a source and a version.",
                    at: attribute.valueSpan)
                return nil
            }
            checkVersionSyntax(version, at: attribute.valueSpan)
            result.version = version
            return result
        }
        for item in items {
            let expression = LocatedExpression(item.value, file: attribute.file)
            if case .expression(let key) = item.key, key.literalText == nil {
                _ = constant(LocatedExpression(key, file: attribute.file))
                continue
            }
            switch item.keyName {
            case "version":
                guard traversals(in: item.value).isEmpty else {
                    report("Invalid version constraint", "Version must be specified as a string.", at: expression.span)
                    continue
                }
                result.version = requiredText(expression, "Invalid version constraint", "Version must be specified as a string.")
                if let version = result.version { checkVersionSyntax(version, at: expression.span) }
            case "source":
                result.source = requiredText(expression, "Invalid source", "Source must be specified as a string.")
                if let source = result.source { checkProviderSource(source, at: expression.span) }
            case "configuration_aliases": result.aliases = configurationAliases(expression, of: name)
            default:
                report(
                    "Invalid required_providers object",
                    "required_providers objects can only contain \"version\", \"source\" and \"configuration_aliases\" attributes. To configure a provider, use a \"provider\" block.",
                    at: SourceSpan(file: attribute.file, range: item.keyRange))
            }
        }
        return result
    }

    private mutating func requiredText(_ expression: LocatedExpression, _ summary: String, _ detail: String) -> String? {
        guard let value = constant(expression) else { return nil }
        if let text = value.stringValue { return text }
        report(summary, detail, at: expression.span)
        return nil
    }

    @discardableResult
    mutating func checkVersionSyntax(_ text: String, at span: SourceSpan) -> Bool {
        if text.isEmpty || VersionConstraint(text) != nil { return true }
        report("Invalid version constraint", "This string does not use correct version constraint syntax.", at: span)
        return false
    }

    private mutating func checkProviderSource(_ source: String, at span: SourceSpan) {
        let parts = source.split(separator: "/", omittingEmptySubsequences: false)
        if parts.count > 3 || parts.contains(where: \.isEmpty) {
            report(
                "Invalid provider source string", "The \"source\" attribute must be in the format \"[hostname/][namespace/]name\".",
                at: span)
            return
        }
        if let name = parts.last, !Self.isProviderPart(name) || name.hasPrefix("terraform-") {
            report(
                "Invalid provider type",
                "\"\(name)\" is no name of a provider: letters, digits and dashes between them, without \"terraform-\" in front.",
                at: span)
        }
        if parts.count > 1, !Self.isProviderPart(parts[parts.count - 2]) {
            report(
                "Invalid provider namespace",
                "\"\(parts[parts.count - 2])\" is no namespace: it has letters, digits, and dashes between them.",
                at: span)
        }
    }

    static func isProviderPart(_ text: some StringProtocol) -> Bool {
        !text.isEmpty && !text.hasPrefix("-") && !text.hasSuffix("-") && !text.contains("--")
            && text.unicodeScalars.allSatisfy { $0 == "-" || $0.properties.isAlphabetic || $0.properties.numericType == .decimal }
    }

    private mutating func configurationAliases(_ expression: LocatedExpression, of name: String) -> [String] {
        guard case .tuple(let items) = expression.expression.kind else {
            report("Invalid expression", "A static list expression is required.", at: expression.span)
            return []
        }
        var aliases: [String] = []
        for item in items {
            let located = LocatedExpression(item, file: expression.file)
            guard case .traversal = item.kind else {
                reportNoStaticReference(at: located.span)
                continue
            }
            guard let reference = providerReference(located) else { continue }
            guard reference.name == name, let alias = reference.alias else {
                report(
                    "Invalid configuration_aliases value",
                    "Configuration aliases are references to configurations of the provider itself, such as \(name).west.", at: located.span
                )
                continue
            }
            aliases.append(alias)
        }
        return aliases
    }
}

extension ObjectItem {
    /// The key, where it is a name or a plain string.
    var keyName: String? {
        switch key {
        case .name(let identifier): identifier.name
        case .expression(let expression): expression.literalText
        }
    }

    var keyRange: SourceRange {
        switch key {
        case .name(let identifier): identifier.range
        case .expression(let expression): expression.range
        }
    }
}
