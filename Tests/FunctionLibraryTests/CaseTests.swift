import FunctionLibrary
import Testing
import Values

/// Every call in the folder `Cases`, with what the reference gives for it (see `Cases/oracle`).
@Suite struct CaseTests {
    @Test(arguments: try CaseFile.all())
    func everyCaseGivesWhatTheReferenceGives(file: CaseFile) throws {
        #expect(!file.cases.isEmpty)
        for example in file.cases {
            let outcome = Self.outcome(of: example.call)
            let expected = try Self.normalised(example.outcome)
            #expect(outcome == expected, "\(file.name):\(example.line) \(example.call)")
        }
    }

    static func outcome(of text: String) -> String {
        do {
            let (name, arguments) = try TypedTextReader.call(text)
            guard let function = FunctionTable.standard[name] else { return "there is no function \(name)" }
            do {
                return "= "
                    + TypedText.text(
                        try FunctionTable.standard.call(function, arguments, environment: FixtureEnvironment()))
            } catch {
                switch error.place {
                case .call: return "! call: \(error.message)"
                case .argument(let index): return "! \(function.parameter(at: index)?.name ?? "?"): \(error.message)"
                case .missing, .extra:
                    return "! \(error.summary): \(error.detail(of: function, calledAs: name).dropLast())"
                }
            }
        } catch {
            return "the case cannot be read: \(error)"
        }
    }

    /// Values in one spelling; errors with their escapes read.
    static func normalised(_ outcome: String) throws -> String {
        let outcome = outcome.replacing("=*", with: "=").replacing("!*", with: "!")
        if outcome.hasPrefix("= ") { return "= " + TypedText.text(try TypedTextReader.value(String(outcome.dropFirst(2)))) }
        var result = ""
        var isEscaped = false
        for character in outcome {
            if isEscaped {
                result.append(character == "n" ? "\n" : character)
                isEscaped = false
            } else if character == "\\" {
                isEscaped = true
            } else {
                result.append(character)
            }
        }
        return result
    }
}

/// A file of cases.
struct CaseFile: CustomTestStringConvertible, Sendable {
    struct Case: Sendable {
        let line: Int
        let call: String
        let outcome: String
    }

    let name: String
    let cases: [Case]
    var testDescription: String { name }

    static func all() throws -> [CaseFile] {
        try Fixtures.names(in: "Cases").filter { $0.hasSuffix(".txt") }.sorted().map { name in
            let text = String(decoding: try Fixtures.read("Cases/" + name), as: UTF8.self)
            var cases: [Case] = []
            var call: (Int, String)?
            for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
                if line.hasPrefix("  "), let (number, text) = call {
                    cases.append(Case(line: number, call: text, outcome: String(line.dropFirst(2))))
                    call = nil
                } else if !line.isEmpty, !line.hasPrefix("#") {
                    call = (index + 1, String(line))
                }
            }
            return CaseFile(name: name, cases: cases)
        }
    }
}
