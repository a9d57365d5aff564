import Addresses
import ProviderKit
import Values

extension BuiltinProvider {
    /// `terraform_data` and `data.terraform_remote_state`.
    ///
    /// - Parameter http: for states behind a URL.
    public static func terraform(http: @escaping HTTPSource) -> BuiltinProvider {
        BuiltinProvider(
            name: "terraform", version: "1.11.4", types: [TerraformData()], dataSources: [RemoteState(http: http)])
    }
}

/// Keeps a value in the state, and replaces itself where another value changes.
struct TerraformData: StateOnlyType {
    let schema = ResourceSchema(
        type: ResourceType("terraform_data"),
        block: BlockSchema(
            attributes: [
                AttributeSchema(name: "id", type: .string, isComputed: true, description: "A unique identifier, drawn when it is created."),
                AttributeSchema(
                    name: "input", type: .dynamic, isOptional: true, description: "A value that is stored, and given as output."),
                AttributeSchema(name: "output", type: .dynamic, isComputed: true, description: "The input, once it has been applied."),
                AttributeSchema(
                    name: "triggers_replace", type: .dynamic, isOptional: true, description: "A value whose change replaces the object."),
            ], description: "A value in the state."))

    private static let shape = Shape(sortedNames: ["id", "input", "output", "triggers_replace"])
    private static let unknownID = Value.unknown(.string, .notNull)

    func propose(_ configuration: Value, from prior: Value?) throws(ProviderFailure) -> Proposal {
        let input = configuration["input"] ?? .null
        let triggers = configuration["triggers_replace"] ?? .null
        var replaces: [Path] = []
        let output: Value
        let id: Value
        if let prior, let priorID = prior["id"] {
            let sameTriggers = isSame(prior["triggers_replace"], triggers)
            if !sameTriggers { replaces = [.attribute("triggers_replace")] }
            if sameTriggers, isSame(prior["input"], input) {
                id = priorID
                // The reference forgets that what comes out was a secret when it went in; here it stays one, at the same place.
                output = (prior["output"] ?? .null).withMarks(at: input.unmarkedDeep().1)
            } else {
                id = sameTriggers ? priorID : Self.unknownID
                output = sameTriggers || !input.isNull ? input.unknownKeepingMarks() : .null(input.type).marked(input.marks)
            }
        } else {
            id = Self.unknownID
            output = input.isNull ? .null(input.type).marked(input.marks) : input.unknownKeepingMarks()
        }
        return Proposal(planned: .object(shape: Self.shape, slots: [id, input, output, triggers]), replaces: replaces)
    }

    func createNow(_ planned: Value) throws(ProviderFailure) -> Value {
        stored(planned, id: .string(randomUUID()))
    }

    func updateNow(_ planned: Value, from prior: Value) throws(ProviderFailure) -> Value {
        stored(planned, id: prior["id"] ?? .string(randomUUID()))
    }

    func imported(_ id: String) throws(ProviderFailure) -> Value? {
        .object(shape: Self.shape, slots: [.string(id), .null(.dynamic), .null(.dynamic), .null(.dynamic)])
    }

    /// A `null_resource` becomes one: its triggers are the reason to replace it, as the object that braces in a block make.
    func moved(_ object: RemoteObject, from provider: String) throws(ProviderFailure) -> Value? {
        guard provider == "null" else {
            throw ProviderFailure(
                .invalidConfiguration, summary: "Unsupported source provider for move operation",
                detail: "Only moving from the official hashicorp/null provider to terraform_data is supported.")
        }
        guard object.type == ResourceType("null_resource") else {
            throw ProviderFailure(
                .invalidConfiguration, summary: "Unsupported source resource type for move operation",
                detail: "Only moving from the null_resource managed resource to terraform_data is supported.")
        }
        let recorded = object.attributes["triggers"] ?? .null(.map(.string))
        let triggers = recorded.entries.map { Value.object($0).withMarks(recorded.marks) } ?? recorded
        return .object(
            shape: Self.shape,
            slots: [
                object.attributes["id"] ?? .null(.string), .null(.dynamic), .null(.dynamic), triggers.isNull ? .null(.dynamic) : triggers,
            ])
    }

    private func stored(_ planned: Value, id: Value) -> Value {
        let input = unmarked(planned["input"])
        return .object(shape: Self.shape, slots: [id, input, input, unmarked(planned["triggers_replace"])])
    }

    private func isSame(_ prior: Value?, _ new: Value) -> Bool { unmarked(prior) == unmarked(new) }

    private func unmarked(_ value: Value?) -> Value { (value ?? .null).withoutMarks([.sensitive, .ephemeral]) }
}

extension Path {
    static func attribute(_ name: String) -> Path { Path([.attribute(name)]) }
}

/// A random UUID (version 4) as text.
func randomUUID() -> String {
    var generator = SystemRandomNumberGenerator()
    return uuidText(high: (generator.next() & 0xFFFF_FFFF_FFFF_0FFF) | 0x4000, low: generator.next())
}

/// A UUID that begins with the milliseconds since 1970 (version 7) as text.
func orderedUUID() -> String {
    var generator = SystemRandomNumberGenerator()
    let milliseconds = UInt64(CivilTime.milliseconds())
    return uuidText(high: milliseconds << 16 | 0x7000 | generator.next() & 0xFFF, low: generator.next())
}

/// The two highest bits of the second half are those of every UUID.
private func uuidText(high: UInt64, low: UInt64) -> String {
    let low = low & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000
    return String(unsafeUninitializedCapacity: 36) { buffer in
        var position = 0
        for (index, word) in [high, low].enumerated() {
            for nibble in 0..<16 {
                // Dashes after digits 8, 12, 16 and 20.
                let digit = index * 16 + nibble
                if digit == 8 || digit == 12 || digit == 16 || digit == 20 {
                    buffer[position] = UInt8(ascii: "-")
                    position += 1
                }
                let value = UInt8(truncatingIfNeeded: word >> UInt64(60 - 4 * nibble)) & 0xF
                buffer[position] = value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
                position += 1
            }
        }
        return position
    }
}
