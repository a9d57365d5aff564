import Addresses
import ProviderKit
import Values

/// A type whose plan follows from its schema: arguments with defaults, of which those that force replacement do; everything computed is
/// unknown until it is created, and stays. A change of a block forces replacement.
protocol PlainType: BuiltinType {
    /// Of arguments that are optional and computed.
    var defaults: [String: Value] { get }
    /// A map of which entries that are null count as absent when it is compared.
    var keepersArgument: String? { get }
}

extension PlainType {
    var defaults: [String: Value] { [:] }
    var keepersArgument: String? { nil }

    func propose(_ configuration: Value, from prior: Value?) throws(ProviderFailure) -> Proposal {
        plainProposal(configuration, from: prior)
    }

    func plainProposal(_ configuration: Value, from prior: Value?) -> Proposal {
        var arguments: [String: Value] = [:]
        var replaces: [Path] = []
        for attribute in schema.block.attributes where attribute.isSettable {
            var value = configuration[attribute.name] ?? .null(attribute.type)
            if value.isNull, let fallback = defaults[attribute.name] { value = fallback }
            // Optional and computed, without a default: what it turned out to be stays.
            if value.isNull, attribute.isComputed, let known = prior?[attribute.name] { value = known }
            if value.isNull, attribute.isComputed, prior == nil { value = .unknown(attribute.type, .notNull) }
            arguments[attribute.name] = value
            if attribute.forcesReplacement, let prior, !isSame(prior[attribute.name], value, attribute) {
                replaces.append(.attribute(attribute.name))
            }
        }
        for block in schema.block.blocks {
            let value = configuration[block.name] ?? .null(block.impliedType)
            arguments[block.name] = value
            if let prior, (prior[block.name] ?? .null(block.impliedType)).unmarked != value.unmarked {
                replaces.append(.attribute(block.name))
            }
        }
        let keeps = prior != nil && replaces.isEmpty
        let planned = schema.block.attributes.map { attribute -> (String, Value) in
            if let value = arguments[attribute.name] { return (attribute.name, value) }
            if keeps, let value = prior?[attribute.name] { return (attribute.name, value) }
            return (attribute.name, .unknown(attribute.type, .notNull))
        }
        let blocks = schema.block.blocks.compactMap { block in arguments[block.name].map { (block.name, $0) } }
        return Proposal(planned: .object(planned + blocks), replaces: replaces)
    }

    private func isSame(_ prior: Value?, _ new: Value, _ attribute: AttributeSchema) -> Bool {
        let old = (prior ?? .null(attribute.type)).unmarked
        let new = new.unmarked
        if attribute.name == keepersArgument { return old.withoutNullEntries == new.withoutNullEntries }
        return old == new
    }
}

extension Value {
    var unmarked: Value { withoutMarks([.sensitive, .ephemeral]) }

    /// Entries of a map that are not null, as a map; none where the map itself is null.
    fileprivate var withoutNullEntries: Value {
        if isUnknown { return self }
        return .map((entries ?? []).filter { !$0.value.isNull }.map { ($0.key, $0.value) }, of: .string)
    }

    /// The object with some of its attributes replaced.
    func setting(_ replacements: [String: Value]) -> Value {
        guard case .object(let object) = node else { return self }
        var slots = object.slots
        for (name, value) in replacements { if let index = object.shape.index(of: name) { slots[index] = value } }
        return .object(shape: object.shape, slots: slots)
    }

    func string(_ name: String) -> String? { self[name]?.unmarked.stringValue }
    func int(_ name: String) -> Int? { self[name]?.unmarked.intValue }
    func bool(_ name: String) -> Bool? { self[name]?.unmarked.boolValue }
}
