import Addresses
import Diagnostics
import ProviderKit
import Values

extension BuiltinProvider {
    /// `random_*`: values that are drawn once, while applying, and stay until a keeper changes.
    public static let random = BuiltinProvider(
        name: "random", version: "3.9.0",
        types: [
            RandomText.password, RandomText.string, RandomID(), RandomInteger(), RandomPet(), RandomShuffle(), RandomUUID("random_uuid"),
            RandomUUID("random_uuid4"),
            RandomUUID("random_uuid7", isOrdered: true), RandomBytes(),
        ], ephemerals: [EphemeralPassword()])
}

/// A type whose computed attributes are drawn when it is created.
protocol RandomType: PlainType, StateOnlyType {
    /// - Parameter arguments: the planned object, defaults filled in.
    func draw(_ arguments: Value) throws(ProviderFailure) -> [String: Value]
}

extension RandomType {
    var keepersArgument: String? { "keepers" }

    func createNow(_ planned: Value) throws(ProviderFailure) -> Value { planned.unmarked.setting(try draw(planned.unmarked)) }

    /// An object that was not drawn here: what is not known of it is null.
    func importedObject(_ values: [String: Value]) -> Value {
        .object(schema.block.attributes.map { ($0.name, values[$0.name] ?? .null($0.type)) })
    }

    func importFailure(_ summary: String, _ detail: String) -> ProviderFailure {
        ProviderFailure(.invalidConfiguration, summary: summary, detail: detail)
    }
}

extension AttributeSchema {
    /// Every random type has it.
    static let keepers = AttributeSchema(
        name: "keepers", type: .map(.string), isOptional: true, forcesReplacement: true,
        description: "Arbitrary values whose change draws anew.")

    static func argument(_ name: String, _ type: ValueType, isRequired: Bool = false, _ description: String) -> AttributeSchema {
        AttributeSchema(
            name: name, type: type, isRequired: isRequired, isOptional: !isRequired, forcesReplacement: true, description: description)
    }

    /// An argument that has a default, and shows it.
    static func defaulted(_ name: String, _ type: ValueType, _ description: String) -> AttributeSchema {
        AttributeSchema(name: name, type: type, isOptional: true, isComputed: true, forcesReplacement: true, description: description)
    }

    static func computed(_ name: String, _ type: ValueType, isSensitive: Bool = false, _ description: String) -> AttributeSchema {
        AttributeSchema(name: name, type: type, isComputed: true, isSensitive: isSensitive, description: description)
    }
}

/// Longest text, and most words or bytes, that are drawn: what is meant as a number of them is far below.
private let longestDraw = 65_536

extension RandomType {
    func lengthFaults(_ name: String, in configuration: Value, minimum: Int = 1) -> [Diagnostic] {
        guard let length = configuration.int(name) else { return [] }
        if length < minimum { return [argumentFault("Attribute \(name) value must be at least \(minimum), got: \(length).")] }
        if !(-longestDraw...longestDraw).contains(length) {
            return [argumentFault("Attribute \(name) value must be at most \(longestDraw), got: \(length).")]
        }
        return []
    }
}

/// Bytes from the system's generator.
func randomBytes(_ count: Int) -> [UInt8] {
    var generator = SystemRandomNumberGenerator()
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count + 7)
    while bytes.count < count {
        var word = generator.next()
        for _ in 0..<8 {
            bytes.append(UInt8(truncatingIfNeeded: word))
            word >>= 8
        }
    }
    bytes.removeLast(bytes.count - count)
    return bytes
}

/// The generator for types with a `seed`: equal seeds draw equal values. The values themselves are no secret.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: String) {
        // FNV-1a spreads the text; SplitMix64 goes on from there.
        state = 0xCBF2_9CE4_8422_2325
        for byte in seed.utf8 { state = (state ^ UInt64(byte)) &* 0x100_0000_01B3 }
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }
}

/// Draws with a seed where there is one, else from the system.
func drawing<Result>(seed: String?, _ draw: (inout any RandomNumberGenerator) -> Result) -> Result {
    var generator: any RandomNumberGenerator = seed.map { SeededGenerator(seed: $0) } ?? SystemRandomNumberGenerator()
    return draw(&generator)
}
