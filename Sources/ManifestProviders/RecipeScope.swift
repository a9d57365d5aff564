import Diagnostics
import Evaluation
import HCLSyntax
import Values

/// What the expressions of a recipe see: the special names first, then the attributes of the object at hand by their bare names.
struct RecipeScope: EvaluationScope {
    /// `planned`, `prior`, `config`, `setting`, `response` and their like.
    var names: [String: Value] = [:]
    /// The object whose attributes are bare names.
    var subject: Value?
    /// Expressions of the type that have names of their own, worked out where they are used.
    var lets = Lets()
    var functions: ManifestFunctions?

    func resolve(_ root: Identifier, _ steps: [TraversalStep], in file: String) throws(DiagnosticError) -> ResolvedName {
        if let value = names[root.name] { return ResolvedName(value, consumed: 0) }
        if let value = subject?[root.name] { return ResolvedName(value, consumed: 0) }
        if let expression = lets[root.name], let functions {
            return ResolvedName(
                try Evaluator(file: expression.file, scope: self, functions: functions).value(of: expression.expression), consumed: 0)
        }
        let known = (Array(names.keys) + lets.names + (subject?.entries?.map(\.key) ?? [])).sorted { $0.precedesByBytes($1) }
        throw DiagnosticError(
            .error(
                "Unknown name in a manifest", "There is no \"\(root.name)\" here. Known are: \(known.joined(separator: ", ")).",
                at: SourceSpan(file: file, range: root.range),
                hints: nearestName(root.name, among: known).map { ["Did you mean \"\($0)\"?"] } ?? [])
        ).caused(by: .unknownName)
    }
}

/// The language's functions and the few that only manifests have.
struct ManifestFunctions: FunctionCalling {
    let base: any FunctionCalling

    /// `raw(x)` and `secret(x)` say how a value lands in a script; as functions they give it back. `items(x)` makes a list of what a
    /// service writes as nothing, one or many.
    private static let own = ["raw", "secret", "items"]

    var names: [String] { base.names + Self.own }

    func has(_ name: String) -> Bool { Self.own.contains(name) || base.has(name) }

    func call(_ name: String, _ arguments: [Value]) throws(FunctionCallError) -> Value {
        guard Self.own.contains(name) else { return try base.call(name, arguments) }
        guard arguments.count == 1 else {
            throw FunctionCallError(message: "Function \"\(name)\" expects exactly 1 argument(s).", isArity: true)
        }
        let value = arguments[0]
        guard name == "items" else { return value }
        if value.isNull { return Value.emptyTuple.withMarks(value.marks) }
        if value.isUnknown || value.elements != nil { return value }
        return Value.tuple([value.withMarks([])]).withMarks(value.marks)
    }

    func readTemplate(_ path: String) throws(FunctionCallError) -> [UInt8] {
        throw FunctionCallError(message: "a manifest reads no files")
    }
}

/// Evaluates the expressions of one object's recipe.
struct RecipeEvaluation {
    var scope: RecipeScope
    let functions: ManifestFunctions

    func evaluator(_ file: String) -> Evaluator { Evaluator(file: file, scope: scope, functions: functions) }

    func value(_ sourced: Sourced) throws(DiagnosticError) -> Value { try evaluator(sourced.file).value(of: sourced.expression) }

    func value(_ sourced: Sourced, as type: ValueType, what: String) throws(DiagnosticError) -> Value {
        let value = try value(sourced)
        do throws(ConversionError) {
            return try value.converted(to: type)
        } catch {
            throw DiagnosticError(
                .error("Incorrect value type", "\(what) must be a \(type.friendlyName): \(error.description).", at: sourced.span))
        }
    }

    /// A condition; null is false, an unknown nil.
    func condition(_ sourced: Sourced, what: String) throws(DiagnosticError) -> Bool? {
        let value = try value(sourced, as: .bool, what: what)
        if value.isUnknown { return nil }
        return value.boolValue ?? false
    }

    /// A number; nil for null.
    func number(_ sourced: Sourced?, what: String) throws(DiagnosticError) -> Double? {
        guard let sourced else { return nil }
        return try value(sourced, as: .number, what: what).numberValue?.doubleValue
    }

    /// A text; nil for null.
    func string(_ sourced: Sourced?, what: String) throws(DiagnosticError) -> String? {
        guard let sourced else { return nil }
        return try value(sourced, as: .string, what: what).stringValue
    }

    func binding(_ names: [String: Value]) -> RecipeEvaluation {
        var copy = self
        copy.scope.names.merge(names) { _, new in new }
        return copy
    }
}
