extension Value {
    /// The value as self-contained bytes, with all types, marks, refinements and precisions.
    /// - Throws: where something is ephemeral, or nests deeper than can be read back.
    public func encodedRecord() throws(RecordError) -> [UInt8] {
        var writer = RecordWriter()
        writer.bytes.append(RecordFormat.version)
        try writer.append(self, depth: 0)
        return writer.bytes
    }
}

private struct RecordWriter {
    var bytes: [UInt8] = []
    /// In order of appearance.
    private var shapes: [Shape] = []
    /// Their places, once they are too many to be looked through.
    private var places: [[String]: Int] = [:]
    /// The shape of the last object, for arrays of alike objects.
    private var lastShape: (shape: Shape, index: Int)?

    mutating func append(_ value: Value, depth: Int) throws(RecordError) {
        if value.marks.contains(.ephemeral) { throw RecordError(message: "an ephemeral value cannot be recorded") }
        if depth > Value.nestingLimit { throw RecordError(message: "a value nested deeper than \(Value.nestingLimit) cannot be recorded") }
        let mark = value.marks.contains(.sensitive) ? RecordFormat.sensitiveBit : 0
        func kind(_ kind: RecordFormat.Kind) { bytes.append(kind.rawValue | mark) }
        switch value.node {
        case .bool(let value): kind(value ? .yes : .no)
        case .number(let number): try append(number, mark)
        case .string(let text):
            kind(.string)
            append(text)
        case .list(let elements):
            kind(.list)
            try append(elements, depth)
        case .set(let elements):
            kind(.set)
            try append(elements, depth)
        case .tuple(let values):
            kind(.tuple)
            append(UInt64(values.count))
            for index in values.indices { try append(values[index], depth: depth + 1) }
        case .map(let map):
            kind(.map)
            try append(map.elementType.type, depth: depth + 1)
            append(UInt64(map.entries.count))
            for index in map.entries.indices {
                append(map.entries[index].key)
                try append(map.entries[index].value, depth: depth + 1)
            }
        case .object(let object):
            appendShape(object.shape, mark)
            for index in object.slots.indices { try append(object.slots[index], depth: depth + 1) }
        case .null(let box):
            kind(.null)
            try append(box.type, depth: depth + 1)
        case .unknown(let unknown):
            kind(.unknown)
            try append(unknown.type, depth: depth + 1)
            try append(unknown.refinement)
        }
    }

    private mutating func append(_ elements: Value.Elements, _ depth: Int) throws(RecordError) {
        try append(elements.elementType.type, depth: depth + 1)
        append(UInt64(elements.values.count))
        for index in elements.values.indices { try append(elements.values[index], depth: depth + 1) }
    }

    private mutating func appendShape(_ shape: Shape, _ mark: UInt8) {
        if let lastShape, lastShape.shape === shape {
            bytes.append(RecordFormat.Kind.objectOfShape.rawValue | mark)
            append(UInt64(lastShape.index))
            return
        }
        if let index = place(of: shape) {
            bytes.append(RecordFormat.Kind.objectOfShape.rawValue | mark)
            append(UInt64(index))
            lastShape = (shape, index)
            return
        }
        lastShape = (shape, shapes.count)
        shapes.append(shape)
        bytes.append(RecordFormat.Kind.object.rawValue | mark)
        append(UInt64(shape.names.count))
        for name in shape.names { append(name) }
    }

    private mutating func place(of shape: Shape) -> Int? {
        if shapes.count < 8 { return shapes.firstIndex { $0.names == shape.names } }
        for index in places.count..<shapes.count { places[shapes[index].names] = index }
        return places[shape.names]
    }

    private mutating func append(_ number: Number, _ mark: UInt8 = 0) throws(RecordError) {
        switch number.storage {
        case .small(let value, let precision):
            if precision == 512 {
                bytes.append(RecordFormat.Kind.whole.rawValue | mark)
            } else {
                bytes.append(RecordFormat.Kind.wholeOfPrecision.rawValue | mark)
                append(UInt64(precision))
            }
            appendSigned(value)
        case .big(let number):
            let float = number.float
            guard float.exponent.magnitude <= RecordFormat.exponentLimit else {
                throw RecordError(message: "a number beyond 10^±39,000 cannot be recorded")
            }
            bytes.append(RecordFormat.Kind.number.rawValue | mark)
            append(UInt64(float.precision))
            bytes.append(float.form.rawValue << 1 | (float.isNegative ? 1 : 0))
            guard float.form == .finite else { return }
            appendSigned(Int64(float.exponent))
            let limbs = float.significantLimbs
            bytes.append(UInt8(limbs.count))
            for limb in limbs {
                for shift in stride(from: 0, to: 64, by: 8) { bytes.append(UInt8(truncatingIfNeeded: limb >> UInt64(shift))) }
            }
        }
    }

    private mutating func append(_ refinement: Refinement) throws(RecordError) {
        var flags: UInt8 = refinement.isNotNull ? RecordFormat.notNullBit : 0
        if refinement.prefix != nil { flags |= RecordFormat.prefixBit }
        if refinement.lowerBound != nil { flags |= RecordFormat.lowerBoundBit }
        if refinement.upperBound != nil { flags |= RecordFormat.upperBoundBit }
        if refinement.minimumLength != nil { flags |= RecordFormat.minimumLengthBit }
        if refinement.maximumLength != nil { flags |= RecordFormat.maximumLengthBit }
        bytes.append(flags)
        if let prefix = refinement.prefix { append(prefix) }
        for bound in [refinement.lowerBound, refinement.upperBound] {
            guard let bound else { continue }
            bytes.append(bound.isInclusive ? 1 : 0)
            try append(bound.value)
        }
        if let length = refinement.minimumLength { appendSigned(Int64(length)) }
        if let length = refinement.maximumLength { appendSigned(Int64(length)) }
    }

    private mutating func append(_ type: ValueType, depth: Int) throws(RecordError) {
        if depth > Value.nestingLimit { throw RecordError(message: "a type nested deeper than \(Value.nestingLimit) cannot be recorded") }
        switch type {
        case .dynamic: bytes.append(RecordFormat.TypeKind.dynamic.rawValue)
        case .bool: bytes.append(RecordFormat.TypeKind.bool.rawValue)
        case .number: bytes.append(RecordFormat.TypeKind.number.rawValue)
        case .string: bytes.append(RecordFormat.TypeKind.string.rawValue)
        case .list(let element):
            bytes.append(RecordFormat.TypeKind.list.rawValue)
            try append(element, depth: depth + 1)
        case .set(let element):
            bytes.append(RecordFormat.TypeKind.set.rawValue)
            try append(element, depth: depth + 1)
        case .map(let element):
            bytes.append(RecordFormat.TypeKind.map.rawValue)
            try append(element, depth: depth + 1)
        case .tuple(let types):
            bytes.append(RecordFormat.TypeKind.tuple.rawValue)
            append(UInt64(types.count))
            for type in types { try append(type, depth: depth + 1) }
        case .object(let object):
            bytes.append(RecordFormat.TypeKind.object.rawValue)
            append(UInt64(object.attributes.count))
            for attribute in object.attributes {
                append(attribute.name)
                bytes.append(
                    (attribute.isOptional ? RecordFormat.optionalBit : 0) | (attribute.defaultValue != nil ? RecordFormat.defaultBit : 0))
                try append(attribute.type, depth: depth + 1)
                if let value = attribute.defaultValue { try append(value, depth: depth + 1) }
            }
        }
    }

    private mutating func append(_ text: String) {
        var text = text
        text.withUTF8 { utf8 in
            append(UInt64(utf8.count))
            bytes.append(contentsOf: utf8)
        }
    }

    private mutating func appendSigned(_ value: Int64) { append(UInt64(bitPattern: value << 1 ^ value >> 63)) }

    private mutating func append(_ value: UInt64) {
        var value = value
        while value >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: value) | 0x80)
            value >>= 7
        }
        bytes.append(UInt8(value))
    }
}

extension Value {
    /// Whether a record can hold every number in it.
    public var isRecordable: Bool {
        var holds = true
        walk { _, value in
            if case .big(let big)? = value.numberValue?.storage, big.float.exponent.magnitude > RecordFormat.exponentLimit { holds = false }
            return holds
        }
        return holds
    }
}
