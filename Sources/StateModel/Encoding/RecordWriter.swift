import Addresses
import Values

// The record form of the journal and of snapshot rows: one byte of version, then fields in a fixed order.
//
//     varint  = little-endian base 128; zigzag for numbers that may be negative
//     text    = varint count, UTF-8
//     bytes   = varint count, bytes
//     time    = eight bytes, little-endian, of an IEEE double
//
// Equal records give equal bytes. Values are in the record form of `Values`, sensitive marks in them.
enum RecordFormat {
    static let version: UInt8 = 1
}

struct RecordWriter {
    var bytes: [UInt8] = []

    init() {
        bytes.reserveCapacity(320)
        bytes.append(RecordFormat.version)
    }

    mutating func byte(_ byte: UInt8) { bytes.append(byte) }
    mutating func flag(_ value: Bool) { bytes.append(value ? 1 : 0) }

    mutating func varint(_ value: UInt64) {
        var value = value
        while value >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: value) | 0x80)
            value >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: value))
    }

    mutating func count(_ count: Int) { varint(UInt64(count)) }
    mutating func signed(_ value: Int) { varint(UInt64(bitPattern: Int64(value << 1 ^ value >> 63))) }

    mutating func text(_ text: String) {
        var text = text
        text.withUTF8 { utf8 in
            count(utf8.count)
            bytes.append(contentsOf: utf8)
        }
    }

    mutating func blob(_ blob: [UInt8]) {
        count(blob.count)
        bytes.append(contentsOf: blob)
    }

    mutating func time(_ seconds: Double) {
        withUnsafeBytes(of: seconds.bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
    }

    mutating func value(_ value: Value) throws(StateCodingError) {
        do throws(RecordError) { blob(try value.encodedRecord()) } catch { throw StateCodingError(error.message) }
    }
}

extension RecordWriter {
    mutating func address(_ address: ObjectAddress) {
        instance(address.instance)
        switch address.generation {
        case .current: byte(0)
        case .deposed(let key):
            byte(1)
            text(key)
        }
    }

    mutating func instance(_ address: ResourceInstanceAddress) {
        resource(address.resource)
        key(address.key)
    }

    mutating func resource(_ address: ResourceAddress) {
        count(address.module.steps.count)
        for step in address.module.steps {
            switch step {
            case .module(let name, let instance):
                byte(0)
                text(name)
                key(instance)
            case .kind(let type, let name, let instance):
                byte(1)
                text(type.rawValue)
                text(name)
                key(instance)
            }
        }
        switch address.resource.mode {
        case .managed: byte(0)
        case .data: byte(1)
        case .ephemeral: byte(2)
        }
        text(address.resource.type.rawValue)
        text(address.resource.name)
    }

    mutating func key(_ key: InstanceKey) {
        switch key {
        case .none: byte(0)
        case .index(let index):
            byte(1)
            signed(index)
        case .key(let name):
            byte(2)
            text(name)
        }
    }

    mutating func provider(_ address: ProviderConfigAddress) {
        count(address.module.steps.count)
        for step in address.module.steps {
            switch step {
            case .module(let name):
                byte(0)
                text(name)
            case .kind(let type, let name):
                byte(1)
                text(type.rawValue)
                text(name)
            }
        }
        text(address.name)
        flag(address.alias != nil)
        if let alias = address.alias { text(alias) }
        key(address.key)
    }
}
