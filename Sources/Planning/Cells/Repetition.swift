import Addresses
import ConfigModel
import Diagnostics
import Evaluation
import HCLSyntax
import Values

extension Cells {
    /// The instances that `count` or `for_each` asks for, in order.
    ///
    /// - Throws: the reference's refusals; an unknown count or set of keys is one, with what to do.
    func expand(_ repetition: Repetition, in instance: ModuleInstance) throws(DiagnosticError) -> (RepetitionMode, [RepetitionValues]) {
        switch repetition {
        case .single: return (.single, [.none])
        case .enabled(let located):
            let isEnabled = try explained(located, in: instance) { () throws(DiagnosticError) in try enabled(located, in: instance) }
            return (.single, isEnabled ? [.none] : [])
        case .count(let located):
            let number = try explained(located, in: instance) { () throws(DiagnosticError) in try count(located, in: instance) }
            return (.count, (0..<number).map { RepetitionValues(key: .index($0)) })
        case .forEach(let located):
            return (.forEach, try explained(located, in: instance) { () throws(DiagnosticError) in try forEach(located, in: instance) })
        }
    }

    /// With what the references in the expression stand for, where it is refused.
    private func explained<Result>(
        _ located: LocatedExpression, in instance: ModuleInstance, _ body: () throws(DiagnosticError) -> Result
    ) throws(DiagnosticError) -> Result {
        do throws(DiagnosticError) {
            return try body()
        } catch {
            throw evaluator(located.file, in: instance).withReferences(error, in: located.expression)
        }
    }

    private func fault(_ argument: String, _ detail: String, _ located: LocatedExpression, hints: [String] = []) -> DiagnosticError {
        DiagnosticError(.error("Invalid \(argument) argument", detail, at: located.span, hints: hints))
    }

    private func enabled(_ located: LocatedExpression, in instance: ModuleInstance) throws(DiagnosticError) -> Bool {
        let value = try evaluator(located.file, in: instance).value(of: located.expression)
        if value.isNull { throw fault("enabled", "The given \"enabled\" argument value is null. A bool is required.", located) }
        if value.holdsEphemeral {
            throw fault(
                "enabled", "The given \"enabled\" value is derived from an ephemeral value, which means that it cannot be persisted.",
                located)
        }
        let converted: Value
        do throws(ConversionError) {
            converted = try value.converted(to: .bool)
        } catch {
            throw fault("enabled", "The given \"enabled\" argument value is unsuitable: \(error.message).", located)
        }
        guard let known = converted.boolValue else {
            throw fault(
                "enabled",
                "The \"enabled\" value depends on resource attributes that cannot be determined until apply, so it cannot be predicted whether there will be an instance.",
                located, hints: ["Use the -target argument to first apply only what the value depends on, then plan again."]
            ).caused(by: .notKnownYet)
        }
        return known
    }

    private func count(_ located: LocatedExpression, in instance: ModuleInstance) throws(DiagnosticError) -> Int {
        let value = try evaluator(located.file, in: instance).value(of: located.expression)
        if value.isNull { throw fault("count", "The given \"count\" argument value is null. An integer is required.", located) }
        if value.holdsEphemeral {
            throw fault(
                "count", "The given \"count\" value is derived from an ephemeral value, which means that it cannot be persisted.", located)
        }
        let number: Value
        do throws(ConversionError) {
            number = try value.converted(to: .number)
        } catch {
            throw DiagnosticError(
                .error(
                    "Incorrect value type", "The given \"count\" argument value is unsuitable: \(error.message).", at: located.span))
        }
        if number.isUnknown {
            throw fault(
                "count",
                "The \"count\" value depends on resource attributes that cannot be determined until apply, so it cannot be predicted how many instances will be created.",
                located,
                hints: ["Use the -target argument to first apply only the resources that the count depends on, then plan again."]
            ).caused(by: .notKnownYet)
        }
        guard let known = number.intValue else {
            throw fault("count", "The given \"count\" argument value is unsuitable: value must be a whole number.", located)
        }
        guard known >= 0 else {
            throw fault("count", "The given \"count\" argument value is unsuitable: must be greater than or equal to zero.", located)
        }
        guard known <= Self.mostInstances else {
            throw fault(
                "count",
                "The given \"count\" argument value is unsuitable: must be less than or equal to \(Self.mostInstances), the most instances that one block may have.",
                located)
        }
        return known
    }

    /// Of one block, by `count`: a number beyond it is a mistake, and would fill the memory before anything could be said.
    static var mostInstances: Int { 100_000 }

    private func forEach(_ located: LocatedExpression, in instance: ModuleInstance) throws(DiagnosticError) -> [RepetitionValues] {
        let value = try evaluator(located.file, in: instance).value(of: located.expression)
        if value.isSensitive {
            throw fault(
                "for_each",
                "Sensitive values, or values derived from sensitive values, cannot be used as for_each arguments. If used, the sensitive value could be exposed as a resource instance key.",
                located)
        }
        if value.holdsEphemeral, value.marks.contains(.ephemeral) {
            throw fault(
                "for_each", "The given \"for_each\" value is derived from an ephemeral value, which means that it cannot be persisted.",
                located)
        }
        if value.isNull {
            throw fault(
                "for_each",
                "The given \"for_each\" argument value is unsuitable: the given \"for_each\" argument value is null. A map, or set of strings is allowed.",
                located)
        }
        let unknownHints = [
            "Use a map whose keys are written in the configuration, and put what is not known yet into its values.",
            "Or use the -target argument to first apply what the keys depend on, then plan again.",
        ]
        switch value.node {
        case .unknown:
            throw fault(
                "for_each",
                "The \"for_each\" map includes keys derived from resource attributes that cannot be determined until apply, so the full set of keys that will identify the instances of this resource cannot be determined.",
                located, hints: unknownHints
            ).caused(by: .notKnownYet)
        case .map(let map): return map.entries.map { RepetitionValues(key: .key($0.key), eachValue: $0.value) }
        case .object(let object):
            return zip(object.shape.names, object.slots).map { RepetitionValues(key: .key($0), eachValue: $1) }
        case .set(let set):
            return try set.values.map { (element: Value) throws(DiagnosticError) -> RepetitionValues in
                if element.isUnknown {
                    throw fault(
                        "for_each",
                        "The \"for_each\" set includes values derived from resource attributes that cannot be determined until apply, so the full set of keys that will identify the instances of this resource cannot be determined.",
                        located, hints: unknownHints
                    ).caused(by: .notKnownYet)
                }
                if element.isNull {
                    throw fault(
                        "for_each set",
                        "The given \"for_each\" argument value is unsuitable: \"for_each\" sets must not contain null values.", located)
                }
                guard let key = element.stringValue else {
                    throw fault(
                        "for_each set",
                        "The given \"for_each\" argument value is unsuitable: \"for_each\" supports maps and sets of strings, but you have provided a set containing type \(element.type.friendlyName).",
                        located)
                }
                return RepetitionValues(key: .key(key), eachValue: element)
            }
        default:
            throw fault(
                "for_each",
                "The given \"for_each\" argument value is unsuitable: the \"for_each\" argument must be a map, or set of strings, and you have provided a value of type \(value.type.friendlyName).",
                located, hints: ["Convert a list of strings with toset()."])
        }
    }
}
