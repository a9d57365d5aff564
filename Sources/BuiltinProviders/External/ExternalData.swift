import Addresses
import Diagnostics
import Glibc
import ProviderKit
import Values

extension BuiltinProvider {
    /// `data.external`.
    public static let external = BuiltinProvider(name: "external", version: "2.4.0", types: [], dataSources: [ExternalData()])
}

/// `data.external`: asks a program, which reads an object in JSON and prints one.
struct ExternalData: BuiltinDataSource {
    let schema = ResourceSchema(
        type: ResourceType("external"),
        block: BlockSchema(
            attributes: [
                AttributeSchema(
                    name: "program", type: .list(.string), isRequired: true,
                    description: "The program and its arguments; no shell sees them."),
                AttributeSchema(name: "working_dir", type: .string, isOptional: true, description: "Where it runs; here where not set."),
                AttributeSchema(name: "query", type: .map(.string), isOptional: true, description: "What it is to read."),
                .computed("result", .map(.string), "What it printed."), .computed("id", .string, "Always \"-\"."),
            ], description: "The answer of a program."))

    func validate(_ configuration: Value) -> [Diagnostic] {
        guard let words = configuration["program"]?.unmarked, !words.isNull, !words.isUnknown, words.elements?.isEmpty ?? true else {
            return []
        }
        return [
            argumentFault("program", "Invalid Attribute Value", "Attribute program list must contain at least 1 elements, got: 0")
        ]
    }

    func read(_ configuration: Value) async throws(ProviderFailure) -> Value {
        let arguments = configuration.unmarked
        let words = (arguments["program"]?.elements ?? []).compactMap(\.stringValue).filter { !$0.isEmpty }
        guard let program = words.first else {
            throw failure(
                .invalidConfiguration, "External Program Missing",
                "The data source was configured without a program to execute. Its program holds no text that is not empty.")
        }
        let query = Value.map((arguments["query"]?.entries ?? []).filter { !$0.value.isNull }.map { ($0.key, $0.value) }, of: .string)
        let input: [UInt8]
        do {
            input = Array(try query.jsonText().utf8)
        } catch {
            throw failure(.invalidConfiguration, "Query Handling Failed", "The query cannot be written as JSON: \(error).")
        }
        let directory = arguments.string("working_dir").flatMap { $0.isEmpty ? nil : $0 }
        guard Self.isThere(program, directory) else {
            throw failure(
                .notFound, "External Program Lookup Failed",
                "There is no program \"\(program)\" that may be run: not \(program.contains("/") ? "at that path" : "in any directory of PATH").",
                hints: [
                    "Install the program; one that belongs to the configuration is named from its module on: \"${path.module}/\(program)\"."
                ])
        }
        let child = ChildProgram(words, directory: directory)
        let outcome: Result<ChildProgram.Ending, ProviderFailure> = await Interruption.ending {
            await withTaskCancellationHandler {
                await Self.outcome(child, input, program)
            } onCancel: {
                child.stop()
            }
        }
        return try filled(configuration, try outcome.get(), program)
    }

    private static func outcome(_ child: ChildProgram, _ input: [UInt8], _ program: String) async -> Result<
        ChildProgram.Ending, ProviderFailure
    > {
        do throws(ProviderFailure) {
            return .success(
                try await Blocking.run { () throws(ProviderFailure) in
                    do throws(ChildProgram.Failure) {
                        return try child.run(input: input)
                    } catch {
                        throw ProviderFailure(
                            .other, summary: "External Program Execution Failed",
                            detail: "The program \(program) could not be started: \(error.reason).", path: .attribute("program"))
                    }
                })
        } catch {
            return .failure(error)
        }
    }

    private func filled(_ configuration: Value, _ ending: ChildProgram.Ending, _ program: String) throws(ProviderFailure) -> Value {
        if ending.isTooLong {
            throw failure(
                .unexpectedAnswer, "External Program Execution Failed", "The program \(program) printed more than 64 MiB, and was ended.")
        }
        guard ending.code == 0 else {
            let said = String(decoding: ending.errors.suffix(8_000), as: UTF8.self).trimming()
            let state = ending.code.map { "exit status \($0)" } ?? "it was killed"
            throw failure(
                .other, "External Program Execution Failed",
                said.isEmpty
                    ? "The program was executed, however it returned no additional error messaging.\n\nProgram: \(program)\nState: \(state)"
                    : "The program failed.\n\nProgram: \(program)\nError Message: \(said)\nState: \(state)")
        }
        let rule = "Program output must be a JSON encoded map of string keys and string values."
        let answer: Value
        do {
            answer = try Value.parsingJSON(ending.output)
        } catch {
            throw failure(
                .unexpectedAnswer, "Unexpected External Program Results", "\(rule)\n\nProgram: \(program)\nResult Error: \(error)")
        }
        var result: [(String, Value)] = []
        guard let entries = answer.isNull ? [] : answer.entries else {
            throw failure(
                .unexpectedAnswer, "Unexpected External Program Results",
                "\(rule)\n\nProgram: \(program)\nResult Error: it printed \(answer.type.friendlyName), not an object")
        }
        for (key, value) in entries {
            guard value.isNull || value.stringValue != nil else {
                throw failure(
                    .unexpectedAnswer, "Unexpected External Program Results",
                    "\(rule)\n\nProgram: \(program)\nResult Error: the value of \"\(key)\" is \(value.type.friendlyName), not a string")
            }
            result.append((key, value.isNull ? .string("") : value))
        }
        return configuration.setting(["result": .map(result, of: .string), "id": .string("-")])
    }

    private func failure(_ code: ProviderFailure.Code, _ summary: String, _ detail: String, hints: [String] = []) -> ProviderFailure {
        ProviderFailure(code, summary: summary, detail: detail, hints: hints, path: .attribute("program"))
    }

    /// A path is taken from where the program is to run.
    private static func isThere(_ program: String, _ directory: String?) -> Bool {
        if program.contains("/") {
            let path = program.hasPrefix("/") ? program : directory.map { "\($0)/\(program)" } ?? program
            return access(path, X_OK) == 0
        }
        let folders = getenv("PATH").map { String(cString: $0) } ?? "/usr/bin:/bin"
        return folders.split(separator: ":", omittingEmptySubsequences: false).contains { folder in
            access(folder.isEmpty ? program : "\(folder)/\(program)", X_OK) == 0
        }
    }
}
