import Addresses
import Diagnostics
import ProviderKit
import Values

/// Random bytes in the forms that identifiers take.
struct RandomID: RandomType {
    let schema = ResourceSchema(
        type: ResourceType("random_id"),
        block: BlockSchema(
            attributes: [
                .keepers, .argument("byte_length", .number, isRequired: true, "How many random bytes, at least 1."),
                .argument("prefix", .string, "What all the forms below begin with; but for id."),
                .computed("b64_url", .string, "In base64 for URLs, without padding."),
                .computed("b64_std", .string, "In base64."),
                .computed("hex", .string, "In hexadecimal digits."),
                .computed("dec", .string, "As a decimal number."),
                .computed("id", .string, "In base64 for URLs, without padding and prefix."),
            ], description: "Random bytes as an identifier."))

    func validate(_ configuration: Value) -> [Diagnostic] {
        lengthFaults("byte_length", in: configuration)
    }

    func draw(_ arguments: Value) throws(ProviderFailure) -> [String: Value] {
        let bytes = randomBytes(arguments.int("byte_length") ?? 1)
        let prefix = arguments.string("prefix") ?? ""
        let standard = base64(bytes)
        let url = standard.replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
        return [
            "id": .string(url), "b64_url": .string(prefix + url), "b64_std": .string(prefix + standard),
            "hex": .string(prefix + hexadecimal(bytes)),
            "dec": .string(prefix + decimal(bytes)),
        ]
    }

    /// `[prefix,]b64_url without prefix`
    func imported(_ id: String) throws(ProviderFailure) -> Value? {
        let parts = id.split(separator: ",", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let encoded = parts[parts.count - 1]
        var standard = encoded.replacing("-", with: "+").replacing("_", with: "/")
        standard += String(repeating: "=", count: (4 - standard.utf8.count % 4) % 4)
        guard let bytes = bytes(fromBase64: standard), !bytes.isEmpty else {
            throw importFailure("Import Random ID Error", "\"\(encoded)\" is no base64 for URLs; what is wanted is the id, or PREFIX,ID.")
        }
        let prefix = parts.count == 2 ? parts[0] : ""
        return importedObject([
            "byte_length": .int(bytes.count), "prefix": parts.count == 2 ? .string(prefix) : .null(.string), "id": .string(encoded),
            "b64_url": .string(prefix + encoded), "b64_std": .string(prefix + base64(bytes)), "hex": .string(prefix + hexadecimal(bytes)),
            "dec": .string(prefix + decimal(bytes)),
        ])
    }
}

/// `random_bytes`.
struct RandomBytes: RandomType {
    let schema = ResourceSchema(
        type: ResourceType("random_bytes"),
        block: BlockSchema(
            attributes: [
                .keepers, .argument("length", .number, isRequired: true, "How many bytes, at least 1."),
                .computed("base64", .string, isSensitive: true, "In base64."),
                .computed("hex", .string, isSensitive: true, "In hexadecimal digits."),
            ], description: "Random bytes that are kept secret."))

    func validate(_ configuration: Value) -> [Diagnostic] {
        lengthFaults("length", in: configuration)
    }

    func draw(_ arguments: Value) throws(ProviderFailure) -> [String: Value] {
        let bytes = randomBytes(arguments.int("length") ?? 1)
        return ["base64": .string(base64(bytes)), "hex": .string(hexadecimal(bytes))]
    }

    func imported(_ id: String) throws(ProviderFailure) -> Value? {
        guard let bytes = bytes(fromBase64: id), !bytes.isEmpty else {
            throw importFailure("Import Random bytes Error", "What is wanted is the value in base64.")
        }
        return importedObject([
            "length": .int(bytes.count), "base64": .string(base64(bytes)), "hex": .string(hexadecimal(bytes)),
        ])
    }
}

/// `random_integer`.
struct RandomInteger: RandomType {
    let schema = ResourceSchema(
        type: ResourceType("random_integer"),
        block: BlockSchema(
            attributes: [
                .keepers, .argument("min", .number, isRequired: true, "The smallest value, inclusive."),
                .argument("max", .number, isRequired: true, "The largest value, inclusive."),
                .argument("seed", .string, "Equal seeds draw equal values."), .computed("result", .number, "The number that was drawn."),
                .computed("id", .string, "The number as text."),
            ], description: "A random whole number."))

    func validate(_ configuration: Value) -> [Diagnostic] {
        guard let minimum = configuration.int("min"), let maximum = configuration.int("max"), minimum > maximum else { return [] }
        return [
            argumentFault(
                "Create Random Integer Error", "The minimum (min) value needs to be smaller than or equal to maximum (max) value.")
        ]
    }

    func draw(_ arguments: Value) throws(ProviderFailure) -> [String: Value] {
        guard let minimum = arguments.int("min"), let maximum = arguments.int("max"), minimum <= maximum else {
            throw ProviderFailure(
                .invalidConfiguration, summary: "Create Random Integer Error",
                detail: "The minimum (min) value needs to be a whole number smaller than or equal to the maximum (max) value.")
        }
        let result = drawing(seed: arguments.string("seed").flatMap { $0.isEmpty ? nil : $0 }) { generator in
            Int.random(in: minimum...maximum, using: &generator)
        }
        return ["result": .int(result), "id": .string(String(result))]
    }

    /// `result,min,max[,seed]`
    func imported(_ id: String) throws(ProviderFailure) -> Value? {
        let parts = id.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 3 || parts.count == 4, let result = Int(parts[0]), let minimum = Int(parts[1]), let maximum = Int(parts[2])
        else {
            throw importFailure(
                "Import Random Integer Error", "Invalid import usage: expecting {result},{min},{max} or {result},{min},{max},{seed}")
        }
        return importedObject([
            "result": .int(result), "min": .int(minimum), "max": .int(maximum), "id": .string(parts[0]),
            "seed": parts.count == 4 ? .string(parts[3]) : .null(.string),
        ])
    }
}

/// `random_shuffle`.
struct RandomShuffle: RandomType {
    let schema = ResourceSchema(
        type: ResourceType("random_shuffle"),
        block: BlockSchema(
            attributes: [
                .keepers, .argument("input", .list(.string), isRequired: true, "What to shuffle."),
                .argument("result_count", .number, "How many to give; more than there are repeats them. All of them where not set."),
                .argument("seed", .string, "Equal seeds shuffle equally."),
                .computed("result", .list(.string), "The input in random order."), .computed("id", .string, "Always \"-\"."),
            ], description: "A random order of a list."))

    func validate(_ configuration: Value) -> [Diagnostic] { lengthFaults("result_count", in: configuration, minimum: 0) }

    func draw(_ arguments: Value) throws(ProviderFailure) -> [String: Value] {
        let input = Array(arguments["input"]?.elements ?? [])
        let count = arguments.int("result_count") ?? input.count
        let result = drawing(seed: arguments.string("seed").flatMap { $0.isEmpty ? nil : $0 }) { generator in
            var result: [Value] = []
            while !input.isEmpty, result.count < count { result += input.shuffled(using: &generator).prefix(count - result.count) }
            return result
        }
        return ["result": .list(result, of: .string), "id": .string("-")]
    }
}

/// `random_uuid` and `random_uuid4`, which are the same, and `random_uuid7`.
struct RandomUUID: RandomType {
    let schema: ResourceSchema
    private let isOrdered: Bool

    /// - Parameter isOrdered: begins with the time (version 7).
    init(_ name: String, isOrdered: Bool = false) {
        self.isOrdered = isOrdered
        schema = ResourceSchema(
            type: ResourceType(name),
            block: BlockSchema(
                attributes: [
                    .keepers, .computed("result", .string, "The UUID as text."), .computed("id", .string, "The same."),
                ], description: isOrdered ? "A UUID that begins with the time (version 7)." : "A random UUID (version 4)."))
    }

    func draw(_ arguments: Value) throws(ProviderFailure) -> [String: Value] {
        let uuid = Value.string(isOrdered ? orderedUUID() : randomUUID())
        return ["result": uuid, "id": uuid]
    }

    func imported(_ id: String) throws(ProviderFailure) -> Value? {
        let parts = id.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.map(\.utf8.count) == [8, 4, 4, 4, 12], parts.allSatisfy({ $0.utf8.allSatisfy(isHexadecimal) }) else {
            throw importFailure("Import Random UUID Error", "\"\(id)\" is no UUID, such as aabbccdd-eeff-0011-2233-445566778899.")
        }
        let uuid = Value.string(id.lowercased())
        return importedObject(["result": uuid, "id": uuid])
    }
}

private func isHexadecimal(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"), UInt8(ascii: "A")...UInt8(ascii: "F"): true
    default: false
    }
}
