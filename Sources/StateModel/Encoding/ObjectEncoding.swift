import Addresses
import Values

private enum ObjectFlag {
    static let statusMask: UInt8 = 0x03
    /// In place of a status: that and more flags follow in a byte of their own, which is there only where one of them is set.
    static let extended: UInt8 = 0x03
    static let container: UInt8 = 0x04
    static let createBeforeDestroy: UInt8 = 0x08
    static let guarded: UInt8 = 0x10
    static let identity: UInt8 = 0x20
    static let before: UInt8 = 0x40
    /// What was there before is what the provider's own bytes say: written once.
    static let beforeIsPrivate: UInt8 = 0x80
}

/// Of the second byte; its low bits are the status.
private enum FurtherFlag {
    static let preventsDestroy: UInt8 = 0x04
    static let hostKeys: UInt8 = 0x08
    static let known: UInt8 = preventsDestroy | hostKeys
}

extension RecordWriter {
    mutating func object(_ object: StateObject) throws(StateCodingError) {
        address(object.address)
        let status: UInt8 =
            switch object.status {
            case .ready: 0
            case .tainted: 1
            }
        var further: UInt8 = object.preventsDestroy ? FurtherFlag.preventsDestroy : 0
        if !object.hostKeys.isEmpty { further |= FurtherFlag.hostKeys }
        var flags = further == 0 ? status : ObjectFlag.extended
        if object.container != nil { flags |= ObjectFlag.container }
        if object.createBeforeDestroy { flags |= ObjectFlag.createBeforeDestroy }
        if object.isGuarded { flags |= ObjectFlag.guarded }
        if !object.identity.isEmpty { flags |= ObjectFlag.identity }
        if let before = object.before {
            flags |= before == object.privateBytes ? ObjectFlag.beforeIsPrivate : ObjectFlag.before
        }
        byte(flags)
        if further != 0 { byte(further | status) }
        signed(object.schemaVersion)
        provider(object.provider)
        count(object.dependencies.count)
        for dependency in object.dependencies { resource(dependency) }
        if let container = object.container { instance(container) }
        if !object.identity.isEmpty { text(object.identity) }
        blob(object.privateBytes)
        if flags & ObjectFlag.before != 0, let before = object.before { blob(before) }
        if !object.hostKeys.isEmpty {
            count(object.hostKeys.count)
            for (place, key) in object.hostKeys.sorted(by: { $0.key.precedesByBytes($1.key) }) {
                text(place)
                text(key)
            }
        }
        try value(object.attributes)
    }

    mutating func output(_ output: OutputRecord) throws(StateCodingError) {
        flag(output.isSensitive)
        try value(output.value)
    }
}

extension RecordReader {
    mutating func object() throws(StateCodingError) -> StateObject { try object(at: try address()) }

    /// The rest of an object whose address has been read.
    mutating func object(at address: ObjectAddress) throws(StateCodingError) -> StateObject {
        let flags = try byte()
        var last = flags & ObjectFlag.statusMask
        var further: UInt8 = 0
        if last == ObjectFlag.extended {
            let second = try byte()
            last = second & ObjectFlag.statusMask
            further = second & ~ObjectFlag.statusMask
            guard further != 0, further & ~FurtherFlag.known == 0 else { throw failure("an unknown flag of an object") }
        }
        let status: StateObject.Status
        switch last {
        case 0: status = .ready
        case 1: status = .tainted
        default: throw failure("an unknown status")
        }
        let schemaVersion = try signed()
        let provider = try provider()
        let count = try count()
        var dependencies: [ResourceAddress] = []
        dependencies.reserveCapacity(min(count, 64))
        for _ in 0..<count { dependencies.append(try resource()) }
        let container = flags & ObjectFlag.container != 0 ? try instance() : nil
        let identity = flags & ObjectFlag.identity != 0 ? try text() : ""
        let privateBytes = try blob()
        var before: [UInt8]?
        switch flags & (ObjectFlag.before | ObjectFlag.beforeIsPrivate) {
        case 0: before = nil
        case ObjectFlag.before: before = try blob()
        case ObjectFlag.beforeIsPrivate: before = privateBytes
        default: throw failure("two accounts of what was there before")
        }
        var hostKeys: [String: String] = [:]
        if further & FurtherFlag.hostKeys != 0 {
            for _ in 0..<(try self.count()) {
                let place = try text()
                hostKeys[place] = try text()
            }
        }
        var object = StateObject(
            address: address, attributes: try value(), schemaVersion: schemaVersion, privateBytes: privateBytes, status: status,
            provider: provider, container: container, dependencies: dependencies,
            createBeforeDestroy: flags & ObjectFlag.createBeforeDestroy != 0, isGuarded: flags & ObjectFlag.guarded != 0,
            preventsDestroy: further & FurtherFlag.preventsDestroy != 0, identity: identity, before: before)
        object.hostKeys = hostKeys
        return object
    }

    mutating func output() throws(StateCodingError) -> OutputRecord {
        let isSensitive = try flag()
        return OutputRecord(value: try value(), isSensitive: isSensitive)
    }
}
