import Addresses
import Diagnostics
import Evaluation
import HCLSyntax
import Values

/// What of a module is worked out before anything is planned, for each call of it by itself.
extension Loader {
    /// A module as it is called, with the key by which it is kept.
    struct Placed {
        let source: CallDeclaration.Source
        let module: DeclaredModule
    }

    /// A call whose `source` or `version` is computed, with what they come to.
    mutating func resolved(_ call: CallDeclaration, in scope: EarlyScope) -> CallDeclaration {
        guard case .computed = call.source, let computed = call.computed else { return call }
        var resolved = call
        resolved.source = .none
        let name = call.call.callee.step.publishedName
        do throws(DiagnosticError) {
            var constraint: String?
            if let version = call.version {
                let value = try early(version.expression, "The version of a module", "module.\(name).version", in: scope)
                constraint = try versionConstraint(value, at: version.valueSpan)
            }
            let value = try early(computed, "The source of a module", "module.\(name).source", in: scope)
            guard let text = (try? value.converted(to: .string))?.stringValue else {
                throw DiagnosticError(.error("Unsuitable value type", "Unsuitable value: a string is required.", at: computed.span))
            }
            resolved.source = try CallDeclaration.Source(
                text, constraint: constraint, in: scope.module.directory, at: computed.span,
                version: call.version.map { version in
                    map.position(of: version.nameSpan).map { "\(version.file) line \($0.line)" } ?? version.file
                })
            resolved.call.source = text
            resolved.call.version = constraint
        } catch {
            report(error)
        }
        return resolved
    }

    /// - Parameters:
    ///   - what: begins a sentence.
    ///   - user: the address of what needs it.
    func early(_ expression: LocatedExpression, _ what: String, _ user: String, in scope: EarlyScope) throws(DiagnosticError) -> Value {
        let value = try scope.value(of: expression, for: user)
        let marks = value.allMarks
        if marks.contains(.sensitive) || marks.contains(.ephemeral) {
            let word = marks.contains(.sensitive) ? "sensitive" : "ephemeral"
            throw DiagnosticError(
                .error(
                    "Invalid use of \(word) value",
                    "\(what) is told to everybody who looks at the configuration, and cannot be made of a value that is \(word).",
                    at: expression.span, hints: ["Use a variable that is not \(word)."]))
        }
        guard value.isWhollyKnown else {
            throw DiagnosticError(
                .error(
                    "Unable to compute static value", "\(what) must be known before anything is planned, and this value is not.",
                    at: expression.span))
        }
        return value
    }

    /// The backend's settings, each that is computed in place of its expression.
    mutating func resolvedBackend(_ block: Block, in scope: EarlyScope) -> Block {
        var block = block
        block.body = resolvedSettings(block.body, of: block.labels.first?.name ?? "", in: scope)
        return block
    }

    private mutating func resolvedSettings(_ body: Body, of backend: String, in scope: EarlyScope) -> Body {
        var body = body
        for index in body.attributes.indices {
            let attribute = LocatedAttribute(body.attributes[index], file: body.file)
            if attribute.isConstant { continue }
            do throws(DiagnosticError) {
                let value = try early(attribute.expression, "A setting of a backend", "backend.\(backend)", in: scope)
                body.attributes[index].expression = Expression(literal: value, range: attribute.attribute.expression.range)
            } catch {
                body.attributes[index].expression.kind = .invalid
                report(error)
            }
        }
        for index in body.blocks.indices { body.blocks[index].body = resolvedSettings(body.blocks[index].body, of: backend, in: scope) }
        return body
    }

    mutating func report(_ error: DiagnosticError) {
        if let sources = earlyRoot.sources { map.merge(sources) }
        diagnostics += error.diagnostics
    }
}

extension Block {
    /// Whether something in it is to be evaluated.
    var isComputed: Bool { body.isComputed }
}

extension Body {
    fileprivate var isComputed: Bool {
        attributes.contains { !LocatedAttribute($0, file: file).isConstant } || blocks.contains { $0.body.isComputed }
    }
}
