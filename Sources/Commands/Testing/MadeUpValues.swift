import ProviderKit
import Values

/// Fills in what a provider would decide: from given values, else with something of the right type.
struct MadeUpValues {
    let given: MockValues?

    /// What a create or an update would give: what is not configured stays as it is, and is unknown where there is nothing yet.
    ///
    /// - Parameter isKnown: values are made up already.
    func planned(_ desired: Value, from prior: Value?, _ block: BlockSchema, isKnown: Bool) throws(ProviderFailure) -> Value {
        guard case .object(let object) = desired.node else { return desired }
        var slots = object.slots
        for (index, name) in object.shape.names.enumerated() {
            guard let attribute = block.attribute(name), attribute.isComputed, slots[index].isNull else { continue }
            if let known = prior?[name], !known.isNull { slots[index] = known } else { slots[index] = .unknown(attribute.type) }
        }
        let planned = Value.object(shape: object.shape, slots: slots)
        return isKnown ? try filled(planned, block) : planned
    }

    /// Without unknowns.
    func filled(_ planned: Value, _ block: BlockSchema) throws(ProviderFailure) -> Value {
        guard case .object(let object) = planned.node else { return planned }
        var slots = object.slots
        for (index, name) in object.shape.names.enumerated() {
            guard let attribute = block.attribute(name), slots[index].isUnknown else { continue }
            slots[index] = try value(of: attribute)
        }
        return .object(shape: object.shape, slots: slots)
    }

    /// Of a data source: whatever it computes.
    func read(_ configuration: Value, _ block: BlockSchema) throws(ProviderFailure) -> Value {
        try filled(try planned(configuration, from: nil, block, isKnown: false), block)
    }

    private func value(of attribute: AttributeSchema) throws(ProviderFailure) -> Value {
        guard let written = given?.values[attribute.name] else { return Self.anything(attribute.type) }
        do throws(ConversionError) {
            return try written.converted(to: attribute.type)
        } catch {
            throw ProviderFailure(
                .invalidConfiguration, summary: "Failed to compute attribute",
                detail:
                    "The value that the test gives for the attribute \"\(attribute.name)\" is not suitable for its type, \(attribute.type.friendlyName): \(error.message)."
            )
        }
    }

    /// Text is drawn, so that two objects differ; everything else is as empty as its type allows.
    static func anything(_ type: ValueType) -> Value {
        switch type {
        case .dynamic: return .null
        case .bool: return .bool(false)
        case .number: return .int(0)
        case .string: return .string(String((0..<8).map { _ in "abcdefghijklmnopqrstuvwxyz0123456789".randomElement() ?? "a" }))
        case .list(let element): return .list([], of: element)
        case .map(let element): return .map([], of: element)
        case .set:
            // Of no elements, converted: an empty set of its type.
            return (try? Value.tuple([]).converted(to: type)) ?? .null(type)
        case .tuple(let elements): return .tuple(elements.map(anything))
        case .object(let object): return .object(object.attributes.map { ($0.name, anything($0.type)) })
        }
    }
}
