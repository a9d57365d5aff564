import ConfigModel
public import Diagnostics
public import PlanModel
import Values

extension Planner {
    public func check(_ index: Int, facts: any Facts) async -> [Diagnostic] {
        guard let condition = openConditions.deciding(check: index) else { return [] }
        let owner = declarations.vertices[condition.cell.vertex]
        let instance = cells.instances[owner.module][condition.cell.instance]
        var repetition = RepetitionValues.none
        var own: Value?
        if case .resource(let item) = owner.declaration, let number = condition.number, let cell = instance.resources[item] {
            repetition = self.repetition(number, of: cell, inputs.configuration.modules[owner.module].resources[item], in: instance)
            if condition.isPostcondition { own = cell.values[number] }
        }
        let subject = checks[condition.check].subject
        var (status, problems) = evaluate(
            condition.block, in: instance, repetition: repetition, own: own, summary: condition.summary, address: subject)
        if status == .unknown {
            // What it asks for could not be had: that has been said.
            if case .check(let item) = owner.declaration, isUnanswered(item, in: instance) { return [] }
            problems = [
                .error(
                    "Condition is still unknown",
                    "A condition of \(subject) could not be decided, though everything that it waits for is done.",
                    at: condition.block.condition.span, address: subject)
            ]
            status = .error
        }
        return told(problems, status, of: condition.block, owner.declaration, in: instance)
    }

    private func isUnanswered(_ check: Int, in instance: ModuleInstance) -> Bool {
        guard let name = inputs.configuration.modules[instance.module].checks[check].dataSource,
            let item = declarations.indices[instance.module].resources[name], let cell = instance.resources[item]
        else { return false }
        return !cell.values.allSatisfy(\.isWhollyKnown)
    }
}
