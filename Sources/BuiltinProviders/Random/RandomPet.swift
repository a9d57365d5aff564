import Addresses
import Diagnostics
import ProviderKit
import Values

/// `random_pet`: a name that people can remember.
struct RandomPet: RandomType {
    let schema = ResourceSchema(
        type: ResourceType("random_pet"),
        block: BlockSchema(
            attributes: [
                .keepers, .defaulted("length", .number, "How many words; 2 where not set."),
                .argument("prefix", .string, "A word to begin with."),
                .defaulted("separator", .string, "What stands between the words; \"-\" where not set."),
                .computed("id", .string, "The name."),
            ], description: "A random name of a few words."))

    let defaults: [String: Value] = ["length": .int(2), "separator": .string("-")]

    func validate(_ configuration: Value) -> [Diagnostic] {
        lengthFaults("length", in: configuration)
    }

    func draw(_ arguments: Value) throws(ProviderFailure) -> [String: Value] {
        let length = arguments.int("length") ?? 2
        var generator = SystemRandomNumberGenerator()
        var words: [String] = []
        if let prefix = arguments.string("prefix"), !prefix.isEmpty { words.append(prefix) }
        for place in 0..<length {
            let list = place == length - 1 ? PetWords.animals : place == length - 2 ? PetWords.adjectives : PetWords.adverbs
            if let word = list.randomElement(using: &generator) { words.append(String(word)) }
        }
        return ["id": .string(words.joined(separator: arguments.string("separator") ?? "-"))]
    }
}
