public import Addresses

extension ObjectAddress {
    /// The address as a key: that of an instance is the beginning of those of its objects, and that of a resource of those of its
    /// instances' (`ResourceAddress.recordKey`).
    public var recordKey: [UInt8] {
        var writer = RecordWriter()
        writer.address(self)
        return writer.bytes
    }
}

extension ResourceInstanceAddress {
    /// What the keys of its objects, and no others, begin with.
    public var recordKey: [UInt8] {
        var writer = RecordWriter()
        writer.instance(self)
        return writer.bytes
    }
}

extension ResourceAddress {
    /// What the keys of its instances' objects, and no others, begin with.
    public var recordKey: [UInt8] {
        var writer = RecordWriter()
        writer.resource(self)
        return writer.bytes
    }
}

extension StateObject {
    /// Begins with the address's `recordKey`.
    /// - Throws: where an attribute is ephemeral.
    public func encoded() throws(StateCodingError) -> [UInt8] {
        var writer = RecordWriter()
        try writer.object(self)
        return writer.bytes
    }

    /// - Throws: where the bytes are not those of an object.
    public init(encoded bytes: [UInt8]) throws(StateCodingError) { self = try Self.read(bytes).object }

    /// The object, and how many of the bytes are its address's `recordKey`.
    /// - Throws: where the bytes are not those of an object.
    public static func read(_ bytes: [UInt8]) throws(StateCodingError) -> (object: StateObject, keyCount: Int) {
        var reader = try RecordReader(bytes)
        let address = try reader.address()
        let keyCount = reader.position
        let object = try reader.object(at: address)
        try reader.end()
        return (object, keyCount)
    }
}

extension OutputRecord {
    /// - Throws: where the value is ephemeral.
    public func encoded() throws(StateCodingError) -> [UInt8] {
        var writer = RecordWriter()
        try writer.output(self)
        return writer.bytes
    }

    /// - Throws: where the bytes are not those of an output.
    public init(encoded bytes: [UInt8]) throws(StateCodingError) {
        var reader = try RecordReader(bytes)
        self = try reader.output()
        try reader.end()
    }
}

extension RunRecord {
    public func encoded() -> [UInt8] {
        var writer = RecordWriter()
        writer.run(self)
        return writer.bytes
    }

    /// - Throws: where the bytes are not those of a run.
    public init(encoded bytes: [UInt8]) throws(StateCodingError) {
        var reader = try RecordReader(bytes)
        self = try reader.run()
        try reader.end()
    }
}

extension LockHolder {
    public func encoded() -> [UInt8] {
        var writer = RecordWriter()
        writer.holder(self)
        return writer.bytes
    }

    /// - Throws: where the bytes are not those of a holder.
    public init(encoded bytes: [UInt8]) throws(StateCodingError) {
        var reader = try RecordReader(bytes)
        self = try reader.holder()
        try reader.end()
    }
}

extension StateEvent {
    /// Compact, versioned, equal for equal events.
    /// - Throws: where a value in it is ephemeral.
    public func encoded() throws(StateCodingError) -> [UInt8] { try encodedWithObject().bytes }

    /// The same with the place of the recorded object's own encoding (`StateObject.encoded`, its version byte apart) in it: the rest
    /// of the bytes from there on. Nil where the event carries none under its own address.
    public func encodedWithObject() throws(StateCodingError) -> (bytes: [UInt8], object: Int?) {
        var writer = RecordWriter()
        let object = try writer.event(self)
        return (writer.bytes, object)
    }

    /// - Throws: where the bytes are not those of an event.
    public init(encoded bytes: [UInt8]) throws(StateCodingError) {
        var reader = try RecordReader(bytes)
        self = try reader.event()
        try reader.end()
    }
}
