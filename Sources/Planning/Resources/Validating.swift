import Addresses
import ConfigModel
import Diagnostics
import Evaluation
import HCLSyntax
import ProviderKit
import Values

extension Cells {
    /// The instances that `count` or `for_each` asks for where that is known, else one that stands for all.
    func expandForValidation(_ repetition: Repetition, in instance: ModuleInstance) throws(DiagnosticError) -> (
        RepetitionMode, [RepetitionValues]
    ) {
        let located: LocatedExpression
        switch repetition {
        case .single: return (.single, [.none])
        case .count(let expression), .forEach(let expression), .enabled(let expression): located = expression
        }
        let value = try evaluator(located.file, in: instance).value(of: located.expression)
        // What may not be used at all is refused before it is known.
        if value.isWhollyKnown || value.holdsEphemeral {
            return try expand(repetition, in: instance)
        }
        if case .enabled = repetition { return (.single, [.none]) }
        if case .count = repetition { return (.count, [RepetitionValues(key: .index(0), isOpen: true)]) }
        return (.forEach, [RepetitionValues(key: .key(""), eachValue: .unknown, isOpen: true)])
    }
}

extension Planner {
    /// Computed attributes are unknown, as they are before a first plan.
    func validated(_ configuration: Value, _ type: TypeSchema) -> Value {
        guard case .object(let object) = configuration.node else { return configuration }
        var slots = object.slots
        for (slot, member) in type.shape.members.enumerated() {
            if case .attribute(let schema) = member, schema.isComputed, slots[slot].isNull { slots[slot] = .unknown(schema.type) }
        }
        return type.shape.markingSensitive(.object(shape: object.shape, slots: slots))
    }

    /// What the provider has to say of it beyond the schema.
    func validate(_ desired: Desired?, _ block: ResourceBlock, _ provider: ProviderConfigAddress, _ address: ResourceInstanceAddress) async
    {
        guard let desired, let source = providers.knownSource(provider) else { return }
        for diagnostic in source.validate(desired.configuration, of: block.name.type, mode: block.name.mode) {
            if isNews(diagnostic) { diagnostics.append(located(diagnostic, in: block, of: address)) }
        }
    }

    /// Not where a wrong value came from: what is said of it again, inside of what it was given to, helps nobody.
    func isNews(_ diagnostic: Diagnostic) -> Bool { isTellingOfValues || diagnostic.argument == nil }

    /// A provider knows no places in files: its finding is at the argument that it names, or else at the resource.
    func located(_ given: Diagnostic, in block: ResourceBlock, of address: ResourceInstanceAddress) -> Diagnostic {
        var diagnostic = given
        if diagnostic.address == nil { diagnostic.address = address.description }
        guard diagnostic.subject == nil else { return diagnostic }
        diagnostic.subject = block.span
        guard let name = diagnostic.argument else { return diagnostic }
        let file = block.attributeFiles[name] ?? block.body.file
        if let attribute = block.body.attribute(name) {
            diagnostic.subject = SourceSpan(file: file, range: attribute.expression.range)
        } else if case let blocks = block.body.blocks.filter({ $0.type.name == name }), let only = blocks.first, blocks.count == 1 {
            diagnostic.subject = SourceSpan(file: file, range: only.headerRange)
        }
        return diagnostic
    }

    /// Attributes that `self` does not have, in conditions; what else is wrong with them a plan says.
    func validateOwnAttributes(
        of block: ResourceBlock, _ repetition: RepetitionValues, _ own: Value, in instance: ModuleInstance, address: ResourceInstanceAddress
    ) {
        for condition in block.lifecycle.postconditions {
            let (_, problems) = evaluate(
                condition, in: instance, repetition: repetition, own: own, summary: "Resource postcondition failed",
                address: address.description)
            diagnostics.append(contentsOf: problems.filter { $0.summary == "Unsupported attribute" && isNews($0) })
        }
    }

    /// A provider block's arguments against its schema.
    func validateProvider(_ item: Int, in instance: ModuleInstance) async {
        let module = inputs.configuration.modules[instance.module]
        let block = module.providers[item]
        let address = ProviderConfigAddress(module: module.path, name: block.name, alias: block.alias)
        do throws(DiagnosticError) {
            let source = try await providers.source(address, from: catalog)
            for repetition in try expansion(of: block.repetition, in: instance).1 {
                var decoder = BodyDecoder { [cells] file in cells.evaluator(file, in: instance, repetition: repetition) }
                decoder.allowsEphemeral = true
                _ = decoder.decode(block.body, BodyShape(source.schema.configuration))
                diagnostics.append(contentsOf: decoder.diagnostics)
            }
        } catch {
            report(error)
        }
    }
}
