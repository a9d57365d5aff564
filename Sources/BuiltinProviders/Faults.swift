import Crypto
import Diagnostics
import Values

// What types say of their arguments, in the words that most providers of the reference share.

/// A fault in an argument, said of the resource as a whole: the planner knows the place.
func argumentFault(_ summary: String, _ detail: String) -> Diagnostic { .error(summary, detail) }

func argumentFault(_ detail: String) -> Diagnostic { argumentFault("Invalid Attribute Value", detail) }

/// A fault that is shown at the argument.
func argumentFault(_ argument: String, _ summary: String, _ detail: String, hints: [String] = []) -> Diagnostic {
    var fault = Diagnostic.error(summary, detail, hints: hints)
    fault.argument = argument
    return fault
}

/// Of a text that is none of those that there are.
func oneOfFaults(_ name: String, _ choices: [String], in configuration: Value) -> [Diagnostic] {
    guard let text = configuration.string(name), !choices.contains(text) else { return [] }
    return [
        argumentFault(
            name, "Invalid Attribute Value Match", matchDetail(name, choices, got: text),
            hints: nearestName(text, among: choices).map { ["Did you mean \"\($0)\"?"] } ?? [])
    ]
}

func matchDetail(_ name: String, _ choices: [String], got text: String) -> String {
    "Attribute \(name) value must be one of: [\(choices.map { "\"\($0)\"" }.joined(separator: " "))], got: \"\(text)\""
}

/// Of several arguments just one is to be set; unknown ones count as set.
func exactlyOneFault(_ names: [String], in configuration: Value) -> [Diagnostic] {
    let given = names.filter { !(configuration[$0]?.isNull ?? true) }
    if given.count == 1 { return [] }
    return [
        argumentFault(
            given.isEmpty ? "Missing Attribute Configuration" : "Invalid Attribute Combination",
            "Exactly one of these attributes must be configured: [\(names.joined(separator: ","))]")
    ]
}

/// In hexadecimal digits.
func sha1(of bytes: [UInt8]) -> String { hexadecimal(Insecure.SHA1.hash(data: bytes)) }
