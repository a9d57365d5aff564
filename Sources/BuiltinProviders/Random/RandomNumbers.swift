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

/// `random_uuid`.
struct RandomUUID: RandomType {
    let schema = ResourceSchema(
        type: ResourceType("random_uuid"),
        block: BlockSchema(
            attributes: [
                .keepers, .computed("result", .string, "The UUID as text."), .computed("id", .string, "The same."),
            ], description: "A random UUID (version 4)."))

    func draw(_ arguments: Value) throws(ProviderFailure) -> [String: Value] {
        let uuid = Value.string(randomUUID())
        return ["result": uuid, "id": uuid]
    }
}
