import Addresses
import ConfigModel
import Diagnostics
import Evaluation
import HCLSyntax
import PlanModel
import ProviderKit
import StateModel
import Values

extension Planner {
    /// `ignore_changes`: what is named keeps its recorded value.
    func ignoring(_ ignored: Lifecycle.IgnoreChanges, _ desired: Value, _ prior: Value) -> Value {
        switch ignored {
        case .none: return desired
        case .all:
            guard case .object(let new) = desired.node, case .object(let old) = prior.node, new.slots.count == old.slots.count else {
                return desired
            }
            return .object(shape: new.shape, slots: old.slots)
        case .paths(let paths):
            var result = desired
            for path in paths {
                if let old = prior.value(at: path) {
                    result = result.replacing(at: path, with: old) ?? result
                }
            }
            return result
        }
    }

    /// Whether something named in `replace_triggered_by` has a change.
    func triggered(_ block: ResourceBlock, in instance: ModuleInstance, repetition: RepetitionValues) throws(DiagnosticError) -> Bool {
        for located in block.lifecycle.replaceTriggeredBy {
            for traversal in traversals(in: located.expression) {
                guard let reference = checkedReference(traversal, file: located.file), case .resource(let name) = reference.subject,
                    let item = declarations.indices[instance.module].resources[name]
                else { continue }
                let id = Cells.CellID(vertex: declarations.vertex(instance.module, .resource(item)), instance: instance.number)
                for index in draftsByCell[id] ?? [] {
                    let change = drafts[index].change
                    var wanted = reference.key
                    if wanted == nil, change.address.instance.key != .none, case .index(_, let key) = located.expression.kind {
                        let value = try cells.evaluator(located.file, in: instance, repetition: repetition).value(of: key)
                        wanted = value.stringValue.map { .key($0) } ?? value.intValue.map { .index($0) }
                    }
                    if let wanted, wanted != change.address.instance.key { continue }
                    switch change.action {
                    // Only what was there before can change: a first creation replaces nothing.
                    case .noOp, .record, .read, .forget, .create: continue
                    default: break
                    }
                    let path = Path(
                        reference.remaining.compactMap { step in if case .attribute(let name) = step { .attribute(name.name) } else { nil }
                        })
                    if path.steps.isEmpty || change.action.isReplace { return true }
                    if change.before?.value(at: path) != change.after?.value(at: path) { return true }
                }
            }
        }
        return false
    }

    /// The object would be held by another container than before.
    func containerDiffers(_ planned: Value, _ prior: Value, _ type: TypeSchema) -> Bool {
        guard let slot = type.containerSlot, case .object(let new) = planned.node, case .object(let old) = prior.node,
            new.slots.indices.contains(slot), old.slots.indices.contains(slot)
        else { return false }
        let after = (new.slots[slot]["id"] ?? new.slots[slot]).withoutMarks([.sensitive])
        let before = (old.slots[slot]["id"] ?? old.slots[slot]).withoutMarks([.sensitive])
        return after != before
    }

    /// Equal but for how the container is reached.
    func sameApartFromContainer(_ planned: Value, _ prior: Value, _ type: TypeSchema) -> Bool {
        guard let skipped = type.containerSlot else { return planned == prior }
        guard case .object(let new) = planned.node, case .object(let old) = prior.node, new.slots.count == old.slots.count else {
            return planned == prior
        }
        for slot in new.slots.indices where slot != skipped && new.slots[slot] != old.slots[slot] { return false }
        return true
    }

    /// `host.rack["a"]|host_file|/etc/motd`; empty where the type has no natural identity or it is not known yet.
    func identity(of planned: Value, _ type: TypeSchema, container: ResourceInstanceAddress?) -> String {
        name(of: planned, by: type.schema.identity, type, container: container)
    }

    /// `host_probe|host.rack["a"]|TCP port 80`: what no other object may have beside it. Empty as for an identity.
    func claim(of planned: Value, _ type: TypeSchema, container: ResourceInstanceAddress?) -> String {
        name(of: planned, by: type.schema.unique, type, container: container)
    }

    private func name(of planned: Value, by attributes: [String], _ type: TypeSchema, container: ResourceInstanceAddress?) -> String {
        guard !attributes.isEmpty else { return "" }
        var parts = [type.schema.type.rawValue]
        var names = false
        for name in attributes {
            guard let value = planned[name] else { return "" }
            if name == type.schema.containerAttribute {
                guard let container else { return "" }
                parts.append(container.description)
                continue
            }
            guard value.isWhollyKnown, !value.holdsSensitive else { return "" }
            if value.isNull {
                parts.append("")
            } else if let text = value.stringValue {
                parts.append(text)
                names = true
            } else if let number = value.numberValue {
                parts.append(number.description)
                names = true
            } else if let text = try? value.jsonText() {
                // Infinite numbers alone have no JSON text; they name nothing.
                parts.append(text)
                names = true
            }
        }
        // Nothing but nulls names nothing.
        guard names else { return "" }
        return parts.joined(separator: "|")
    }

    /// Whether it is replaced with the kind that it is a part of; where none of the parts is marked, all are.
    func isPrincipal(_ block: ResourceBlock, in instance: ModuleInstance) -> Bool {
        block.lifecycle.isPrincipal || !inputs.configuration.modules[instance.module].resources.contains { $0.lifecycle.isPrincipal }
    }

    func isGuarded(_ planned: Value, _ type: TypeSchema) -> Bool {
        guard type.schema.isGuarded else { return false }
        return planned["protect"]?.boolValue ?? true
    }

    // MARK: Conditions

    /// False where a condition is certainly broken; open ones are noted for applying.
    func conditionsHold(
        _ blocks: [ConditionBlock], kind: CheckResult.Kind, of address: ResourceInstanceAddress, id: Cells.CellID, number: Int,
        in instance: ModuleInstance, repetition: RepetitionValues, summary: String, own: Value?
    ) -> Bool {
        var holds = true
        for block in blocks {
            let (status, problems) = evaluate(
                block, in: instance, repetition: repetition, own: own, summary: summary, address: address.description)
            checks.append(CheckResult(kind: kind, subject: address.description, status: status, problems: problems.map(\.detail)))
            switch status {
            case .pass: break
            case .unknown:
                keepOpen(
                    OpenCondition(
                        block: block, cell: id, number: number, check: checks.count - 1, summary: summary, isPostcondition: own != nil))
                if own != nil, let index = draftByAddress[ObjectAddress(address)] {
                    drafts[index].openConditions.append(conditions.count - 1)
                }
            case .fail, .error:
                diagnostics.append(contentsOf: problems)
                holds = false
            }
        }
        return holds
    }

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
            if text.holdsSensitive {
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

    func check(_ block: ConditionBlock, kind: CheckResult.Kind, subject: String, in instance: ModuleInstance, summary: String) {
        let (status, problems) = evaluate(block, in: instance, repetition: .none, own: nil, summary: summary, address: subject)
        checks.append(CheckResult(kind: kind, subject: subject, status: status, problems: problems.map(\.detail)))
        diagnostics.append(
            contentsOf: problems.map { problem in
                var problem = problem
                if kind == .check { problem.severity = .warning }
                return problem
            })
    }

    func validate(variable item: Int, in instance: ModuleInstance) {
        let variable = inputs.configuration.modules[instance.module].variables[item]
        for block in variable.validations {
            let subject = instance.path.isRoot ? "var.\(variable.name)" : "\(instance.path).var.\(variable.name)"
            let (status, problems) = evaluate(
                block, in: instance, repetition: .none, own: nil, summary: "Invalid value for variable", address: subject)
            checks.append(CheckResult(kind: .variable, subject: subject, status: status, problems: problems.map(\.detail)))
            guard isTellingOfValues else { continue }
            guard status == .fail, let written = cells.argumentPlace(of: variable, in: instance) else {
                diagnostics.append(contentsOf: problems)
                continue
            }
            // The value is the caller's, so that the mistake is, too.
            diagnostics.append(
                contentsOf: problems.map { problem in
                    var problem = problem
                    problem.subject = written
                    problem.detail +=
                        "\n\nThis was checked by the validation rule at \(inputs.configuration.sources.placeText(of: block.condition.span))."
                    return problem
                })
        }
    }

    func visitCheck(_ item: Int, in instance: ModuleInstance) {
        let block = inputs.configuration.modules[instance.module].checks[item]
        let subject = instance.path.isRoot ? "check.\(block.name)" : "\(instance.path).check.\(block.name)"
        for assertion in block.assertions {
            check(assertion, kind: .check, subject: subject, in: instance, summary: "Check block assertion failed")
        }
    }
}
