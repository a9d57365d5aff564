/// A value that is not of the type asked for and cannot be made so.
public struct ConversionError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Where in the value; empty for the value itself.
    public let path: Path
    /// In the reference's words: "a number is required".
    public let message: String

    public init(path: Path = [], message: String) {
        self.path = path
        self.message = message
    }

    /// As the reference writes it: `.a[0]: a number is required`.
    public var description: String {
        if path.steps.isEmpty { return message }
        if case .attribute = path.steps[0] { return ".\(path): \(message)" }
        return "\(path): \(message)"
    }
}

extension Value {
    /// This value as one of the type, by the language's rules: `"1"` becomes the number 1, a tuple a list, missing optional attributes
    /// null or their default, attributes not asked for are dropped. Unknown values stay unknown, marks are kept.
    public func converted(to type: ValueType) throws(ConversionError) -> Value {
        if isAlready(type) { return self }
        var conversion = Conversion()
        do throws(ConversionError) {
            return try conversion.convert(self, to: type)
        } catch {
            // A type that could never fit is told before any fault of a value.
            let own = self.type
            if !own.canConvert(to: type) { throw ConversionError(message: own.mismatchMessage(wanted: type)) }
            throw error
        }
    }
}

extension Value {
    /// Whether conversion would change nothing; found without walking through collections.
    private func isAlready(_ type: ValueType) -> Bool {
        switch (node, type) {
        case (_, .dynamic), (.bool, .bool), (.number, .number), (.string, .string): return true
        case (.list(let elements), .list(let element)), (.set(let elements), .set(let element)):
            return elements.elementType.type == element && !element.holdsDynamic
        case (.map(let map), .map(let element)): return map.elementType.type == element && !element.holdsDynamic
        case (.tuple(let values), .tuple(let types)):
            return values.count == types.count && values.indices.allSatisfy { values[$0].isAlready(types[$0]) }
        case (.object(let object), .object(let type)):
            guard object.shape === type.shape || object.shape.names == type.shape.names else { return false }
            return object.slots.indices.allSatisfy { index in
                let attribute = type.attributes[index]
                return (attribute.defaultValue == nil || !object.slots[index].isNull) && object.slots[index].isAlready(attribute.type)
            }
        case (.null(let box), _): return box.type == type && !type.holdsDynamic
        default: return false
        }
    }
}

private struct Conversion {
    var path = Path()

    func failure(_ message: String) -> ConversionError { ConversionError(path: path, message: message) }

    mutating func convert(_ value: Value, to wanted: ValueType) throws(ConversionError) -> Value {
        switch (value.node, wanted) {
        case (_, .dynamic), (.string, .string), (.number, .number), (.bool, .bool): return value
        case (.null(let box), _):
            guard box.type.canConvert(to: wanted) else { throw failure(box.type.mismatchMessage(wanted: wanted)) }
            return Value.null(box.type.fillingDynamic(of: wanted)).withMarks(value.marks)
        case (.unknown(let unknown), _):
            guard unknown.type.canConvert(to: wanted) else { throw failure(unknown.type.mismatchMessage(wanted: wanted)) }
            return unknown.converted(to: wanted).withMarks(value.marks)
        case (.string(let text), .number):
            guard let number = Number(decimal: text) else { throw failure("a number is required") }
            return Value.number(number).withMarks(value.marks)
        case (.string(let text), .bool): return Value.bool(try bool(text)).withMarks(value.marks)
        case (.number(let number), .string): return .normalized(number.description, marks: value.marks)
        case (.bool(let bool), .string): return .normalized(bool ? "true" : "false", marks: value.marks)
        case (.set(let elements), .list(let element)) where elements.values.count > 1 && !value.isWhollyKnown:
            // Unknown elements may turn out to be equal to others: how long the list will be is not known.
            guard elements.elementType.type.canConvert(to: element) else { throw failure(value.type.mismatchMessage(wanted: wanted)) }
            return Value.unknown(.list(elements.elementType.type.fillingDynamic(of: element)), .notNull).withMarks(value.allMarks)
        case (.list(let elements), .list(let element)), (.set(let elements), .list(let element)):
            let source = Source(values: elements.values, isSet: value.isSet, elementType: elements.elementType.type)
            return try list(source, of: element).withMarks(value.marks)
        case (.tuple(let elements), .list(let element)): return try list(Source(values: elements), of: element).withMarks(value.marks)
        case (.list(let elements), .set(let element)), (.set(let elements), .set(let element)):
            let source = Source(values: elements.values, isSet: value.isSet, elementType: elements.elementType.type)
            return try set(source, of: element).marked(value.marks)
        case (.tuple(let elements), .set(let element)): return try set(Source(values: elements), of: element).marked(value.marks)
        case (.tuple(let elements), .tuple(let types)):
            guard elements.count == types.count else { throw failure("tuple required") }
            var values = ContiguousArray<Value>()
            values.reserveCapacity(elements.count)
            for index in elements.indices { values.append(try convert(elements[index], to: types[index], at: .index(index))) }
            return Value.tuple(values).withMarks(value.marks)
        case (.map(let map), .map(let element)):
            let values = try convertEntries(map.entries, to: element, given: map.elementType.type)
            return values.withMarks(value.marks)
        case (.object(let object), .map(let element)):
            let entries = ContiguousArray(zip(object.shape.names, object.slots).map { Value.Entry(key: $0, value: $1) })
            return try convertEntries(entries, to: element, given: nil).withMarks(value.marks)
        case (.object(let object), .object(let type)):
            return try toObject(type) { object.shape.index(of: $0).map { object.slots[$0] } }.withMarks(value.marks)
        case (.map, .object(let type)): return try toObject(type, fromMap: true) { value[$0] }.withMarks(value.marks)
        default: throw failure(value.type.mismatchMessage(wanted: wanted))
        }
    }

    private mutating func convert(_ value: Value, to wanted: ValueType, at step: Path.Step) throws(ConversionError) -> Value {
        path.steps.append(step)
        let result = try convert(value, to: wanted)
        path.steps.removeLast()
        return result
    }

    private func bool(_ text: String) throws(ConversionError) -> Bool {
        switch text {
        case "true", "1": return true
        case "false", "0": return false
        case "True", "TRUE": throw failure("a bool is required; to convert from string, use lowercase \"true\"")
        case "False", "FALSE": throw failure("a bool is required; to convert from string, use lowercase \"false\"")
        default: throw failure("a bool is required")
        }
    }

    /// What elements come from.
    private struct Source {
        let values: ContiguousArray<Value>
        var isSet = false
        /// Of a collection; nil of a tuple.
        var elementType: ValueType?
    }

    private mutating func list(_ source: Source, of element: ValueType) throws(ConversionError) -> Value {
        var (values, element) = try elements(source, to: element)
        if values.isEmpty { return Value.list(values, of: element) }
        if element.holdsDynamic {
            guard let type = unify(values.map(\.type)) else {
                path.steps.append(.index(values.count - 1))
                throw failure("cannot find a common base type for all elements")
            }
            for index in values.indices { values[index] = try convert(values[index], to: type, at: .index(index)) }
            element = try settle(&values, "element types must all match for conversion to list")
        }
        return Value.list(values, of: element.withoutOptionalAttributes)
    }

    private mutating func set(_ source: Source, of element: ValueType) throws(ConversionError) -> Value {
        var (values, element) = try elements(source, to: element)
        if element.holdsDynamic, !values.isEmpty { element = try settle(&values, "element types must all match for conversion to set") }
        return Value.set(values, of: element.withoutOptionalAttributes)
    }

    /// The elements converted, and to what: where the wanted type is `any`, to what all the given types have in common.
    private mutating func elements(_ source: Source, to wanted: ValueType) throws(ConversionError) -> (ContiguousArray<Value>, ValueType) {
        if source.values.isEmpty { return ([], try emptyElementType(source.elementType, wanted)) }
        var element = wanted
        if case .dynamic = wanted {
            guard let type = source.elementType ?? ValueType.common(source.values.map(\.type)) else {
                throw failure("cannot find a common base type for all elements")
            }
            element = type
        }
        var result = ContiguousArray<Value>()
        result.reserveCapacity(source.values.count)
        for (index, value) in source.values.enumerated() {
            result.append(try convert(value, to: element, at: source.isSet ? .element(value) : .index(index)))
        }
        return (result, element)
    }

    /// An empty collection must be convertible too, as if it had elements.
    private func emptyElementType(_ given: ValueType?, _ wanted: ValueType) throws(ConversionError) -> ValueType {
        guard let given else { return wanted.withoutOptionalAttributes }
        guard given.canConvert(to: wanted) else { throw failure(given.mismatchMessage(wanted: wanted)) }
        return given.fillingDynamic(of: wanted)
    }

    private mutating func convertEntries(
        _ entries: ContiguousArray<Value.Entry>, to wanted: ValueType, given: ValueType?
    ) throws(ConversionError) -> Value {
        if entries.isEmpty { return Value.map([], of: try emptyElementType(given, wanted)) }
        var element = wanted
        if case .dynamic = wanted {
            guard let type = given ?? unify(entries.map(\.value.type)) else {
                throw failure("cannot find a common base type for all elements")
            }
            element = type
        }
        var values = ContiguousArray<Value>()
        values.reserveCapacity(entries.count)
        for entry in entries { values.append(try convert(entry.value, to: element, at: .key(entry.key))) }
        if element.holdsDynamic {
            guard let type = unify(values.map(\.type)) else { throw failure("cannot find a common base type for all elements") }
            for index in values.indices { values[index] = try convert(values[index], to: type, at: .key(entries[index].key)) }
            element = try settle(&values, "attribute types must all match for conversion to map")
        }
        return Value.map(zip(entries.lazy.map(\.key), values).map { ($0, $1) }, of: element.withoutOptionalAttributes)
    }

    /// The one type that all elements have. Untyped nulls and unknowns take it on.
    private func settle(_ values: inout ContiguousArray<Value>, _ message: String) throws(ConversionError) -> ValueType {
        let types = values.map(\.type)
        guard let type = types.first(where: { $0 != .dynamic }) else { return .dynamic }
        for index in values.indices where types[index] != type {
            guard case .dynamic = types[index] else { throw failure(message) }
            let typed = values[index].isNull ? Value.null(type) : Value.unknown(type)
            values[index] = typed.withMarks(values[index].marks)
        }
        return type
    }

    private mutating func toObject(
        _ type: ObjectType, fromMap: Bool = false, _ find: (String) -> Value?
    ) throws(ConversionError) -> Value {
        var slots = ContiguousArray<Value>()
        slots.reserveCapacity(type.attributes.count)
        for attribute in type.attributes {
            let given = find(attribute.name)
            if let defaultValue = attribute.defaultValue, given?.isNull ?? true {
                slots.append(try convert(defaultValue, to: attribute.type, at: .attribute(attribute.name)))
            } else if let given {
                slots.append(try convert(given, to: attribute.type, at: fromMap ? .key(attribute.name) : .attribute(attribute.name)))
            } else if attribute.isOptional {
                slots.append(.null(attribute.type.withoutOptionalAttributes))
            } else {
                let name = quotedForMessages(attribute.name)
                throw failure(fromMap ? "map has no element for required attribute \(name)" : "attribute \(name) is required")
            }
        }
        return Value.object(shape: type.shape, slots: slots)
    }
}

extension Value { fileprivate var isSet: Bool { if case .set = node { true } else { false } } }

extension Unknown {
    /// Unknown of the wanted type, with what of the refinement still holds.
    fileprivate func converted(to wanted: ValueType) -> Value {
        let result = type.fillingDynamic(of: wanted)
        // The very object: planning tells containers apart by theirs.
        if result == type { return Value(.unknown(self), marks: [], beneath: []) }
        var kept = Refinement()
        kept.isNotNull = refinement.isNotNull
        switch (type, result) {
        case (.list, .list), (.set, .list), (.set, .set), (.map, .map):
            kept.minimumLength = refinement.minimumLength
            kept.maximumLength = refinement.maximumLength
        case (.list, .set):
            // Equal elements become one.
            kept.minimumLength = refinement.minimumLength.map { min($0, 1) }
            kept.maximumLength = refinement.maximumLength
        case (.tuple(let types), .list):
            kept.minimumLength = types.count
            kept.maximumLength = types.count
        case (.tuple(let types), .set):
            kept.minimumLength = min(types.count, 1)
            kept.maximumLength = types.count
        case (.object(let object), .map):
            kept.minimumLength = object.attributes.count
            kept.maximumLength = object.attributes.count
        default: break
        }
        return Value.unknown(result, kept)
    }
}
