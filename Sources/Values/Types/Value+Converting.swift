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

    public var description: String { path.steps.isEmpty ? message : "\(path): \(message)" }
}

extension Value {
    /// This value as one of the type, by the language's rules: `"1"` becomes the number 1, a tuple a list, missing optional attributes
    /// null or their default, attributes not asked for are dropped. Unknown values stay unknown, marks are kept.
    public func converted(to type: ValueType) throws(ConversionError) -> Value {
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
        case (.number(let number), .string): return Value(.string(number.description), marks: value.marks, beneath: [])
        case (.bool(let bool), .string): return Value(.string(bool ? "true" : "false"), marks: value.marks, beneath: [])
        case (.list(let elements), .list(let element)), (.set(let elements), .list(let element)):
            let values = try convertAll(elements.values, to: element, isSet: value.isSet, given: elements.elementType.type)
            return Value.list(values.0, of: values.1).withMarks(value.marks)
        case (.list(let elements), .set(let element)), (.set(let elements), .set(let element)):
            let values = try convertAll(elements.values, to: element, isSet: value.isSet, given: elements.elementType.type)
            return Value.set(values.0, of: values.1).marked(value.marks)
        case (.tuple(let elements), .list(let element)):
            let values = try convertAll(elements, to: element, isSet: false, given: nil)
            return Value.list(values.0, of: values.1).withMarks(value.marks)
        case (.tuple(let elements), .set(let element)):
            let values = try convertAll(elements, to: element, isSet: false, given: nil)
            return Value.set(values.0, of: values.1).marked(value.marks)
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

    /// Elements for a list or set, and their type: what is left open in `element` is settled by unifying.
    /// - Parameter given: the element type of the collection they come from.
    private mutating func convertAll(
        _ values: ContiguousArray<Value>, to element: ValueType, isSet: Bool, given: ValueType?
    ) throws(ConversionError) -> (ContiguousArray<Value>, ValueType) {
        if values.isEmpty { return ([], given?.fillingDynamic(of: element) ?? element.withoutOptionalAttributes) }
        var result = ContiguousArray<Value>()
        result.reserveCapacity(values.count)
        for index in values.indices {
            result.append(try convert(values[index], to: element, at: isSet ? .element(values[index]) : .index(index)))
        }
        guard element.holdsDynamic else { return (result, element.withoutOptionalAttributes) }
        let type = try unified(result.map(\.type), wanted: element)
        for index in result.indices { result[index] = try convert(result[index], to: type, at: .index(index)) }
        return (result, type)
    }

    private mutating func convertEntries(
        _ entries: ContiguousArray<Value.Entry>, to element: ValueType, given: ValueType?
    ) throws(ConversionError) -> Value {
        if entries.isEmpty { return Value.map([], of: given?.fillingDynamic(of: element) ?? element.withoutOptionalAttributes) }
        var values = ContiguousArray<Value>()
        values.reserveCapacity(entries.count)
        for entry in entries { values.append(try convert(entry.value, to: element, at: .key(entry.key))) }
        var type = element.withoutOptionalAttributes
        if element.holdsDynamic {
            type = try unified(values.map(\.type), wanted: element)
            for index in values.indices { values[index] = try convert(values[index], to: type, at: .key(entries[index].key)) }
        }
        return Value.map(zip(entries.lazy.map(\.key), values).map { ($0, $1) }, of: type)
    }

    private func unified(_ types: [ValueType], wanted: ValueType) throws(ConversionError) -> ValueType {
        guard let type = unify(types) else { throw failure("all elements must have the same type") }
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
        return Value.object(shape: Shape(sortedNames: type.attributes.map(\.name)), slots: slots)
    }
}

extension Value { fileprivate var isSet: Bool { if case .set = node { true } else { false } } }

extension Unknown {
    /// Unknown of the wanted type, with what of the refinement still holds.
    fileprivate func converted(to wanted: ValueType) -> Value {
        let result = type.fillingDynamic(of: wanted)
        if result == type { return Value.unknown(type, refinement) }
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
