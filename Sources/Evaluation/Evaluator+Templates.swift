public import Diagnostics
public import HCLSyntax
public import Values

extension Evaluator {
    /// A quoted string, heredoc or template file. `"${x}"` alone keeps the type of `x`.
    func template(_ parts: [TemplatePart], range: SourceRange) throws(DiagnosticError) -> Value {
        if parts.count == 1 {
            switch parts[0] {
            case .literal(let text, _): return .string(text)
            case .interpolation(let expression): return try evaluate(expression)
            default: break
            }
        }
        var builder = TemplateBuilder()
        try append(parts, to: &builder)
        return builder.value
    }

    /// As `template`, but always a string: what `templatefile` gives.
    func templateString(_ parts: [TemplatePart]) throws(DiagnosticError) -> Value {
        if parts.count == 1, case .interpolation(let expression) = parts[0] { return try evaluate(expression) }
        var builder = TemplateBuilder()
        try append(parts, to: &builder)
        return builder.value
    }

    private func append(_ parts: [TemplatePart], to builder: inout TemplateBuilder) throws(DiagnosticError) {
        var gathering = Gathering()
        for part in parts {
            gathering.run { () throws(DiagnosticError) in try append(part, to: &builder) }
        }
        try gathering.end()
    }

    private func append(_ part: TemplatePart, to builder: inout TemplateBuilder) throws(DiagnosticError) {
        switch part {
        case .literal(let text, _): builder.append(text)
        case .interpolation(let expression):
            let value = try interpolated(try evaluate(expression), expression)
            try builder.refuse(beyond: value) { tooLarge(expression.range) }
            builder.append(value)
        case .conditional(let condition, let then, let otherwise, let range):
            let (decided, marks) = try truth(condition, range: range)
            builder.marks.formUnion(marks)
            // As of a conditional expression: the marks of both arms count, the faults only of the one that is chosen.
            let (first, second) = (arm(then), arm(otherwise))
            for case .success(let text) in [first, second] { builder.marks.formUnion(text.marks) }
            guard let decided else { return builder.appendUnknown() }
            let chosen = try (decided ? first : second).get()
            try builder.refuse(beyond: chosen) { tooLarge(range) }
            builder.append(chosen)
        case .loop(let clause, let body, let range):
            let (pairs, marks) = try iteration(clause, range: range)
            builder.marks.formUnion(marks)
            guard let pairs else { return builder.appendUnknown() }
            for pair in pairs {
                try bound(clause, pair).append(body, to: &builder)
                try builder.refuse(beyond: .true) { tooLarge(range) }
            }
        }
    }

    private func arm(_ parts: [TemplatePart]) -> Result<Value, DiagnosticError> {
        Result { () throws(DiagnosticError) in
            var builder = TemplateBuilder()
            try append(parts, to: &builder)
            return builder.value
        }
    }

    private func interpolated(_ value: Value, _ expression: Expression) throws(DiagnosticError) -> Value {
        if value.isNull {
            throw fault(
                "Invalid template interpolation value",
                "The expression result is null. Cannot include a null value in a string template.", expression.range)
        }
        if value.isUnknown, value.type != .string { return Value.unknown(.string, .notNull).withMarks(value.marks) }
        do throws(ConversionError) {
            return try value.converted(to: .string)
        } catch {
            throw fault(
                "Invalid template interpolation value",
                "Cannot include the given value in a string template: \(error.message).", expression.range)
        }
    }

    private func truth(_ condition: Expression, range: SourceRange) throws(DiagnosticError) -> (Bool?, Value.Marks) {
        let value = try evaluate(condition)
        return (try truth(value, condition.range, context: range), value.marks)
    }

    /// Text of a template whose interpolated values become text by `interpolate`, which knows where they land (a URL, a script).
    public func render(
        _ parts: [TemplatePart], interpolate: (Value, Expression) throws(DiagnosticError) -> String
    ) throws(DiagnosticError) -> String {
        var text = ""
        for part in parts {
            switch part {
            case .literal(let literal, _): text += literal
            case .interpolation(let expression): text += try interpolate(try value(of: expression), expression)
            case .conditional(let condition, let then, let otherwise, let range):
                guard let decided = try truth(condition, range: range).0 else {
                    throw fault("Unknown condition", "Whether this part of the template is wanted is not known yet.", condition.range)
                        .caused(by: .notKnownYet)
                }
                text += try render(decided ? then : otherwise, interpolate: interpolate)
            case .loop(let clause, let body, let range):
                guard let pairs = try iteration(clause, range: range).pairs else {
                    throw fault("Unknown collection", "What this part of the template repeats is not known yet.", clause.collection.range)
                        .caused(
                            by: .notKnownYet)
                }
                for pair in pairs { text += try bound(clause, pair).render(body, interpolate: interpolate) }
            }
        }
        return text
    }
}

/// Concatenates known and unknown text; the known beginning of an unknown result is kept as its prefix.
private struct TemplateBuilder {
    var text = ""
    var isUnknown = false
    var marks: Value.Marks = []

    mutating func append(_ more: String) { if !isUnknown { text += more } }

    /// - Throws: once, where the text would be larger than a value may be; from then on it is unknown.
    mutating func refuse(beyond more: Value, _ fault: () -> DiagnosticError) throws(DiagnosticError) {
        guard !isUnknown, UInt32(clamping: text.utf8.count / 8).adding(more.extent) > ExtentBudget.most else { return }
        isUnknown = true
        throw fault()
    }

    mutating func appendUnknown() { isUnknown = true }

    mutating func append(_ value: Value) {
        marks.formUnion(value.marks)
        switch value.node {
        case .string(let more): append(more)
        case .unknown(let unknown):
            if !isUnknown, let prefix = unknown.refinement.prefix { text += prefix }
            isUnknown = true
        default: isUnknown = true
        }
    }

    var value: Value {
        guard isUnknown else { return Value.string(text).marked(marks) }
        var refinement = Refinement.notNull
        // The last grapheme may still grow by what follows: as much is promised as certainly stays.
        let safe = text.safePrefix
        if !safe.isEmpty { refinement.prefix = safe }
        return Value.unknown(.string, refinement).marked(marks)
    }
}
