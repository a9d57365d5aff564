public import Diagnostics
import Evaluation
import HCLSyntax
public import Values

/// Arguments that must be known before anything is evaluated: constants, keywords, lists of references.
extension ModuleDecoder {
    /// A value without variables and functions; nil where a fault has been reported.
    mutating func constant(_ expression: LocatedExpression) -> Value? {
        do {
            return try constantValue(of: expression)
        } catch {
            diagnostics += error.diagnostics
            return nil
        }
    }

    private mutating func constant(_ attribute: LocatedAttribute, as type: ValueType, requiring noun: String) -> Value? {
        guard let value = constant(attribute.expression) else { return nil }
        do {
            let converted = try value.converted(to: type)
            if !converted.isNull { return converted }
            report("Unsuitable value type", "Unsuitable value: a \(noun) is required.", at: attribute.startSpan)
        } catch {
            report("Unsuitable value type", "Unsuitable value: \(error.message).", at: attribute.startSpan)
        }
        return nil
    }

    mutating func constantBool(_ attribute: LocatedAttribute?) -> Bool? {
        guard let attribute else { return nil }
        if case .bool(let value) = attribute.attribute.expression.kind { return value }
        return constant(attribute, as: .bool, requiring: "bool")?.boolValue
    }

    mutating func constantString(_ attribute: LocatedAttribute?) -> String? {
        guard let attribute else { return nil }
        if let text = attribute.attribute.expression.literalText { return text }
        return constant(attribute, as: .string, requiring: "string")?.stringValue
    }

    /// A bare word, or one in quotes as old configurations have it (a warning).
    mutating func keyword(_ attribute: LocatedAttribute) -> String? {
        switch attribute.attribute.expression.kind {
        case .traversal(let name, let steps) where steps.isEmpty: return name.name
        case .template:
            guard let text = attribute.attribute.expression.literalText else { return nil }
            warn(
                "Quoted keywords are deprecated", "In this context, keywords are expected literally rather than in quotes.",
                at: attribute.valueSpan, hints: ["Remove the quotes around \"\(text)\"."])
            return text
        default: return nil
        }
    }

    /// A single reference, or one in quotes as old configurations have it (a warning).
    mutating func staticTraversal(_ expression: LocatedExpression) -> Traversal? {
        switch expression.expression.kind {
        case .traversal, .null, .bool, .relative:
            if let traversal = expression.expression.asTraversal { return traversal }
        case .template:
            if let text = expression.expression.literalText {
                let parsed = parseExpression(Array(text.utf8), path: expression.file)
                if !parsed.diagnostics.hasErrors, case .traversal(var root, let steps) = parsed.tree.kind {
                    warn(
                        "Quoted references are deprecated", "In this context, references are expected literally rather than in quotes.",
                        at: expression.span, hints: ["Remove the quotes around this reference."])
                    // Its places are those of the quoted text: one range for all of it.
                    root.range = expression.expression.range
                    let moved = steps.map { $0.moved(to: expression.expression.range) }
                    return Traversal(root: root, steps: moved, range: expression.expression.range)
                }
            }
        default: break
        }
        let isText = expression.expression.literalText != nil
        let place = isText ? expression.expression.startRange : expression.expression.range
        reportNoStaticReference(at: SourceSpan(file: expression.file, range: place))
        return nil
    }

    mutating func reportNoStaticReference(at span: SourceSpan) {
        report(
            "Invalid expression",
            "A single static variable reference is required: only attribute access and indexing with constant keys. No calculations, function calls, template expressions, etc are allowed here.",
            at: span)
    }

    mutating func staticList(_ attribute: LocatedAttribute) -> [LocatedExpression]? {
        guard case .tuple(let items) = attribute.attribute.expression.kind else {
            report("Invalid expression", "A static list expression is required.", at: attribute.startSpan)
            return nil
        }
        return items.map { LocatedExpression($0, file: attribute.file) }
    }
}

extension TraversalStep {
    func moved(to range: SourceRange) -> TraversalStep {
        switch self {
        case .attribute(let name): .attribute(Identifier(name: name.name, range: range))
        case .stringIndex(let key, _): .stringIndex(key, range)
        case .numberIndex(let digits, _): .numberIndex(digits, range)
        }
    }
}

/// The value of an expression that may use neither variables nor functions.
///
/// - Throws: where it does use them, or is at fault otherwise.
public func constantValue(of expression: LocatedExpression) throws(DiagnosticError) -> Value {
    func fault(_ summary: String, _ detail: String, _ range: SourceRange) -> DiagnosticError {
        DiagnosticError(.error(summary, detail, at: SourceSpan(file: expression.file, range: range)))
    }
    if let traversal = traversals(in: expression.expression).first {
        throw fault("Variables not allowed", "Variables may not be used here.", traversal.root.range)
    }
    if let call = firstCall(in: expression.expression) {
        throw fault("Function calls not allowed", "Functions may not be called here.", call.range)
    }
    return try Evaluator(file: expression.file, scope: NamedValues([:]), functions: NoFunctions()).value(of: expression.expression)
}

extension Expression {
    /// As a reference: `null`, `true` and `false`, too, are names where only a name can be meant, such as that of a provider.
    var asTraversal: Traversal? {
        switch kind {
        case .traversal(let root, let steps): Traversal(root: root, steps: steps, range: range)
        case .null: Traversal(root: Identifier(name: "null", range: range), steps: [], range: range)
        case .bool(let value): Traversal(root: Identifier(name: value ? "true" : "false", range: range), steps: [], range: range)
        case .relative(let source, let steps):
            source.asTraversal.map { Traversal(root: $0.root, steps: $0.steps + steps, range: range) }
        default: nil
        }
    }
}

extension LocatedAttribute {
    /// Whether it needs neither variables nor functions.
    var isConstant: Bool { traversals(in: attribute.expression).isEmpty && firstCall(in: attribute.expression) == nil }
}

/// The first function call in an expression.
func firstCall(in expression: Expression) -> Expression? {
    var found: Expression?
    forEachCall(in: expression) { call, _ in if found == nil { found = call } }
    return found
}
