import Addresses
import Diagnostics
import HCLSyntax
import Values

/// What can be checked once every module is there: that references name something, and calls fit what they call.
extension Loader {
    mutating func link() {
        for module in order {
            warnOfSharedCollections(in: module)
            if !module.isIncomplete {
                checkReferences(of: module)
                checkMoves(of: module)
            }
            for declaration in module.calls {
                guard let callee = loaded[declaration.source] ?? nil, !callee.isIncomplete else { continue }
                checkArguments(of: declaration, callee)
                checkProviders(of: declaration, callee, caller: module)
            }
            if module !== order.first {
                warnOfPlaceholders(in: module)
                if let backend = module.settings.backend, module.purpose == .module {
                    diagnostics.append(
                        .warning(
                            "Backend configuration ignored",
                            "Only the root module's backend is used: the block in a called module means nothing.",
                            at: backend.body.span(backend.headerRange), hints: ["Remove the block."]))
                }
                for block in module.imports {
                    diagnostics.append(
                        .error(
                            "Invalid import configuration", "Import blocks are only allowed in the root module.", at: block.span,
                            hints: ["Move it to the root module, and write the whole address of the resource in \"to\"."]))
                }
            } else {
                for output in module.outputs where output.isEphemeral {
                    diagnostics.append(
                        .error(
                            "Ephemeral output not allowed", "Ephemeral outputs are not allowed in context of a root module.",
                            at: output.span))
                }
            }
        }
    }

    private mutating func warnOfPlaceholders(in module: DeclaredModule) {
        guard module.purpose == .module else { return }
        for block in module.providers where block.isPlaceholder {
            diagnostics.append(
                .warning(
                    "Redundant empty provider block",
                    "An empty provider block in a child module is an old way to say that the caller passes the configuration.",
                    at: block.span,
                    hints: [
                        "Remove the block, and name the provider in required_providers\(block.alias.map { " with configuration_aliases = [\(block.name).\($0)]" } ?? "")."
                    ]))
        }
    }

    private mutating func checkArguments(of declaration: CallDeclaration, _ callee: DeclaredModule) {
        let call = declaration.call
        let names = callee.variables.map(\.name)
        for attribute in call.body.attributes where !names.contains(attribute.name.name) {
            let span = SourceSpan(file: call.attributeFiles[attribute.name.name] ?? call.body.file, range: attribute.name.range)
            diagnostics.append(
                attribute.isJSON
                    ? extraneous(attribute.name.name, at: span, among: names)
                    : unsupported(
                        argument: attribute.name.name, at: span,
                        hint: nearestName(attribute.name.name, among: names).map { "Did you mean \"\($0)\"?" }))
        }
        for block in call.body.blocks {
            let name = block.type.name
            diagnostics.append(
                unsupported(
                    block: name, at: block.body.span(block.type.range),
                    hint: names.contains(name)
                        ? "Did you mean to define argument \"\(name)\"? If so, use the equals sign to assign it a value." : nil))
        }
        for variable in callee.variables where variable.defaultValue == nil && call.body.attribute(variable.name) == nil {
            diagnostics.append(missingArgument(variable.name, at: call.span))
        }
        guard case .kind = call.callee, case .paths(let paths) = call.lifecycle.ignoreChanges else { return }
        for ignored in paths {
            guard case .attribute(let name)? = ignored.path.steps.first, !names.contains(name) else { continue }
            diagnostics.append(
                .error(
                    "Unsupported attribute", "ignore_changes of a kind names its inputs, and \"\(name)\" is none of them.",
                    at: ignored.span,
                    hints: nearestName(name, among: names).map { ["Did you mean \"\($0)\"?"] } ?? []))
        }
    }

    private mutating func checkProviders(of declaration: CallDeclaration, _ callee: DeclaredModule, caller: DeclaredModule) {
        let call = declaration.call
        guard case .module = call.callee else { return }
        for required in callee.settings.requiredProviders {
            for alias in required.aliases
            where !call.providers.contains(where: { $0.inner.name == required.localName && $0.inner.alias == alias }) {
                diagnostics.append(
                    .error(
                        "Missing required provider configuration",
                        "The child module requires an additional configuration for provider \(required.source ?? required.localName), with the local name \"\(required.localName).\(alias)\".",
                        at: call.span,
                        hints: ["Add providers = { \(required.localName).\(alias) = … } to the module block to choose the configuration."]))
            }
        }
        for pair in call.providers {
            let wanted = callee.settings.providerType(pair.inner.name)
            let given = caller.settings.providerType(pair.outer.name)
            if wanted != given {
                diagnostics.append(
                    .error(
                        "Provider type mismatch",
                        "The provider configuration \(pair.outer.text) is one of the provider \(given), and cannot be used as \(pair.inner.text), which is one of the provider \(wanted).",
                        at: pair.outer.span,
                        hints: [
                            "Where both are to be the same provider, give \(pair.inner.name) its source in required_providers of the module."
                        ]))
                continue
            }
            if let block = callee.providers.first(where: {
                $0.name == pair.inner.name && $0.alias == pair.inner.alias && !$0.isPlaceholder
            }) {
                diagnostics.append(
                    Diagnostic(
                        .error, "Cannot override provider configuration",
                        "The called module has a configuration of \(pair.inner.text) of its own, in place of which none can be passed.",
                        subject: pair.outer.span, context: block.span,
                        hints: ["Remove the provider block from the module, or do not pass \(pair.inner.text)."]))
            }
            guard let alias = pair.inner.alias else { continue }
            let expected =
                callee.settings.requiredProviders.contains { $0.localName == pair.inner.name && $0.aliases.contains(alias) }
                || callee.providers.contains { $0.name == pair.inner.name && $0.alias == alias }
            if !expected {
                diagnostics.append(
                    .warning(
                        "Reference to undefined provider", "The child module expects no provider configuration named \(pair.inner.text).",
                        at: pair.inner.span))
            }
        }
        guard let block = callee.providers.first(where: { !$0.isPlaceholder }) else { return }
        let place: SourceSpan?
        switch call.repetition {
        case .single: place = call.dependsOn.first?.span
        case .count(let expression), .forEach(let expression), .enabled(let expression): place = expression.span
        }
        guard let place else { return }
        diagnostics.append(
            Diagnostic(
                .error, "Module is incompatible with count, for_each, and depends_on",
                "The module that is called has a local configuration of provider \"\(block.name)\", so calls to it may not use the count, for_each, or depends_on arguments.",
                subject: place, context: block.span,
                hints: ["Remove the provider block from the module, and pass the configuration with the \"providers\" argument."]))
    }
}
