import Addresses
import Values

/// Reads what `RecordWriter` wrote. Foreign bytes give an error, never a crash: each length is checked against what is left, and
/// nothing nests.
struct RecordReader {
    private let bytes: [UInt8]
    private(set) var position = 0

    init(_ bytes: [UInt8]) throws(StateCodingError) {
        self.bytes = bytes
        let version = try byte()
        guard version <= RecordFormat.version else {
            throw StateCodingError("a record of format \(version), which this version does not know", isNewerFormat: true)
        }
        guard version == RecordFormat.version else { throw failure("a record of no known format") }
    }

    func failure(_ message: String) -> StateCodingError { StateCodingError("\(message) at byte \(position)") }

    func end() throws(StateCodingError) {
        guard position == bytes.count else { throw failure("bytes left over") }
    }

    mutating func byte() throws(StateCodingError) -> UInt8 {
        guard position < bytes.count else { throw failure("unexpected end of a record") }
        defer { position += 1 }
        return bytes[position]
    }

    mutating func flag() throws(StateCodingError) -> Bool {
        let value = try byte()
        guard value < 2 else { throw failure("neither yes nor no") }
        return value == 1
    }

    mutating func varint() throws(StateCodingError) -> UInt64 {
        var result: UInt64 = 0
        var shift: UInt64 = 0
        while true {
            let byte = try byte()
            if shift == 63, byte > 1 { throw failure("a number too long") }
            result |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 {
                if byte == 0, shift > 0 { throw failure("a number too long") }
                return result
            }
            shift += 7
            if shift > 63 { throw failure("a number too long") }
        }
    }

    /// A count of things of which each takes a byte at least.
    mutating func count() throws(StateCodingError) -> Int {
        let value = try varint()
        guard value <= UInt64(bytes.count - position) else { throw failure("unexpected end of a record") }
        return Int(value)
    }

    mutating func signed() throws(StateCodingError) -> Int {
        let value = try varint()
        return Int(Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1))
    }

    mutating func text() throws(StateCodingError) -> String {
        let count = try count()
        guard let text = String(validating: bytes[position..<(position + count)], as: UTF8.self) else {
            throw failure("text that is not UTF-8")
        }
        position += count
        return text
    }

    mutating func blob() throws(StateCodingError) -> [UInt8] {
        let count = try count()
        defer { position += count }
        return Array(bytes[position..<(position + count)])
    }

    mutating func time() throws(StateCodingError) -> Double {
        guard bytes.count - position >= 8 else { throw failure("unexpected end of a record") }
        var pattern: UInt64 = 0
        for index in 0..<8 { pattern |= UInt64(bytes[position + index]) << UInt64(8 * index) }
        position += 8
        let seconds = Double(bitPattern: pattern)
        guard seconds.isFinite else { throw failure("no time") }
        return seconds
    }

    mutating func value() throws(StateCodingError) -> Value {
        let record = try blob()
        do throws(RecordError) { return try Value(record: record) } catch { throw failure("\(error.message), in a value that ends") }
    }
}

extension RecordReader {
    mutating func address() throws(StateCodingError) -> ObjectAddress {
        let instance = try instance()
        switch try byte() {
        case 0: return ObjectAddress(instance)
        case 1: return ObjectAddress(instance, .deposed(try text()))
        default: throw failure("an unknown generation")
        }
    }

    mutating func instance() throws(StateCodingError) -> ResourceInstanceAddress {
        let resource = try resource()
        return ResourceInstanceAddress(resource: resource, key: try key())
    }

    mutating func resource() throws(StateCodingError) -> ResourceAddress {
        var steps: [ModuleStep] = []
        for _ in 0..<(try count()) {
            switch try byte() {
            case 0:
                let name = try text()
                steps.append(.module(name: name, key: try key()))
            case 1:
                let type = ResourceType(try text())
                let name = try text()
                steps.append(.kind(type: type, name: name, key: try key()))
            default: throw failure("an unknown step of a module path")
            }
        }
        let mode: ResourceMode
        switch try byte() {
        case 0: mode = .managed
        case 1: mode = .data
        case 2: mode = .ephemeral
        default: throw failure("an unknown mode of resource")
        }
        let type = ResourceType(try text())
        return ResourceAddress(module: ModulePath(steps), resource: ResourceName(mode, type: type, name: try text()))
    }

    mutating func key() throws(StateCodingError) -> InstanceKey {
        switch try byte() {
        case 0: return .none
        case 1: return .index(try signed())
        case 2: return .key(try text())
        default: throw failure("an unknown kind of key")
        }
    }

    mutating func provider() throws(StateCodingError) -> ProviderConfigAddress {
        var steps: [ModuleCallPath.Step] = []
        for _ in 0..<(try count()) {
            switch try byte() {
            case 0: steps.append(.module(name: try text()))
            case 1:
                let type = ResourceType(try text())
                steps.append(.kind(type: type, name: try text()))
            default: throw failure("an unknown step of a module path")
            }
        }
        let name = try text()
        let alias = try flag() ? try text() : nil
        return ProviderConfigAddress(module: ModuleCallPath(steps), name: name, alias: alias, key: try key())
    }
}
