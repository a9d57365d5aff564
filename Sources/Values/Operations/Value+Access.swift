extension Value {
    /// `value[key]`: an element of a list or tuple, an entry of a map, an attribute of an object. Marks of this node and of the key go to the result.
    public func indexed(by key: Value) throws(OperationError) -> Value {
        let added = marks.union(key.allMarks)
        switch node {
        case .null:
            throw OperationError(summary: "Attempt to index null value", detail: "This value is null, so it does not have any indices.")
        case _ where key.isNull: throw OperationError(summary: "Invalid index", detail: "Can't use a null value as an indexing key.")
        case .list(let elements):
            let index = try key.asKey(.number)
            guard let number = index.numberValue else { return Value.unknown(elements.elementType.type).marked(added) }
            return try Value.element(of: elements.values, at: number, key: key).marked(added)
        case .tuple(let values):
            let index = try key.asKey(.number)
            guard let number = index.numberValue else { return Value.unknown.marked(added) }
            return try Value.element(of: values, at: number, key: key).marked(added)
        case .map(let map):
            let name = try key.asKey(.string)
            guard let text = name.stringValue else { return Value.unknown(map.elementType.type).marked(added) }
            guard let value = self[text] else { throw Value.noElement() }
            return value.marked(added)
        case .object:
            let name = try key.asKey(.string)
            guard let text = name.stringValue else { return Value.unknown.marked(added) }
            guard let value = self[text] else {
                throw key.numberValue == nil
                    ? Value.noElement()
                    : OperationError(
                        summary: "Invalid index",
                        detail: Value.noElementText
                            + ". An object only supports looking up attributes by name, not by numeric index.")
            }
            return value.marked(added)
        case .unknown(let unknown): return try unknown.indexed(by: key).marked(added)
        case .set: throw Value.setHasNoIndices
        case .bool, .number, .string: throw OperationError(summary: "Invalid index", detail: "This value does not have any indices.")
        }
    }

    /// `value.name`: an attribute of an object or an entry of a map. Marks of this node go to the result.
    public func attribute(named name: String) throws(OperationError) -> Value {
        switch node {
        case .null:
            throw OperationError(
                summary: "Attempt to get attribute from null value", detail: "This value is null, so it does not have any attributes.")
        case .object:
            guard let value = self[name] else { throw Value.noAttribute(name) }
            return value.marked(marks)
        case .map:
            guard let value = self[name] else {
                throw OperationError(
                    summary: "Missing map element", detail: "This map does not have an element with the key \(quotedForMessages(name)).")
            }
            return value.marked(marks)
        case .unknown(let unknown):
            switch unknown.type {
            case .dynamic: return Value.unknown.withMarks(marks)
            case .map(let element): return Value.unknown(element).withMarks(marks)
            case .object(let object):
                guard let attribute = object.attribute(name) else { throw Value.noAttribute(name) }
                return Value.unknown(attribute.type).withMarks(marks)
            default: throw Value.noAttributes(of: unknown.type, name)
            }
        default: throw Value.noAttributes(of: type, name)
        }
    }

    /// How many elements a list, set, tuple, map or object has: 64 bits' precision. Unknown, within bounds, where elements of a set or
    /// the whole are not known. Marks of this node go to it.
    public var length: Value {
        get throws(OperationError) {
            let count: Int
            switch node {
            case .list(let elements): count = elements.values.count
            case .tuple(let values): count = values.count
            case .map(let map): count = map.entries.count
            case .object(let object): count = object.slots.count
            case .set(let elements):
                count = elements.values.count
                if beneath.contains(.unknown), count > 1 { return Value.unknownLength(1, count).withMarks(marks) }
            case .unknown(let unknown):
                switch unknown.type {
                case .tuple(let types): count = types.count
                case .object(let object): count = object.attributes.count
                case .list, .set, .map, .dynamic:
                    let refinement = unknown.refinement
                    return Value.unknownLength(refinement.minimumLength ?? 0, refinement.maximumLength).withMarks(marks)
                default: throw Value.noLength
                }
            case .bool, .number, .string, .null: throw Value.noLength
            }
            return Value.number(Number(exactly: Int64(count))).withMarks(marks)
        }
    }

    private static func unknownLength(_ minimum: Int, _ maximum: Int?) -> Value {
        if minimum == maximum { return .number(Number(exactly: Int64(minimum))) }
        var refinement = Refinement.notNull
        refinement.lowerBound = .init(value: Number(exactly: Int64(minimum)), isInclusive: true)
        refinement.upperBound = maximum.map { .init(value: Number(exactly: Int64($0)), isInclusive: true) }
        return .unknown(.number, refinement)
    }

    private static var noLength: OperationError {
        OperationError(summary: "Invalid operand", detail: "A collection or structural value is required.")
    }

    static let noElementText = "The given key does not identify an element in this collection value"

    static func noElement(_ reason: String? = nil) -> OperationError {
        OperationError(summary: "Invalid index", detail: reason.map { "\(noElementText): \($0)." } ?? noElementText + ".")
    }

    static var setHasNoIndices: OperationError {
        OperationError(
            summary: "Invalid index",
            detail: "Elements of a set are identified only by their value and don't have any separate index or key to select with, so it's "
                + "only possible to perform operations across all elements of the set.")
    }

    private static func noAttribute(_ name: String) -> OperationError {
        OperationError(summary: "Unsupported attribute", detail: "This object does not have an attribute named \(quotedForMessages(name)).")
    }

    private static func noAttributes(of type: ValueType, _ name: String) -> OperationError {
        let detail =
            switch type {
            case .list(.object):
                "Can't access attributes on a list of objects. Did you mean to access attribute \(quotedForMessages(name)) for a specific "
                    + "element of the list, or across all elements of the list?"
            case .set(.object):
                "Can't access attributes on a set of objects. Did you mean to access an attribute across all elements of the set?"
            case .bool, .number, .string: "Can't access attributes on a primitive-typed value (\(type.friendlyName))."
            default: "This value does not have any attributes."
            }
        return OperationError(summary: "Unsupported attribute", detail: detail)
    }

    /// The key as a number or string.
    func asKey(_ type: ValueType) throws(OperationError) -> Value {
        do throws(ConversionError) {
            return try converted(to: type)
        } catch {
            throw Value.noElement(error.message)
        }
    }

    /// - Parameter key: where it is marked, messages tell nothing of it.
    private static func element(of values: ContiguousArray<Value>, at index: Number, key: Value) throws(OperationError) -> Value {
        if let position = index.exactInt, values.indices.contains(position) { return values[position] }
        if values.isEmpty { throw noElement("the collection has no elements") }
        if !key.marks.isEmpty { throw noElement() }
        if !index.isInteger, !index.isInfinite {
            throw noElement("indexing a sequence requires a whole number, but the given index has a fractional part")
        }
        if index.isNegative { throw noElement("a negative number is not a valid index for a sequence") }
        throw noElement("the given index is greater than or equal to the length of the collection")
    }
}

extension Unknown {
    fileprivate func indexed(by key: Value) throws(OperationError) -> Value {
        switch type {
        case .dynamic: return .unknown
        case .list(let element):
            _ = try key.asKey(.number)
            return .unknown(element)
        case .map(let element):
            _ = try key.asKey(.string)
            return .unknown(element)
        case .tuple(let types):
            guard let number = try key.asKey(.number).numberValue else { return .unknown }
            guard let index = number.exactInt, types.indices.contains(index) else { throw Value.noElement() }
            return .unknown(types[index])
        case .object(let object):
            // Unlike `.name`, a key that the type does not have is refused only when the object is there.
            guard let name = try key.asKey(.string).stringValue, let attribute = object.attribute(name) else { return .unknown }
            return .unknown(attribute.type)
        case .set: throw Value.setHasNoIndices
        case .bool, .number, .string: throw OperationError(summary: "Invalid index", detail: "This value does not have any indices.")
        }
    }
}
