import Addresses
import ConfigModel
import Diagnostics
import Evaluation
import PlanModel
import Values

/// Conditions while planning: what is certain is said, what is open is kept for applying.
extension Planner {
    /// A resource instance's conditions before or after its step.
    ///
    /// - Returns: those that are open; nil where one is certainly broken.
    func conditions(
        _ blocks: [ConditionBlock], of address: ResourceInstanceAddress, id: Cells.CellID, number: Int, in instance: ModuleInstance,
        repetition: RepetitionValues, own: Value?
    ) -> [Int]? {
        var holds = true
        var open: [Int] = []
        let summary = own == nil ? "Resource precondition failed" : "Resource postcondition failed"
        for block in blocks {
            let (status, problems) = evaluate(
                block, in: instance, repetition: repetition, own: own, summary: summary, address: address.description)
            checks.append(
                CheckResult(kind: .resource, subject: address.description, status: status, problems: problems.map(\.detail)))
            switch status {
            case .pass: break
            case .unknown where inputs.mode != .normal: break
            case .unknown:
                open.append(
                    openConditions.add(
                        OpenCondition(
                            block: block, cell: id, number: number, check: checks.count - 1, summary: summary,
                            isPostcondition: own != nil)))
            case .fail, .error:
                diagnostics.append(contentsOf: problems)
                holds = false
            }
        }
        return holds ? open : nil
    }

    /// A condition of something that has no step of its own.
    private func visit(
        _ block: ConditionBlock, _ kind: CheckResult.Kind, of owner: Declaration, _ subject: String, in instance: ModuleInstance,
        summary: String, isDecidedAgain: Bool = false
    ) {
        let (status, problems) = evaluate(block, in: instance, repetition: .none, own: nil, summary: summary, address: subject)
        checks.append(CheckResult(kind: kind, subject: subject, status: status, problems: problems.map(\.detail)))
        if status == .unknown, heldBack.contains(declarations.vertex(instance.module, owner)) { return }
        let id = Cells.CellID(vertex: declarations.vertex(instance.module, owner), instance: instance.number)
        // Where nothing is made, nothing comes to be known that is not.
        if inputs.mode == .normal, status == .unknown || isDecidedAgain || (kind == .check && status != .pass) {
            openConditions.free([
                openConditions.add(OpenCondition(block: block, cell: id, check: checks.count - 1, summary: summary))
            ])
        }
        if kind == .check, status == .unknown, inputs.mode == .normal, !isValidating, !unansweredChecks.contains(id) {
            diagnostics.append(
                .warning(
                    "Check block assertion known after apply",
                    "What this condition asks for is known when the plan has been applied. It is decided then.",
                    at: block.condition.span, address: subject))
        }
        if case .variable = owner, !isTellingOfValues { return }
        diagnostics.append(contentsOf: told(problems, status, of: block, owner, in: instance))
    }

    private func name(_ name: String, in instance: ModuleInstance) -> String {
        instance.path.isRoot ? name : "\(instance.path).\(name)"
    }

    func visitPreconditions(ofOutput item: Int, in instance: ModuleInstance) {
        let output = inputs.configuration.modules[instance.module].outputs[item]
        for block in output.preconditions {
            visit(
                block, .output, of: .output(item), name("output.\(output.name)", in: instance), in: instance,
                summary: "Module output value precondition failed")
        }
    }

    func validate(variable item: Int, in instance: ModuleInstance) {
        let variable = inputs.configuration.modules[instance.module].variables[item]
        for block in variable.validations {
            refuseEphemeralMessage(block, in: instance)
            visit(
                block, .variable, of: .variable(item), name("var.\(variable.name)", in: instance), in: instance,
                summary: "Invalid value for variable")
        }
    }

    /// What is said of a value that must not be told anywhere cannot hold it.
    private func refuseEphemeralMessage(_ block: ConditionBlock, in instance: ModuleInstance) {
        let evaluator = cells.evaluator(block.errorMessage.file, in: instance)
        // One that cannot be evaluated is a fault of the condition, and told there.
        guard let text = try? evaluator.value(of: block.errorMessage.expression), text.holdsEphemeral else { return }
        diagnostics.append(
            .error(
                "Error message refers to ephemeral values",
                "The error expression used to explain this condition refers to ephemeral values, so that the message will not be displayed.",
                at: block.errorMessage.span,
                hints: ["Take the ephemeral value out of the message, or put ephemeralasnull() around it."]))
    }

    func visitCheck(_ item: Int, in instance: ModuleInstance) {
        let block = inputs.configuration.modules[instance.module].checks[item]
        let data = block.dataSource.flatMap { declarations.indices[instance.module].resources[$0] }
        // What it asks for is read again when all else is done.
        let isReadAgain = data.map { data in
            let id = Cells.CellID(vertex: declarations.vertex(instance.module, .resource(data)), instance: instance.number)
            return draftsByCell[id] != nil
        }
        for assertion in block.assertions {
            visit(
                assertion, .check, of: .check(item), subject(ofCheck: item, in: instance), in: instance,
                summary: "Check block assertion failed", isDecidedAgain: isReadAgain ?? false)
        }
    }

    private func subject(ofCheck item: Int, in instance: ModuleInstance) -> String {
        name("check.\(inputs.configuration.modules[instance.module].checks[item].name)", in: instance)
    }

    /// What a check asks for cannot be had.
    func note(unanswered problem: Diagnostic, check item: Int, in instance: ModuleInstance) {
        checks.append(
            CheckResult(
                kind: .check, subject: subject(ofCheck: item, in: instance), status: .fail,
                problems: ["\(problem.summary): \(problem.detail)"]))
        unansweredChecks.insert(Cells.CellID(vertex: declarations.vertex(instance.module, .check(item)), instance: instance.number))
        diagnostics.append(problem.asWarning)
    }
}
