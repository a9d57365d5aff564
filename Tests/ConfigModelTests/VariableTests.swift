import ConfigModel
import Diagnostics
import Testing
import Values

/// Which value a root variable gets, and what is said of those that cannot be.
struct VariableTests {
    static let declarations = """
        variable "s" {
          type    = string
          default = "d"
        }
        variable "n" {
          type    = number
          default = 1
        }
        variable "l" {
          type    = list(string)
          default = []
        }
        variable "untyped" {
          default = {}
        }
        variable "any" {
          type    = any
          default = null
        }
        variable "o" {
          type    = object({ x = number, y = optional(string, "z") })
          default = { x = 1 }
        }
        variable "strict" {
          type     = string
          nullable = false
          default  = "q"
        }
        variable "secret" {
          type      = string
          sensitive = true
          default   = "q"
        }
        variable "b" {
          type    = bool
          default = true
        }
        """

    struct Given: Sendable, CustomTestStringConvertible {
        var environment: [String: String] = [:]
        var files: [String: String] = [:]
        var automatic: [String] = []
        var commandLine: [VariableInputs.CommandLineItem] = []
        var name = ""
        var value: Value?
        var summaries: [String] = []
        var testDescription: String { "\(environment) \(files) \(commandLine)" }
    }

    func resolve(_ given: Given, declarations: String = Self.declarations) throws -> ResolvedVariables {
        var files = given.files.mapValues { Array($0.utf8) }
        files["main.tf"] = Array(declarations.utf8)
        let sources = ModuleSources(files: files)
        let (configuration, diagnostics) = loadConfiguration(root: ".", sources: sources, functions: FewFunctions())
        #expect(diagnostics == [])
        let root = try #require(configuration?.modules.first)
        let automatic = VariableInputs.automaticFiles(in: ".", sources: sources)
        return resolveVariables(
            root: root, inputs: VariableInputs(environment: given.environment, files: automatic, commandLine: given.commandLine),
            read: sources.read)
    }

    @Test(arguments: [
        Given(commandLine: [.assignment("s=5")], name: "s", value: .string("5")),
        Given(commandLine: [.assignment("n=7")], name: "n", value: .int(7)),
        Given(commandLine: [.assignment("s=null")], name: "s", value: .string("null")),
        Given(commandLine: [.assignment("s=\"q\"")], name: "s", value: .string("\"q\"")),
        Given(commandLine: [.assignment("s=a=b")], name: "s", value: .string("a=b")),
        Given(commandLine: [.assignment("l=[\"a\",1]")], name: "l", value: .list([.string("a"), .string("1")], of: .string)),
        Given(commandLine: [.assignment("untyped={a=1}")], name: "untyped", value: .string("{a=1}")),
        Given(commandLine: [.assignment("any={a=1}")], name: "any", value: .object(["a": .int(1)])),
        Given(commandLine: [.assignment("any=\"x\"")], name: "any", value: .string("x")),
        Given(commandLine: [.assignment("any=null")], name: "any", value: .null),
        Given(commandLine: [.assignment("o={x=\"5\"}")], name: "o", value: .object(["x": .int(5), "y": .string("z")])),
        Given(commandLine: [.assignment("strict=null")], name: "strict", value: .string("null")),
        Given(
            commandLine: [.assignment("secret=a"), .assignment("secret=b")], name: "secret", value: Value.string("b").marked(.sensitive)),
        Given(environment: ["TF_VAR_l": "[1,2]"], name: "l", value: .list([.string("1"), .string("2")], of: .string)),
        Given(environment: ["TF_VAR_nope": "1", "n": "8"], name: "n", value: .int(1)),
        Given(files: ["terraform.tfvars": "strict = null\ns = null"], name: "s", value: .null(.string)),
        Given(files: ["terraform.tfvars": "strict = null"], name: "strict", value: .string("q")),
        Given(files: ["terraform.tfvars": "s=3\nn=\"4\""], name: "n", value: .int(4)),
        // Precedence, low to high.
        Given(environment: ["TF_VAR_s": "env"], files: ["terraform.tfvars": "s = \"file\""], name: "s", value: .string("file")),
        Given(files: ["terraform.tfvars": "s = \"a\"", "terraform.tfvars.json": "{\"s\": \"b\"}"], name: "s", value: .string("b")),
        Given(files: ["terraform.tfvars.json": "{\"s\": \"b\"}", "a.auto.tfvars": "s = \"c\""], name: "s", value: .string("c")),
        Given(files: ["b.auto.tfvars.json": "{\"s\": \"d\"}", "a.auto.tfvars": "s = \"c\""], name: "s", value: .string("d")),
        Given(files: ["a.auto.tfvars": "s = \"c\""], commandLine: [.assignment("s=e")], name: "s", value: .string("e")),
        Given(files: ["x.tfvars": "n = 9"], commandLine: [.assignment("n=8"), .file("x.tfvars")], name: "n", value: .int(9)),
        Given(files: ["x.tfvars": "n = 9"], commandLine: [.file("x.tfvars"), .assignment("n=8")], name: "n", value: .int(8)),
        Given(files: ["x.tfvars.json": "{\"n\": 12}"], commandLine: [.file("x.tfvars.json")], name: "n", value: .int(12)),
        // Text in such a file is no template, and "//" no comment where names are expected.
        Given(
            files: ["x.tfvars.json": #"{"//": "c", "s": "${x} $${y} %{if}"}"#], commandLine: [.file("x.tfvars.json")], name: "s",
            value: .string("${x} $${y} %{if}")),
        Given(
            files: ["x.tfvars.json": #"{"any": {"${k}": [1, null, true]}}"#], commandLine: [.file("x.tfvars.json")], name: "any",
            value: .object(["${k}": .tuple([.int(1), .null, .bool(true)])])),
        Given(files: [".hidden.auto.tfvars": "n = 9"], name: "n", value: .int(1)),
    ])
    func aValueIsTaken(_ given: Given) throws {
        let resolved = try resolve(given)
        #expect(resolved.diagnostics == [])
        #expect(resolved.values[given.name] == given.value)
    }

    @Test(arguments: [
        Given(commandLine: [.assignment("n=abc")], summaries: ["Invalid value for input variable"]),
        Given(commandLine: [.assignment("n=null")], summaries: ["Invalid value for input variable"]),
        Given(commandLine: [.assignment("b=yes")], summaries: ["Invalid value for input variable"]),
        Given(commandLine: [.assignment("o={y=\"5\"}")], summaries: ["Invalid value for input variable"]),
        Given(commandLine: [.assignment("l=[oops")], summaries: ["Unterminated tuple constructor expression"]),
        Given(commandLine: [.assignment("l=abc")], summaries: ["Variables not allowed"]),
        Given(commandLine: [.assignment("any=x")], summaries: ["Variables not allowed"]),
        Given(commandLine: [.assignment("l=[upper(\"x\")]")], summaries: ["Function calls not allowed"]),
        Given(commandLine: [.assignment("nope=1")], summaries: ["Value for undeclared variable"]),
        Given(commandLine: [.assignment("=5")], summaries: ["Value for undeclared variable"]),
        Given(commandLine: [.assignment("s")], summaries: ["Invalid -var option"]),
        Given(commandLine: [.assignment("s = 5")], summaries: ["Invalid -var option"]),
        Given(environment: ["TF_VAR_n": "abc"], summaries: ["Invalid value for input variable"]),
        Given(environment: ["TF_VAR_l": ""], summaries: ["Missing expression"]),
        Given(files: ["terraform.tfvars": "n = \"x\""], summaries: ["Invalid value for input variable"]),
        Given(files: ["terraform.tfvars": "n = upper(\"x\")"], summaries: ["Function calls not allowed"]),
        Given(files: ["terraform.tfvars": "n = var.s"], summaries: ["Variables not allowed"]),
        Given(files: ["terraform.tfvars": "variable \"x\" {}"], summaries: ["Variable declaration in .tfvars file"]),
        Given(files: ["terraform.tfvars": "n = \n"], summaries: ["Invalid expression"]),
        Given(files: ["terraform.tfvars": "nope = 1"], summaries: ["Value for undeclared variable"]),
        Given(
            files: ["terraform.tfvars": "a1 = 1\na2 = 1\na3 = 1\na4 = 1"],
            summaries: ["Value for undeclared variable", "Value for undeclared variable", "Values for undeclared variables"]),
        Given(files: ["terraform.tfvars": "secret = [1]"], summaries: ["Invalid value for input variable"]),
        Given(commandLine: [.file("nope.tfvars")], summaries: ["Failed to read variables file"]),
        Given(files: ["x.tfvars.json": "[1]"], commandLine: [.file("x.tfvars.json")], summaries: ["Incorrect JSON value type"]),
        Given(
            files: ["x.tfvars.json": #"{"s": "a", "s": "b"}"#], commandLine: [.file("x.tfvars.json")],
            summaries: ["Duplicate attribute definition"]),
        Given(
            files: ["x.tfvars.json": #"{"any": {"a": 1, "a": 2}}"#], commandLine: [.file("x.tfvars.json")],
            summaries: ["Duplicate object attribute"]),
        Given(files: ["x.tfvars.json": "{"], commandLine: [.file("x.tfvars.json")], summaries: ["Missing value"]),
        Given(files: ["x.tfvars.json": "\"x\""], commandLine: [.file("x.tfvars.json")], summaries: ["Root value must be object"]),
        Given(
            files: ["x.tfvars.json": "{\"n\": \"q\"}"], commandLine: [.file("x.tfvars.json")],
            summaries: ["Invalid value for input variable"]),
        Given(files: ["x.txt": "n 3"], commandLine: [.file("x.txt")], summaries: ["Argument or block definition required"]),
    ])
    func aFaultIsReported(_ given: Given) throws {
        let resolved = try resolve(given)
        #expect(resolved.diagnostics.map(\.summary) == given.summaries)
    }

    @Test func aMissingValueIsReportedAtTheDeclaration() throws {
        let resolved = try resolve(Given(), declarations: "variable \"r\" {}\nvariable \"n\" {\n  nullable = false\n}\n")
        #expect(resolved.diagnostics.map(\.summary) == ["No value for required variable", "No value for required variable"])
        #expect(resolved.diagnostics.allSatisfy { $0.subject?.file == "main.tf" })
    }

    @Test func aRequiredVariableThatIsNotNullableRefusesNull() throws {
        let resolved = try resolve(
            Given(files: ["terraform.tfvars": "n = null"]), declarations: "variable \"n\" {\n  nullable = false\n}\n")
        #expect(resolved.diagnostics.map(\.summary) == ["Required variable not set"])
    }

    @Test func aSecretIsInNoDiagnosticAndNoExcerpt() throws {
        let declarations = "variable \"secret\" {\n  type      = list(string)\n  sensitive = true\n}\n"
        for given in [
            Given(files: ["terraform.tfvars": "secret = { hunter2 = \"hunter2\" }"]), Given(commandLine: [.assignment("secret=[hunter2")]),
            Given(commandLine: [.assignment("secret=\"hunter2\"")]), Given(files: ["terraform.tfvars": "secret = [\"hunter2\n"]),
        ] {
            let resolved = try resolve(given, declarations: declarations)
            #expect(!resolved.diagnostics.isEmpty)
            for diagnostic in resolved.diagnostics {
                #expect(!"\(diagnostic)".contains("hunter2"))
                let bytes = diagnostic.subject.flatMap { resolved.sources.bytes(of: $0.file) } ?? []
                #expect(!String(decoding: bytes, as: UTF8.self).contains("hunter2"))
            }
        }
    }
}
