import Addresses
import ConfigModel
import Diagnostics
import Evaluation
import PlanModel
import Values

/// The root module's import blocks, by the declaration that each brings an object to.
struct ImportTable {
    /// One object to be taken over.
    struct Wanted {
        var id: String
        /// Of the block; nil where a command asks for it.
        var span: SourceSpan?
    }

    private struct Subject: Hashable {
        let call: ModuleCallPath
        let resource: ResourceName
    }

    let blocks: [ImportBlock]
    private let bySubject: [Subject: [Int]]

    init(_ configuration: Configuration) {
        blocks = configuration.modules.first?.imports ?? []
        var bySubject: [Subject: [Int]] = [:]
        for (number, block) in blocks.enumerated() {
            bySubject[Subject(call: block.target.call, resource: block.target.resource), default: []].append(number)
        }
        self.bySubject = bySubject
    }

    func blocks(of resource: ResourceName, in call: ModuleCallPath) -> [ImportBlock] {
        guard !bySubject.isEmpty else { return [] }
        return (bySubject[Subject(call: call, resource: resource)] ?? []).map { blocks[$0] }
    }
}

extension Planner {
    /// What is to be taken over as an instance of one resource, evaluated once and before the first of them is looked at.
    func wantedImports(of block: ResourceBlock, in module: Module) -> [ResourceInstanceAddress: ImportTable.Wanted] {
        guard inputs.mode == .normal, !isConfiguringOnly else { return [:] }
        var wanted: [ResourceInstanceAddress: ImportTable.Wanted] = [:]
        for declared in imports.blocks(of: block.name, in: module.path) {
            attempt { () throws(DiagnosticError) in
                for (address, import_) in try evaluated(declared, for: block) { wanted[address] = import_ }
            }
        }
        for (address, id) in inputs.imports where address.resource.resource == block.name && address.module.call == module.path {
            wanted[address] = ImportTable.Wanted(id: id)
        }
        return wanted
    }

    /// The objects that one block asks for. While validating, what is not known yet is left out.
    ///
    /// - Parameter resource: what is configured; nil: it is to be generated.
    func evaluated(_ block: ImportBlock, for resource: ResourceBlock?) throws(DiagnosticError) -> [(
        ResourceInstanceAddress, ImportTable.Wanted
    )] {
        var found: [(ResourceInstanceAddress, ImportTable.Wanted)] = []
        for repetition in try repetitions(of: block) {
            let address = try block.target.address { (key) throws(DiagnosticError) in try instanceKey(key, repetition) }
            if let resource { try check(address.key, against: resource.repetition, block) }
            if let id = try importID(block, repetition) { found.append((address, ImportTable.Wanted(id: id, span: block.to.span))) }
        }
        return found
    }

    private func repetitions(of block: ImportBlock) throws(DiagnosticError) -> [RepetitionValues] {
        guard let located = block.forEach else { return [.none] }
        func fault(_ detail: String) -> DiagnosticError {
            DiagnosticError(.error("Invalid for_each argument", detail, at: located.span))
        }
        let given = try cells.evaluator(located.file, in: cells.root).value(of: located.expression)
        if given.holdsEphemeral {
            throw fault(
                "The given \"for_each\" value is derived from an ephemeral value, which means that it cannot be persisted between planning and applying."
            )
        }
        let value = given.withoutMarks([.sensitive])
        guard value.isWhollyKnown else {
            if isValidating { return [] }
            throw fault(
                "The \"for_each\" expression includes values derived from other resource attributes that cannot be determined until apply, so the full set of objects to import cannot be determined."
            ).caused(by: .notKnownYet)
        }
        if value.isNull { return [] }
        if let entries = value.entries { return entries.map { RepetitionValues(key: .key($0.key), eachValue: $0.value) } }
        guard let elements = value.elements else { throw fault("The \"for_each\" expression must be a collection.") }
        let isSet = if case .set = value.node { true } else { false }
        return elements.enumerated().map { number, element in
            var repetition = RepetitionValues(key: .key(element.stringValue ?? "\(number)"), eachValue: element)
            repetition.eachKey = isSet ? element : .int(number)
            return repetition
        }
    }

    private func instanceKey(_ key: LocatedExpression, _ repetition: RepetitionValues) throws(DiagnosticError) -> InstanceKey {
        let value = try cells.evaluator(key.file, in: cells.root, repetition: repetition).value(of: key.expression)
            .withoutMarks([.sensitive])
        if let text = value.stringValue { return .key(text) }
        if let number = value.intValue { return .index(number) }
        throw DiagnosticError(
            .error(
                "Invalid import 'to' expression",
                "A key of the address is \(value.shortDescription): it must be a string or a whole number, known while planning.",
                at: key.span))
    }

    /// The reference says it of the key that is written, in the words of what would fit it.
    private func check(_ key: InstanceKey, against repetition: Repetition, _ block: ImportBlock) throws(DiagnosticError) {
        let what: String
        switch (key, repetition) {
        case (.none, .single), (.none, .enabled), (.index, .count), (.key, .forEach): return
        case (.none, .count): what = "The target resource is using count."
        case (.none, .forEach): what = "The target resource is using for_each."
        case (.index, _): what = "The target resource does not use count."
        case (.key, _): what = "The target resource does not use for_each."
        }
        throw DiagnosticError(.error("Invalid import 'to' expression", what, at: block.to.span))
    }

    /// Nil: not known yet, while validating.
    private func importID(_ block: ImportBlock, _ repetition: RepetitionValues) throws(DiagnosticError) -> String? {
        func fault(_ detail: String, _ summary: String = "Invalid import id argument") -> DiagnosticError {
            DiagnosticError(.error(summary, detail, at: block.id.span))
        }
        let given = try cells.evaluator(block.id.file, in: cells.root, repetition: repetition).value(of: block.id.expression)
        if given.isNull { throw fault("The import ID cannot be null.") }
        let text: Value
        do throws(ConversionError) {
            text = try given.converted(to: .string)
        } catch {
            throw fault("Invalid expression value: string required.", "Incorrect value type")
        }
        guard !text.isUnknown else {
            if isValidating { return nil }
            throw fault(
                "The import block \"id\" argument depends on resource attributes that cannot be determined until apply, so this object cannot be planned to be imported."
            ).caused(by: .notKnownYet)
        }
        guard let id = text.stringValue, !id.isEmpty else {
            throw fault("The import ID value evaluates to an empty string, please provide a non-empty value.")
        }
        return id
    }
}
