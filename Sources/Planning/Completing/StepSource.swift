import Addresses
import ConfigModel
import Diagnostics
import Evaluation
import PlanModel
import ProviderKit
import Values

/// The configuration of a step, evaluated again.
extension Planner {
    func source(of draft: ChangeDraft) throws(DiagnosticError) -> (
        ResourceBlock, TypeSchema, ModuleInstance, RepetitionValues, ResourceCell
    ) {
        guard let id = draft.cell, case .resource(let item) = declarations.vertices[id.vertex].declaration else {
            throw DiagnosticError(.error("Step has no configuration", "\(draft.change.address) is not in the configuration any more."))
        }
        let module = declarations.vertices[id.vertex].module
        let instance = cells.instances[module][id.instance]
        let block = inputs.configuration.modules[module].resources[item]
        guard let cell = instance.resources[item], let source = providers.knownSource(draft.change.provider),
            let type = providers.type(block.name.type, mode: block.name.mode, of: source)
        else { throw DiagnosticError(.error("Step has no configuration", "\(draft.change.address) was not planned.")) }
        return (block, type, instance, repetition(draft.number, of: cell, block, in: instance), cell)
    }

    /// `each` and `count` of one instance of a resource as they are now.
    func repetition(
        _ number: Int, of cell: ResourceCell, _ block: ResourceBlock, in instance: ModuleInstance
    ) -> RepetitionValues {
        cells.applied(
            RepetitionValues(key: cell.keys[number], eachValue: cell.eachValues[number]), of: block.repetition, in: instance, cell)
    }

    func redecode(
        _ draft: ChangeDraft, _ block: ResourceBlock, _ type: TypeSchema, _ repetition: RepetitionValues, _ cell: ResourceCell,
        in instance: ModuleInstance
    ) throws(DiagnosticError) -> Desired {
        cell.shared?.renew(asOf: cells.open.progress)
        var decoder = BodyDecoder { [cells] file in
            cells.evaluator(file, in: instance, repetition: repetition, shared: cell.shared)
        }
        let desired = decoder.decode(block.body, type.shape, files: block.attributeFiles)
        guard !decoder.diagnostics.hasErrors else { throw DiagnosticError(decoder.diagnostics) }
        guard desired.configuration.isWhollyKnown else {
            throw DiagnosticError(
                .error(
                    "Configuration contains unknown value",
                    "Everything that \(draft.change.address) waits for is done, and its configuration still holds a value that is not known. This is a fault of the program or of a provider, not of the configuration.",
                    at: block.span, address: draft.change.address.description))
        }
        return desired
    }

    func recheckPreconditions(
        _ draft: ChangeDraft, _ block: ResourceBlock, _ instance: ModuleInstance, _ repetition: RepetitionValues
    ) throws(DiagnosticError) {
        for condition in block.lifecycle.preconditions {
            let (status, problems) = evaluate(
                condition, in: instance, repetition: repetition, own: nil, summary: "Resource precondition failed",
                address: draft.change.address.description)
            if status == .fail || status == .error { throw DiagnosticError(problems) }
        }
    }
}
