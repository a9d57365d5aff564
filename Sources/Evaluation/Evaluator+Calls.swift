import Diagnostics
import HCLSyntax
import Values

extension Evaluator {
    func call(_ name: Identifier, _ arguments: [Expression], expandsLast: Bool, range: SourceRange) throws(DiagnosticError) -> Value {
        var plain = name.name
        if plain.hasPrefix("core::") { plain.removeFirst("core::".count) }
        switch plain {
        case "try": return try tryCall(arguments, range: range)
        case "can": return try canCall(arguments, range: range)
        default: break
        }
        guard functions.has(plain) || plain == "templatefile" || plain == "templatestring" else {
            if name.name.contains("::") { throw unknownProviderFunction(name, range: range) }
            if let instead = Self.functionsOfOld[plain] {
                throw fault(
                    "Error in function call",
                    "Call to function \"\(plain)\" failed: the \"\(plain)\" function was deprecated in Terraform v0.12 and is no longer available; use \(instead).",
                    range)
            }
            var hints: [String] = []
            if let near = nearestName(plain, among: functions.names) { hints.append("Did you mean \"\(near)\"?") }
            throw fault(
                name.name.contains("::") ? "Unknown provider function" : "Call to unknown function",
                "There is no function named \"\(name.name)\".", name.range, context: range, hints: hints
            ).caused(by: .unknownFunction)
        }
        var values: [Value] = []
        values.reserveCapacity(arguments.count)
        var gathering = Gathering()
        for (index, argument) in arguments.enumerated() {
            let value = gathering.value { () throws(DiagnosticError) in try evaluate(argument) }
            if index == arguments.count - 1 { try gathering.end() }
            guard expandsLast, index == arguments.count - 1 else {
                values.append(value)
                continue
            }
            if value.isNull {
                throw fault(
                    "Invalid expanding argument value", "The expanding argument (indicated by ...) must not be null.", argument.range,
                    context: range)
            }
            if value.isUnknown {
                switch value.type {
                case .dynamic, .list, .set, .tuple: return Value.unknown.marked(value.marks)
                default: break
                }
            }
            guard let elements = value.elements else {
                throw fault(
                    "Invalid expanding argument value",
                    "The expanding argument (indicated by ...) must be of a tuple, list, or set type.", argument.range, context: range)
            }
            values.append(contentsOf: elements.map { $0.marked(value.marks) })
        }
        var budget = ExtentBudget()
        for value in values { try spend(value.extent, of: &budget, range) }
        do throws(FunctionCallError) {
            if plain == "templatefile" { return try templateFile(values) }
            if plain == "templatestring" { return try templateText(values, arguments) }
            return try functions.call(plain, values)
        } catch {
            throw DiagnosticError(
                ([error] + error.others).flatMap { error in
                    var error = error
                    if !error.isArity { error.message = masked(error.message, values) }
                    return functionFault(error, name: name, arguments: arguments, range: range).diagnostics
                })
        }
    }

    /// What configurations for Terraform 0.11 call, and what takes its place.
    private static let functionsOfOld = [
        "list": "tolist([ ... ]) syntax to write a literal list", "map": "tomap({ ... }) syntax to write a literal map",
    ]

    /// A name with a namespace that leads nowhere, and why.
    private func unknownProviderFunction(_ name: Identifier, range: SourceRange) -> DiagnosticError {
        let parts = name.name.components(of: "::")
        let detail: String
        var hints: [String] = []
        if parts[0] != "provider" {
            detail =
                "The function namespace \"\(parts[0])\" is not valid. Provider function calls must use the \"provider::\" namespace prefix."
        } else if parts.count < 3 {
            detail = "The function call must include the provider name after the \"provider::\" prefix."
        } else if parts.count == 3, functions.knowsProvider(parts[1]) {
            detail = "The function \"\(parts[2])\" is not available from the provider \"\(parts[1])\"."
            if let near = nearestName(name.name, among: functions.names) { hints = ["Did you mean \"\(near)\"?"] }
        } else {
            detail =
                "There is no function named \"\(name.name)\". Ensure that provider name \"\(parts[1])\" is declared in this module's required_providers block, and that this provider offers a function named \"\(parts[parts.count - 1])\"."
        }
        return fault("Unknown provider function", detail, name.range, context: range, hints: hints).caused(by: .unknownFunction)
    }

    /// A message without the secrets that the arguments hold.
    private func masked(_ message: String, _ values: [Value]) -> String {
        var message = message
        for value in values where value.holdsSensitive || value.holdsEphemeral {
            value.walk { _, part in
                let isSecret = !part.marks.isEmpty || !value.marks.isEmpty
                if isSecret, let text = part.stringValue ?? part.numberValue?.description, !text.isEmpty {
                    // Three letters are found in many a word: they are a secret only where they are quoted.
                    message =
                        text.utf8.count > 3
                        ? message.replacing(text, with: "(sensitive value)")
                        : message.replacing("\"\(text)\"", with: "(sensitive value)")
                }
                return true
            }
        }
        return message
    }

    private func functionFault(_ error: FunctionCallError, name: Identifier, arguments: [Expression], range: SourceRange) -> DiagnosticError
    {
        if error.isArity {
            let few = error.message.hasPrefix("Function") && error.message.contains("expects at least") || error.message.contains("Missing")
            // What is missing is missing at the closing parenthesis; what is too much begins with the first that nothing takes.
            let excess = error.argument.flatMap { arguments.indices.contains($0) ? arguments[$0] : nil } ?? arguments.last
            let place = few ? SourceRange(start: max(range.start, range.end - 1), end: range.end) : excess?.startRange ?? range
            return fault(few ? "Not enough function arguments" : "Too many function arguments", error.message, place, context: range)
        }
        var failure: DiagnosticError
        if let index = error.argument {
            let argument = arguments.indices.contains(index) ? arguments[index] : arguments.last
            let parameter = error.parameter.map { "Invalid value for \"\($0)\" parameter: " } ?? ""
            failure = fault(
                "Invalid function argument", parameter + sentence(error.message), argument?.startRange ?? range, context: range)
        } else {
            // Up to its opening parenthesis.
            let head = SourceRange(start: range.start, end: min(name.range.end + 1, range.end))
            failure = fault("Error in function call", "Call to function \"\(name.name)\" failed: \(sentence(error.message))", head)
        }
        let plain = name.name.hasPrefix("core::") ? String(name.name.dropFirst("core::".count)) : name.name
        let (parameters, rest) = functions.parameters(of: plain) ?? ([], nil)
        for index in failure.diagnostics.indices {
            failure.diagnostics[index].call = .init(name: name.name, parameters: parameters, rest: rest)
            failure.diagnostics[index].hints += error.hints
        }
        return failure
    }

    private func sentence(_ text: String) -> String { text.hasSuffix(".") || text.hasSuffix("?") ? text : text + "." }

    // MARK: try and can

    private func tryCall(_ arguments: [Expression], range: SourceRange) throws(DiagnosticError) -> Value {
        if arguments.isEmpty {
            throw fault("Error in function call", "Call to function \"try\" failed: at least one argument is required.", range)
        }
        var faults: [Diagnostic] = []
        for argument in arguments {
            do throws(DiagnosticError) {
                let value = try evaluate(argument)
                // What it will be is not known, so neither is whether a later argument would be taken.
                if !value.isWhollyKnown, dependsOnUnknownShape(argument) { return Value.unknown.marked(value.allMarks) }
                return value
            } catch {
                // An undeclared name is a mistake, not a missing value.
                if error.diagnostics.contains(where: {
                    $0.summary.hasPrefix("Reference to undeclared") || $0.summary == "Invalid reference"
                }) {
                    throw error
                }
                faults.append(contentsOf: error.diagnostics)
            }
        }
        var detail = "Call to function \"try\" failed: no expression succeeded:"
        for diagnostic in faults { detail += "\n- \(diagnostic.summary)\n  \(diagnostic.detail)" }
        detail += "\n\nAt least one expression must produce a successful result."
        throw fault("Error in function call", detail, range)
    }

    private func canCall(_ arguments: [Expression], range: SourceRange) throws(DiagnosticError) -> Value {
        guard arguments.count == 1 else {
            throw fault(
                arguments.isEmpty ? "Not enough function arguments" : "Too many function arguments",
                "Function \"can\" expects exactly 1 argument(s).", range)
        }
        do throws(DiagnosticError) {
            let value = try evaluate(arguments[0])
            if !value.isWhollyKnown, dependsOnUnknownShape(arguments[0]) { return Value.unknown(.bool).marked(value.allMarks) }
            return .true
        } catch {
            if error.diagnostics.contains(where: { $0.summary.hasPrefix("Reference to undeclared") || $0.summary == "Invalid reference" }) {
                throw error
            }
            return .false
        }
    }

    /// Whether a reference in it is to something whose type is unknown: then its success may still change.
    private func dependsOnUnknownShape(_ expression: Expression) -> Bool {
        for traversal in traversals(in: expression) {
            guard let value = try? evaluate(Expression(.traversal(traversal.root, traversal.steps), range: traversal.range)) else {
                // A reference that cannot be evaluated has made its own fault already.
                continue
            }
            if !value.isWhollyKnown { return true }
        }
        return false
    }
}

extension String {
    fileprivate func components(of separator: String) -> [String] {
        var parts: [String] = []
        var rest = self[...]
        while let found = rest.firstRange(of: separator) {
            parts.append(String(rest[..<found.lowerBound]))
            rest = rest[found.upperBound...]
        }
        return parts + [String(rest)]
    }
}
