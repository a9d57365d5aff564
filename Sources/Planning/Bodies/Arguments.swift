import Diagnostics
import Evaluation
import HCLSyntax
import ProviderKit
import Values

extension BodyDecoder {
    /// The value of one argument; unknown after reporting faults.
    mutating func attribute(_ schema: AttributeSchema, in body: Body, file: String, iterators: [String: Value]) -> Value {
        guard let attribute = body.attribute(schema.name) else {
            if schema.isRequired {
                diagnostics.append(
                    .error(
                        "Missing required argument", "The argument \"\(schema.name)\" is required, but no definition was found.",
                        at: body.span(body.isJSON ? body.closing : SourceRange(start: body.range.start, end: body.range.start))))
                return .unknown(schema.type)
            }
            return .null(schema.type)
        }
        let span = SourceSpan(file: file, range: attribute.expression.range)
        if !schema.isSettable {
            diagnostics.append(
                .error(
                    "Value for unconfigurable attribute",
                    "Can't configure a value for \"\(schema.name)\": its value will be decided automatically based on the result of applying this configuration.",
                    at: span))
            return .unknown(schema.type)
        }
        // Nearly always its name in quotes, or one of its attributes.
        let hints =
            schema.isContainer ? ["Write the resource that it is on as a whole, without quotes, such as \(schema.name) = host.NAME."] : []
        guard
            let value = accepted(
                attribute.expression, of: schema.name, as: schema.type, file: file, iterators: iterators,
                mayBeEphemeral: schema.isWriteOnly, hints: hints)
        else { return .unknown(schema.type) }
        if value.isNull, schema.isRequired {
            diagnostics.append(
                .error("Missing required argument", "The argument \"\(schema.name)\" is required, but its value is null.", at: span))
            return .unknown(schema.type)
        }
        return schema.isSensitive ? value.marked(.sensitive) : value
    }

    /// What an expression gives for an argument, or for blocks that are written as one; nil after reporting why it cannot be that.
    mutating func accepted(
        _ expression: Expression, of name: String, as type: ValueType, file: String, iterators: [String: Value],
        mayBeEphemeral: Bool = false, hints: [String] = []
    ) -> Value? {
        let span = SourceSpan(file: file, range: expression.range)
        let value: Value
        do throws(DiagnosticError) {
            value = try evaluator(file).binding(iterators).value(of: expression)
        } catch {
            diagnostics.append(contentsOf: error.diagnostics)
            return nil
        }
        let converted: Value
        do throws(ConversionError) {
            converted = try value.converted(to: type)
        } catch {
            diagnostics.append(
                .error(
                    "Incorrect attribute value type", "Inappropriate value for attribute \"\(name)\": \(error.description).", at: span,
                    hints: hints))
            return nil
        }
        if value.holdsEphemeral, !mayBeEphemeral, !allowsEphemeral {
            diagnostics.append(
                .error(
                    "Invalid use of ephemeral value",
                    "Ephemeral values are not valid for \"\(name)\", because it is not a write-only attribute and must be persisted to state.",
                    at: span))
            return nil
        }
        return refusesInfinity(converted, of: name, at: span) ? nil : converted
    }

    /// What is recorded, and what providers are asked, has no way to write an infinite number.
    private mutating func refusesInfinity(_ value: Value, of name: String, at span: SourceSpan) -> Bool {
        guard let path = value.firstInfinity else { return false }
        diagnostics.append(
            .error(
                "Infinite number",
                "Inappropriate value for attribute \"\(Path([.attribute(name)] + path.steps))\": cannot serialize infinity as JSON.",
                at: span,
                hints: [Self.infinityHint]))
        return true
    }

    static let infinityHint = "A division by zero gives an infinite number; check the divisor, or use null where there is no value."
}
