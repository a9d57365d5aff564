import Addresses
import Diagnostics
import ProviderKit
import Values

/// `random_password` and `random_string`.
struct RandomText: RandomType {
    let isPassword: Bool
    let schema: ResourceSchema

    static let password = RandomText(isPassword: true)
    static let string = RandomText(isPassword: false)

    let defaults: [String: Value] = [
        "special": .true, "upper": .true, "lower": .true, "min_numeric": .int(0), "min_upper": .int(0), "min_lower": .int(0),
        "min_special": .int(0),
    ]

    init(isPassword: Bool) {
        self.isPassword = isPassword
        var number = AttributeSchema.defaulted("number", .bool, "The old name of numeric.")
        number.isDeprecated = true
        let hash: [AttributeSchema] =
            isPassword ? [.computed("bcrypt_hash", .string, isSensitive: true, "The text's hash by bcrypt.")] : []
        schema = ResourceSchema(
            type: ResourceType(isPassword ? "random_password" : "random_string"),
            block: BlockSchema(
                attributes: hash + [
                    .keepers, .argument("length", .number, isRequired: true, "How many characters."),
                    .defaulted("special", .bool, "Whether to use special characters: !@#$%&*()-_=+[]{}<>:?"),
                    .defaulted("upper", .bool, "Whether to use upper-case letters."),
                    .defaulted("lower", .bool, "Whether to use lower-case letters."),
                    .defaulted("numeric", .bool, "Whether to use digits."), number,
                    .defaulted("min_numeric", .number, "At least so many digits."),
                    .defaulted("min_upper", .number, "At least so many upper-case letters."),
                    .defaulted("min_lower", .number, "At least so many lower-case letters."),
                    .defaulted("min_special", .number, "At least so many special characters."),
                    .argument("override_special", .string, "The special characters to choose from, instead of the usual ones."),
                    .computed("result", .string, isSensitive: isPassword, "The text that was drawn."),
                    .computed("id", .string, isPassword ? "Always \"none\"." : "The text that was drawn."),
                ], description: isPassword ? "A random text that is kept secret." : "A random text that is no secret."),
            version: isPassword ? 3 : 2)
    }

    func validate(_ configuration: Value) -> [Diagnostic] {
        let minimums = ["min_numeric", "min_upper", "min_lower", "min_special"]
        var faults = (["length"] + minimums).flatMap { lengthFaults($0, in: configuration, minimum: .min) }
        // Beyond the limit they could not even be added up.
        guard faults.isEmpty else { return faults }
        let minimum = minimums.reduce(0) { $0 + (configuration.int($1) ?? 0) }
        if let length = configuration.int("length"), length < max(1, minimum) {
            faults.append(
                argumentFault(
                    "Attribute length value must be at least 1 and at least the sum of min_upper, min_lower, min_numeric and min_special (\(minimum)), got: \(length)."
                ))
        }
        if let number = configuration.bool("number"), let numeric = configuration.bool("numeric"), number != numeric {
            faults.append(argumentFault("Number and numeric are two names of one argument, so they cannot differ."))
        }
        let digits = configuration["numeric"]?.isNull ?? true ? configuration.bool("number") : configuration.bool("numeric")
        if [configuration.bool("special"), configuration.bool("upper"), configuration.bool("lower"), digits].allSatisfy({ $0 == false }) {
            faults.append(argumentFault("At least one attribute out of [special, upper, lower, numeric] must be true."))
        }
        return faults
    }

    func propose(_ configuration: Value, from prior: Value?) throws(ProviderFailure) -> Proposal {
        var configuration = configuration
        let number = configuration["number"] ?? .null(.bool)
        let numeric = configuration["numeric"] ?? .null(.bool)
        let digits = !numeric.isNull ? numeric : !number.isNull ? number : .true
        configuration = configuration.setting(["number": digits, "numeric": digits])
        // An empty set of special characters, left out, changes nothing.
        if prior?.string("override_special") == "", configuration["override_special"]?.isNull ?? true {
            configuration = configuration.setting(["override_special": .string("")])
        }
        return plainProposal(configuration, from: prior)
    }

    func draw(_ arguments: Value) throws(ProviderFailure) -> [String: Value] {
        let override = arguments.string("override_special") ?? ""
        let classes: [(characters: [Character], isUsed: Bool, minimum: Int)] = [
            (Array("0123456789"), arguments.bool("numeric") ?? true, arguments.int("min_numeric") ?? 0),
            (Array("abcdefghijklmnopqrstuvwxyz"), arguments.bool("lower") ?? true, arguments.int("min_lower") ?? 0),
            (Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ"), arguments.bool("upper") ?? true, arguments.int("min_upper") ?? 0),
            (
                Array(override.isEmpty ? "!@#$%&*()-_=+[]{}<>:?" : override), arguments.bool("special") ?? true,
                arguments.int("min_special") ?? 0
            ),
        ]
        let all = classes.filter(\.isUsed).flatMap(\.characters)
        let length = arguments.int("length") ?? 0
        var generator = SystemRandomNumberGenerator()
        var drawn: [Character] = []
        for kind in classes {
            for _ in 0..<max(0, kind.minimum) {
                if let character = kind.characters.randomElement(using: &generator) { drawn.append(character) }
            }
        }
        guard !all.isEmpty, drawn.count <= length else {
            throw ProviderFailure(
                .invalidConfiguration, summary: "Create Random String Error",
                detail: "No text of \(length) characters can be drawn from the characters that are allowed.")
        }
        while drawn.count < length { if let character = all.randomElement(using: &generator) { drawn.append(character) } }
        drawn.shuffle(using: &generator)
        let result = String(drawn)
        return values(result)
    }

    /// Hashing takes a while.
    var isImmediate: Bool { !isPassword }
    func create(_ planned: Value) async throws(ProviderFailure) -> Value {
        try await Blocking.run { () throws(ProviderFailure) in try createNow(planned) }
    }

    private func values(_ text: String) -> [String: Value] {
        guard isPassword else { return ["result": .string(text), "id": .string(text)] }
        return ["result": .string(text), "id": .string("none"), "bcrypt_hash": .string(PasswordHash.bcrypt(text))]
    }

    /// The text itself.
    func imported(_ id: String) throws(ProviderFailure) -> Value? {
        var values = defaults
        for (name, value) in self.values(id) { values[name] = value }
        values["length"] = .int(id.count)
        values["number"] = .true
        values["numeric"] = .true
        return importedObject(values)
    }
}
