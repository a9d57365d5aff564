import Diagnostics
import ProviderKit
import Values

/// What an object would become, from the schema alone: no connection, nothing but values.
struct Proposer {
    let resource: ResourceManifest
    let functions: ManifestFunctions
    /// The provider's settings, as far as known.
    let settings: Value

    func proposal(_ desired: Desired, from prior: RemoteObject?) throws(DiagnosticError) -> Proposal {
        let before = prior?.attributes
        var planned = try block(
            resource.body, configuration: desired.configuration, prior: before, config: desired.configuration)
        guard let before, !planned.isUnknown else {
            return Proposal(planned: planned, privateBytes: prior?.privateBytes ?? [])
        }
        planned = try keepingUnchanged(planned, before, desired.configuration)
        return Proposal(planned: planned, privateBytes: prior?.privateBytes ?? [], replaces: try replacements(planned, before))
    }

    // MARK: One block

    /// - Parameters:
    ///   - configuration: the block's own part of the configuration.
    ///   - config: the whole resource's configuration, for expressions.
    private func block(_ manifest: BlockManifest, configuration: Value, prior: Value?, config: Value) throws(DiagnosticError) -> Value {
        if configuration.isUnknown || configuration.isNull { return configuration }
        var slots: [String: Value] = [:]
        for attribute in manifest.attributes {
            let given = configuration[attribute.name] ?? .null(attribute.schema.type)
            let before = prior?[attribute.name]
            if attribute.schema.isWriteOnly {
                slots[attribute.name] = .null(attribute.schema.type)
            } else if !given.isNull {
                slots[attribute.name] = try settled(given, before, attribute)
            } else if attribute.value != nil || attribute.fallback != nil {
                // Worked out below, from the others.
                continue
            } else if attribute.schema.isComputed {
                slots[attribute.name] = before ?? .unknown(attribute.schema.type)
            } else {
                slots[attribute.name] = given
            }
        }
        for nested in manifest.blocks {
            let given = configuration[nested.name] ?? .null(nested.schema.impliedType)
            slots[nested.name] = try self.nested(nested, given, prior?[nested.name], config: config)
        }
        try derive(manifest.derived, into: &slots, prior: prior, config: config)
        return Value.object(slots.map { ($0.key, $0.value) }).withMarks(configuration.marks)
    }

    /// Defaults and computed expressions of what is not given, in an order in which each finds what it refers to (the reader has refused cycles).
    private func derive(_ attributes: [AttributeManifest], into slots: inout [String: Value], prior: Value?, config: Value)
        throws(DiagnosticError)
    {
        let own: [String: Value] = ["prior": prior ?? .null, "config": config, "setting": settings]
        var evaluation = RecipeEvaluation(scope: RecipeScope(names: [:]), functions: functions)
        for attribute in attributes where slots[attribute.name] == nil {
            guard let expression = attribute.fallback ?? attribute.value else { continue }
            if evaluation.scope.names.isEmpty { evaluation.scope.names = slots.merging(own) { _, own in own } }
            var value = try evaluation.value(expression, as: attribute.schema.type, what: attribute.name)
            if attribute.schema.isSensitive { value = value.marked(.sensitive) }
            value = try settled(value, prior?[attribute.name], attribute)
            slots[attribute.name] = value
            if own[attribute.name] == nil { evaluation.scope.names[attribute.name] = value }
        }
    }

    /// The prior value where the new one means the same.
    private func settled(_ given: Value, _ prior: Value?, _ attribute: AttributeManifest) throws(DiagnosticError) -> Value {
        guard let prior, !prior.isNull, given != prior else { return given }
        if attribute.isHost {
            // A host is compared by identity, never by how it is reached.
            guard let id = given["id"], id.stringValue != nil, id.withMarks([]) == prior["id"]?.withMarks([]) else { return given }
            return prior
        }
        guard given.isWhollyKnown, given.marks == prior.marks else { return given }
        if attribute.schema.isUnordered, let a = given.elements, let b = prior.elements, a.count == b.count,
            Self.sameElements(a, b)
        {
            return prior
        }
        if let normalize = attribute.normalize {
            let a = try normalized(given, normalize)
            let b = try normalized(prior, normalize)
            if a == b { return prior }
        }
        return given
    }

    private static func sameElements(_ a: ContiguousArray<Value>, _ b: ContiguousArray<Value>) -> Bool {
        var counts: [Value: Int] = [:]
        for value in a { counts[value, default: 0] += 1 }
        for value in b {
            guard let count = counts[value], count > 0 else { return false }
            counts[value] = count - 1
        }
        return true
    }

    private func normalized(_ value: Value, _ expression: Sourced) throws(DiagnosticError) -> Value {
        try RecipeEvaluation(scope: RecipeScope(names: ["value": value]), functions: functions).value(expression)
    }

    // MARK: Nested blocks

    private func nested(_ nested: NestedBlockManifest, _ given: Value, _ prior: Value?, config: Value) throws(DiagnosticError) -> Value {
        if given.isUnknown { return given }
        let isAbsent = given.isNull || given.elements?.isEmpty == true
        if isAbsent, nested.schema.isComputed { return prior ?? .unknown(nested.schema.impliedType) }
        if given.isNull { return given }
        switch nested.schema.nesting {
        case .single, .group, .map:
            return try block(nested.body, configuration: given, prior: prior?.isNull == true ? nil : prior, config: config)
        case .list:
            var values: [Value] = []
            for (index, element) in (given.elements ?? []).enumerated() {
                let before = prior?.elements.flatMap { $0.indices.contains(index) ? $0[index] : nil }
                values.append(try block(nested.body, configuration: element, prior: before, config: config))
            }
            return Value.list(values, of: nested.schema.block.impliedType).withMarks(given.marks)
        case .set:
            var rest = Array(prior?.elements ?? [])
            var values: [Value] = []
            for element in given.elements ?? [] {
                let match = rest.firstIndex { Self.agrees(element, with: $0, nested.body) }
                let before = match.map { rest.remove(at: $0) }
                values.append(try block(nested.body, configuration: element, prior: before, config: config))
            }
            return Value.set(values, of: nested.schema.block.impliedType).marked(given.marks)
        }
    }

    /// Whether a prior element has all that the configuration says of one.
    private static func agrees(_ given: Value, with prior: Value, _ manifest: BlockManifest) -> Bool {
        manifest.attributes.allSatisfy { attribute in
            guard let value = given[attribute.name], !value.isNull else { return true }
            return value == prior[attribute.name]
        }
    }

    // MARK: Against the prior object

    /// Makes computed attributes unknown again that follow a change; an object without a change stays exactly what it was.
    private func keepingUnchanged(_ planned: Value, _ prior: Value, _ config: Value) throws(DiagnosticError) -> Value {
        var changed: Set<String> = []
        // That a value is secret now, and was not before, changes nothing that the service could answer to.
        func value(_ name: String, of object: Value) -> Value? { object[name]?.withoutMarks([.sensitive]) }
        for attribute in resource.body.attributes where value(attribute.name, of: planned) != value(attribute.name, of: prior) {
            changed.insert(attribute.name)
        }
        for block in resource.body.blocks where planned[block.name] != prior[block.name] { changed.insert(block.name) }
        if changed.isEmpty { return planned }
        var slots = planned.entries ?? []
        for index in slots.indices {
            guard let attribute = resource.body.attribute(slots[index].key), attribute.schema.isComputed, let rule = attribute.recompute
            else { continue }
            guard (config[attribute.name] ?? .null).isNull, attribute.value == nil else { continue }
            switch rule {
            case .onAnyChange: slots[index].value = .unknown(attribute.schema.type)
            case .onChangeOf(let names):
                if !changed.isDisjoint(with: names) { slots[index].value = .unknown(attribute.schema.type) }
            }
        }
        return Value.object(slots.map { ($0.key, $0.value) }).withMarks(planned.marks)
    }

    private func replacements(_ planned: Value, _ prior: Value) throws(DiagnosticError) -> [Path] {
        var paths: [Path] = []
        for attribute in resource.body.attributes {
            guard let rule = attribute.replaces, let after = planned[attribute.name], let before = prior[attribute.name], after != before
            else { continue }
            // A change of marks alone means no other object.
            if after.isWhollyKnown, after.withoutMarks([.sensitive, .ephemeral]) == before.withoutMarks([.sensitive, .ephemeral]) {
                continue
            }
            if attribute.isHost, let new = after["id"], new.isWhollyKnown, new.withMarks([]) == before["id"]?.withMarks([]) { continue }
            switch rule {
            case .always: paths.append([.attribute(attribute.name)])
            case .when(let condition):
                let evaluation = RecipeEvaluation(
                    scope: RecipeScope(names: ["prior": prior, "planned": planned, "setting": settings], subject: planned),
                    functions: functions)
                if try evaluation.condition(condition, what: "replaces") ?? true { paths.append([.attribute(attribute.name)]) }
            }
        }
        for block in resource.body.blocks where block.replaces && planned[block.name] != prior[block.name] {
            paths.append([.attribute(block.name)])
        }
        return paths
    }
}
