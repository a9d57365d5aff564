import ConfigModel
import Diagnostics
import Evaluation
import HCLSyntax
import PlanModel
import Values

extension Planner {
    /// Outcome of a condition now, with what to say where it does not hold.
    func evaluate(
        _ block: ConditionBlock, in instance: ModuleInstance, repetition: RepetitionValues, own: Value?, summary: String, address: String
    ) -> (CheckResult.Status, [Diagnostic]) {
        do throws(DiagnosticError) {
            let evaluator = cells.evaluator(block.condition.file, in: instance, repetition: repetition, own: own)
            let value = try evaluator.value(of: block.condition.expression)
            if value.isUnknown { return (.unknown, []) }
            let truth: Value
            do throws(ConversionError) {
                truth = try value.converted(to: .bool)
            } catch {
                throw DiagnosticError(
                    .error(
                        "Invalid condition result", "Condition expression must return either true or false: \(error.message).",
                        at: block.condition.span))
            }
            if truth.boolValue == true { return (.pass, []) }
            if truth.isNull {
                throw DiagnosticError(
                    .error(
                        "Invalid condition result", "Condition expression must return either true or false, not null.",
                        at: block.condition.span))
            }
            var message = "This condition does not hold."
            let text = try cells.evaluator(block.errorMessage.file, in: instance, repetition: repetition, own: own).value(
                of: block.errorMessage.expression)
            if text.holdsEphemeral {
                message = "The error message included an ephemeral value, so it will not be displayed."
            } else if text.holdsSensitive {
                message = "The error message included a sensitive value, so it will not be displayed."
            } else if let known = text.stringValue {
                message = known
            }
            var references: [Diagnostic.ReferencedValue] = []
            for traversal in traversals(in: block.condition.expression) {
                // References that cannot be evaluated were faults above.
                guard let seen = try? evaluator.value(of: Expression(.traversal(traversal.root, traversal.steps), range: traversal.range))
                else { continue }
                // Named more than once, it is still told once.
                let reference = Diagnostic.ReferencedValue(expression: traversal.text, value: seen.shortDescription)
                if !references.contains(reference) { references.append(reference) }
            }
            return (.fail, [Diagnostic(.error, summary, message, subject: block.condition.span, address: address, references: references)])
        } catch {
            return (.error, error.diagnostics)
        }
    }

    /// What is said of a condition that does not hold: a check's is a warning, and a variable's is at whoever gives the value.
    func told(
        _ problems: [Diagnostic], _ status: CheckResult.Status, of block: ConditionBlock, _ owner: Declaration, in instance: ModuleInstance
    )
        -> [Diagnostic]
    {
        switch owner {
        case .check:
            return problems.map(\.asWarning)
        case .variable(let item):
            let variable = inputs.configuration.modules[instance.module].variables[item]
            guard status == .fail, let written = cells.argumentPlace(of: variable, in: instance) else { return problems }
            return problems.map { problem in
                var problem = problem
                problem.subject = written
                problem.detail +=
                    "\n\nThis was checked by the validation rule at \(inputs.configuration.sources.placeText(of: block.condition.span))."
                return problem
            }
        default: return problems
        }
    }
}
