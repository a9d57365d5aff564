import FunctionLibrary
import Values

/// Every function with values of every kind, made from the input's bytes. What is promised of a result before its arguments are known must
/// hold when they are.
final class FunctionTarget: FuzzTarget {
    let dictionary: [String] = []
    private let table = FunctionTable.standard
    /// Slow on purpose, or another each time.
    private let skipped: Set<String> = ["bcrypt", "uuid", "timestamp"]

    private var answered = 0
    private var compared = 0
    var note: String { "; \(answered) calls answered, \(compared) promises compared" }

    func run(_ bytes: [UInt8]) -> String? {
        var seed: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in bytes { seed = (seed ^ UInt64(byte)) &* 0x0100_0000_01B3 }
        var values = RandomValues(SeededRandom(state: seed), texts: bytes)
        for _ in 0..<20 {
            guard let name = table.names.randomElement(using: &values.random), !skipped.contains(name), let function = table[name] else {
                continue
            }
            let count = function.parameters.count + (function.variadic == nil ? 0 : Int.random(in: 0...3, using: &values.random))
            let arguments = (0..<count).map { values.value(like: function.parameter(at: $0)?.type ?? .dynamic) }
            if let fault = check(name, function, arguments, &values.random) { return fault }
        }
        return nil
    }

    private func check(_ name: String, _ function: Function, _ arguments: [Value], _ random: inout SeededRandom) -> String? {
        func call(_ arguments: [Value]) -> Value? {
            // What it refuses, it refuses.
            try? table.call(function, arguments, environment: EmptyWorld())
        }
        guard let result = call(arguments) else { return nil }
        answered += 1
        let (plain, _) = result.unmarkedDeep()
        if plain.isWhollyKnown { _ = try? plain.jsonText() }
        guard let index = arguments.indices.randomElement(using: &random), arguments.allSatisfy({ $0.unmarkedDeep().0.isWhollyKnown })
        else {
            return nil
        }
        var earlier = arguments
        earlier[index] = .unknown(arguments[index].type)
        guard let promised = call(earlier)?.unmarkedDeep().0 else { return nil }
        compared += 1
        func fault(_ text: String) -> String {
            "\(name)(\(arguments.map { String(describing: $0).prefix(200) })), argument \(index): \(text)"
        }
        if promised.isWhollyKnown, promised != plain { return fault("promised \(promised), is \(plain)") }
        if promised.isUnknown, !promised.type.holdsDynamic, promised.type != plain.type {
            return fault("promised \(promised.type.friendlyName), is \(plain.type.friendlyName)")
        }
        return nil
    }
}
