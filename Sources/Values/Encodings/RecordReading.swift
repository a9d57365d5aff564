extension Value {
    /// Reads what `encodedRecord()` wrote. Any other bytes are an error, never a crash, and cost no more memory than a small multiple of
    /// their own size.
    public init(record: [UInt8]) throws(RecordError) {
        let result = record.withUnsafeBufferPointer { buffer in
            var reader = RecordReader(buffer)
            return Result { () throws(RecordError) in try reader.document() }
        }
        self = try result.get()
    }
}

private struct RecordReader {
    let bytes: UnsafeBufferPointer<UInt8>
    var position = 0
    var shapes: [Shape] = []

    init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    mutating func document() throws(RecordError) -> Value {
        guard try byte() == RecordFormat.version else { throw failure("a record of an unknown version") }
        let value = try value(depth: 0)
        if position != bytes.count { throw failure("bytes behind the end of a record") }
        return value
    }

    private func failure(_ message: String) -> RecordError { RecordError(message: message, offset: position) }

    private mutating func value(depth: Int) throws(RecordError) -> Value {
        if depth > Value.nestingLimit { throw failure("a record nested too deep") }
        let first = try byte()
        let rest = first & ~(RecordFormat.kindMask | RecordFormat.sensitiveBit)
        guard rest == 0, let kind = RecordFormat.Kind(rawValue: first & RecordFormat.kindMask) else {
            throw failure("an unknown kind of value")
        }
        let marks: Value.Marks = first & RecordFormat.sensitiveBit != 0 ? .sensitive : []
        let value = try value(kind, depth)
        // What a set took over from its elements stays with it.
        return value.marked(marks)
    }

    private mutating func value(_ kind: RecordFormat.Kind, _ depth: Int) throws(RecordError) -> Value {
        switch kind {
        case .no: return .false
        case .yes: return .true
        case .whole, .wholeOfPrecision, .number: return .number(try number(kind))
        case .string: return .normalized(try text())
        case .list:
            let (type, values) = try elements(depth)
            return .list(values, of: type)
        case .set:
            let (type, values) = try elements(depth)
            // Order and distinctness are made anew, so that no foreign bytes can break them.
            return .set(values, of: type)
        case .tuple:
            let count = try count()
            var values = ContiguousArray<Value>()
            values.reserveCapacity(count)
            for _ in 0..<count { values.append(try value(depth: depth + 1)) }
            return .tuple(values)
        case .map: return try map(depth)
        case .object:
            let shape = try shape()
            shapes.append(shape)
            return try object(shape, depth)
        case .objectOfShape:
            let index = try varint()
            guard index < shapes.count else { throw failure("an object of unknown names") }
            return try object(shapes[Int(index)], depth)
        case .null: return .null(try type(depth: depth + 1))
        case .unknown: return .unknown(try type(depth: depth + 1), try refinement())
        }
    }

    private mutating func elements(_ depth: Int) throws(RecordError) -> (ValueType, ContiguousArray<Value>) {
        let type = try type(depth: depth + 1)
        let count = try count()
        var values = ContiguousArray<Value>()
        values.reserveCapacity(count)
        for _ in 0..<count { values.append(try element(type, depth)) }
        return (type, values)
    }

    private mutating func element(_ type: ValueType, _ depth: Int) throws(RecordError) -> Value {
        let value = try value(depth: depth + 1)
        guard value.hasType(fitting: type) else { throw failure("an element of another type than its collection's") }
        return value
    }

    private mutating func map(_ depth: Int) throws(RecordError) -> Value {
        let type = try type(depth: depth + 1)
        let count = try count()
        var entries = ContiguousArray<Value.Entry>()
        var summary = Value.Summary()
        entries.reserveCapacity(count)
        for _ in 0..<count {
            let key = try text()
            if let last = entries.last, !last.key.precedesByBytes(key) { throw failure("keys out of order") }
            let value = try element(type, depth)
            summary.add(value)
            entries.append(Value.Entry(key: key, value: value))
        }
        return Value(.map(Value.Entries(elementType: .of(type), entries: entries)), summary)
    }

    private mutating func shape() throws(RecordError) -> Shape {
        let count = try count()
        var names: [String] = []
        names.reserveCapacity(count)
        for _ in 0..<count {
            let name = try text()
            if let last = names.last, !last.precedesByBytes(name) { throw failure("names out of order") }
            names.append(name)
        }
        return Shape(sortedNames: names)
    }

    private mutating func object(_ shape: Shape, _ depth: Int) throws(RecordError) -> Value {
        // Each slot takes a byte at least.
        guard shape.names.count <= bytes.count - position else { throw failure("unexpected end of a record") }
        var slots = ContiguousArray<Value>()
        slots.reserveCapacity(shape.names.count)
        for _ in shape.names { slots.append(try value(depth: depth + 1)) }
        return .object(shape: shape, slots: slots)
    }

    private mutating func number(_ kind: RecordFormat.Kind) throws(RecordError) -> Number {
        if kind == .whole { return Number(storage: .small(try signed(), precision: 512)) }
        let precision = try varint()
        guard (1...512).contains(precision) else { throw failure("a number of an impossible precision") }
        if kind == .wholeOfPrecision {
            let value = try signed()
            let float = BinaryFloat(value, precision: UInt16(precision))
            guard float.significantBitCount <= Int(precision) else { throw failure("a number longer than its precision") }
            return Number(storage: .small(value, precision: UInt16(precision)))
        }
        let flags = try byte()
        guard flags < 6, let form = BinaryFloat.Form(rawValue: flags >> 1) else { throw failure("an unknown form of number") }
        let isNegative = flags & 1 != 0
        switch form {
        case .zero: return Number(.zero(negative: isNegative, precision: UInt16(precision)))
        case .infinite: return Number(.infinite(negative: isNegative, precision: UInt16(precision)))
        case .finite: break
        }
        guard let exponent = Int32(exactly: try signed()), exponent.magnitude <= RecordFormat.exponentLimit else {
            throw failure("a number out of range")
        }
        let count = Int(try byte())
        guard (1...8).contains(count), bytes.count - position >= count * 8 else { throw failure("a number without its digits") }
        var limbs: [UInt64] = []
        for _ in 0..<count {
            var limb: UInt64 = 0
            for shift in stride(from: UInt64(0), to: 64, by: 8) { limb |= UInt64(try byte()) << shift }
            limbs.append(limb)
        }
        guard limbs[count - 1] >> 63 == 1 else { throw failure("a number that is not in its normal form") }
        let float = BinaryFloat(
            limbs, power: Int(exponent) - count * 64, isInexact: false, isNegative: isNegative, precision: UInt16(precision))
        return Number(float)
    }

    private mutating func refinement() throws(RecordError) -> Refinement {
        let flags = try byte()
        guard flags < 64 else { throw failure("an unknown refinement") }
        var refinement = Refinement()
        refinement.isNotNull = flags & RecordFormat.notNullBit != 0
        if flags & RecordFormat.prefixBit != 0 { refinement.prefix = try text() }
        if flags & RecordFormat.lowerBoundBit != 0 { refinement.lowerBound = try bound() }
        if flags & RecordFormat.upperBoundBit != 0 { refinement.upperBound = try bound() }
        if flags & RecordFormat.minimumLengthBit != 0 { refinement.minimumLength = try length() }
        if flags & RecordFormat.maximumLengthBit != 0 { refinement.maximumLength = try length() }
        return refinement
    }

    private mutating func length() throws(RecordError) -> Int {
        let value = try signed()
        guard value >= 0 else { throw failure("a negative length") }
        return Int(value)
    }

    private mutating func bound() throws(RecordError) -> Refinement.Bound {
        let inclusive = try byte()
        guard inclusive < 2, let kind = RecordFormat.Kind(rawValue: try byte()), [.whole, .wholeOfPrecision, .number].contains(kind) else {
            throw failure("an unknown bound")
        }
        return Refinement.Bound(value: try number(kind), isInclusive: inclusive == 1)
    }

    private mutating func type(depth: Int) throws(RecordError) -> ValueType {
        if depth > Value.nestingLimit { throw failure("a type nested too deep") }
        guard let kind = RecordFormat.TypeKind(rawValue: try byte()) else { throw failure("an unknown kind of type") }
        switch kind {
        case .dynamic: return .dynamic
        case .bool: return .bool
        case .number: return .number
        case .string: return .string
        case .list: return .list(try type(depth: depth + 1))
        case .set: return .set(try type(depth: depth + 1))
        case .map: return .map(try type(depth: depth + 1))
        case .tuple:
            let count = try count()
            var types: [ValueType] = []
            for _ in 0..<count { types.append(try type(depth: depth + 1)) }
            return .tuple(types)
        case .object:
            let count = try count()
            var attributes: [ObjectType.Attribute] = []
            for _ in 0..<count {
                let name = try text()
                if let last = attributes.last, !last.name.precedesByBytes(name) { throw failure("names out of order") }
                let flags = try byte()
                guard flags < 4 else { throw failure("an unknown kind of attribute") }
                let type = try type(depth: depth + 1)
                let defaultValue = flags & RecordFormat.defaultBit != 0 ? try value(depth: depth + 1) : nil
                attributes.append(
                    .init(name: name, type: type, isOptional: flags & RecordFormat.optionalBit != 0, defaultValue: defaultValue))
            }
            return .object(ObjectType(attributes))
        }
    }

    private mutating func byte() throws(RecordError) -> UInt8 {
        guard position < bytes.count else { throw failure("unexpected end of a record") }
        defer { position += 1 }
        return bytes[position]
    }

    private mutating func varint() throws(RecordError) -> UInt64 {
        var result: UInt64 = 0
        var shift: UInt64 = 0
        while true {
            let byte = try byte()
            if shift == 63, byte > 1 { throw failure("a number too long") }
            result |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 {
                // One way to write each number, so that equal values have equal bytes.
                if byte == 0, shift > 0 { throw failure("a number too long") }
                return result
            }
            shift += 7
            if shift > 63 { throw failure("a number too long") }
        }
    }

    private mutating func signed() throws(RecordError) -> Int64 {
        let value = try varint()
        return Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
    }

    /// A count of things of which each takes a byte at least.
    private mutating func count() throws(RecordError) -> Int {
        let value = try varint()
        guard value <= bytes.count - position else { throw failure("unexpected end of a record") }
        return Int(value)
    }

    private mutating func text() throws(RecordError) -> String {
        let count = try count()
        let slice = UnsafeBufferPointer(rebasing: bytes[position..<(position + count)])
        position += count
        var isASCII = true
        for byte in slice { isASCII = isASCII && byte < 0x80 }
        if isASCII { return String(decoding: slice, as: UTF8.self) }
        guard let text = String(validating: slice, as: UTF8.self) else { throw failure("text that is not UTF-8") }
        return text.normalizedToNFC()
    }
}
