import Addresses
import ConfigModel
import Diagnostics
import Evaluation
import HCLSyntax
import Testing
import Values

/// What is worked out before anything is planned: which modules there are, and where the state is.
struct EarlyTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var root: String
        var files: [String: String] = [:]
        var given: [String] = []
        /// `module.a: directory` of every module, or summaries.
        var expected: [String]
        var testDescription: String { name }
    }

    private static let leaves = ["one/main.tf": "output \"v\" { value = 1 }", "two/main.tf": "output \"v\" { value = 2 }"]
    private static let environment = "variable \"env\" { default = \"one\" }\n"
    private static let passing = "variable \"env\" {}\nmodule \"leaf\" { source = \"../${var.env}\" }"

    static let cases: [Case] = [
        Case(name: "a default", root: environment + #"module "m" { source = "./${var.env}" }"#, expected: ["module.m: one"]),
        Case(
            name: "a value that is given", root: environment + #"module "m" { source = "./${var.env}" }"#, given: ["env=two"],
            expected: ["module.m: two"]),
        Case(
            name: "through locals, in any order",
            root: environment + "module \"m\" { source = local.a }\nlocals {\n  a = \"./${local.b}\"\n  b = var.env\n}",
            expected: ["module.m: one"]),
        Case(
            name: "the directory and the workspace",
            root: "module \"m\" { source = \"${path.module}/${terraform.workspace == \"default\" ? \"two\" : \"\"}\" }",
            expected: ["module.m: two"]),
        Case(
            name: "one module called twice with different values",
            root:
                "module \"a\" {\n  source = \"./between\"\n  env = \"one\"\n}\nmodule \"b\" {\n  source = \"./between\"\n  env = \"two\"\n}",
            files: ["between/main.tf": passing],
            expected: ["module.a: between", "module.a.module.leaf: one", "module.b: between", "module.b.module.leaf: two"]),
        Case(
            name: "through two modules, with a default that stands for null",
            root: "module \"a\" {\n  source = \"./outer\"\n  env = null\n}",
            files: [
                "outer/main.tf":
                    "variable \"env\" {\n  default = \"two\"\n  nullable = false\n}\nmodule \"b\" {\n  source = \"../between\"\n  env = var.env\n}",
                "between/main.tf": passing,
            ], expected: ["module.a: outer", "module.a.module.b: between", "module.a.module.b.module.leaf: two"]),
        Case(
            name: "no value", root: "variable \"env\" {}\nmodule \"m\" { source = \"./${var.env}\" }",
            expected: ["No value for required variable"]),
        Case(
            name: "a wrong value of another variable does not matter",
            root: environment + "variable \"n\" { type = number }\nmodule \"m\" { source = \"./${var.env}\" }", given: ["n=x"],
            expected: ["module.m: one"]),
        Case(
            name: "sensitive",
            root: "variable \"env\" {\n  default = \"one\"\n  sensitive = true\n}\nmodule \"m\" { source = \"./${var.env}\" }",
            expected: ["Invalid use of sensitive value"]),
        Case(
            name: "sensitive in the module that is called",
            root: "module \"a\" {\n  source = \"./between\"\n  env = \"one\"\n}",
            files: [
                "between/main.tf": "variable \"env\" { sensitive = true }\nmodule \"leaf\" { source = \"../${var.env}\" }"
            ], expected: ["Invalid use of sensitive value"]),
        Case(
            name: "ephemeral",
            root: "variable \"env\" {\n  default = \"one\"\n  ephemeral = true\n}\nmodule \"m\" { source = \"./${var.env}\" }",
            expected: ["Invalid use of ephemeral value"]),
        Case(
            name: "a resource", root: "resource \"a_b\" \"c\" {}\nmodule \"m\" { source = \"./${a_b.c.id}\" }",
            expected: ["Dynamic value in static context"]),
        Case(
            name: "a resource, by way of a local",
            root: "resource \"a_b\" \"c\" {}\nlocals { x = a_b.c.id }\nmodule \"m\" { source = local.x }",
            expected: ["Dynamic value in static context"]),
        Case(
            name: "a key of a repeated call",
            root: "module \"a\" {\n  for_each = toset([\"one\"])\n  source = \"./between\"\n  env = each.key\n}",
            files: ["between/main.tf": passing], expected: ["Dynamic value in static context"]),
        Case(
            name: "an output",
            root: "module \"a\" { source = \"./one\" }\nmodule \"m\" { source = \"./${module.a.v}\" }",
            expected: ["Module output not supported in static context"]),
        Case(
            name: "a value that is drawn", root: "module \"m\" { source = lower(\"X\") }", expected: ["Unable to compute static value"]),
        Case(
            name: "locals that go round", root: "locals {\n  a = local.b\n  b = local.a\n}\nmodule \"m\" { source = local.a }",
            expected: ["Circular reference"]),
        Case(
            name: "what is not declared", root: "module \"m\" { source = var.nope }",
            expected: ["Reference to undeclared input variable"]),
        Case(
            name: "no address", root: "variable \"s\" { default = \"one\" }\nmodule \"m\" { source = var.s }",
            expected: ["Invalid module source address"]),
        Case(
            name: "no such directory", root: "variable \"s\" { default = \"./none\" }\nmodule \"m\" { source = var.s }",
            expected: ["Unreadable module directory"]),
        Case(
            name: "itself", root: "variable \"s\" { default = \"./\" }\nmodule \"m\" { source = var.s }", expected: ["Module calls itself"]),
        Case(
            name: "a version",
            root: "variable \"v\" { default = \">= 1\" }\nmodule \"m\" {\n  source = \"a/b/c\"\n  version = var.v\n}",
            expected: ["asks for a/b/c >= 1", "Module not installed"]),
        Case(
            name: "a wrong version",
            root: "variable \"v\" { default = \"x\" }\nmodule \"m\" {\n  source = \"a/b/c\"\n  version = var.v\n}",
            expected: ["Invalid version constraint"]),
        Case(
            name: "a version of what has none",
            root: environment + "module \"m\" {\n  source = \"./${var.env}\"\n  version = \"1\"\n}",
            expected: ["Invalid registry module source address"]),
    ]

    @Test(arguments: cases)
    func modules(_ item: Case) {
        let texts = ["main.tf": item.root].merging(item.files) { $1 }.merging(Self.leaves) { first, _ in first }
        var sources = ModuleSources(files: texts.mapValues { Array($0.utf8) })
        let asked = Asked()
        sources.package = { request, _ in
            asked.note("asks for \(request.title) \(request.constraint)")
            return .absent
        }
        let (configuration, diagnostics) = loadConfiguration(
            root: ".", sources: sources, functions: FewFunctions(),
            early: EarlyInputs(variables: VariableInputs(commandLine: item.given.map { .assignment($0) })))
        var found = asked.notes
        if diagnostics.hasErrors {
            found += diagnostics.map(\.summary)
        } else {
            found += (configuration?.modules.dropFirst() ?? []).map { "\($0.path): \($0.directory)" }
        }
        #expect(found == item.expected)
    }

    /// A chain of locals may be of any length.
    @Test func longChains() {
        let count = 20_000
        var text = "locals {\n  x0 = \"./one\"\n"
        for number in 1...count { text += "  x\(number) = local.x\(number - 1)\n" }
        text += "}\nmodule \"m\" { source = local.x\(count) }\n"
        let files = ["main.tf": text, "one/main.tf": ""].mapValues { Array($0.utf8) }
        let (configuration, diagnostics) = loadConfiguration(
            root: ".", sources: ModuleSources(files: files), functions: FewFunctions())
        #expect(diagnostics.isEmpty)
        #expect(configuration?.modules.last?.directory == "one")
    }

    @Test func settingsOfABackend() throws {
        let text = """
            variable "name" { default = "a" }
            locals { more = { b = [1, true, null], a = var.name } }
            terraform {
              backend "any" {
                path  = "states/${var.name}"
                other = local.more
                plain = "x"
                workspaces { prefix = "${var.name}-" }
              }
            }
            """
        let (configuration, diagnostics) = loadConfiguration(
            root: ".", sources: ModuleSources(files: ["main.tf": Array(text.utf8)]), functions: FewFunctions(),
            early: EarlyInputs(variables: VariableInputs(environment: ["TF_VAR_name": "b"])))
        #expect(diagnostics.isEmpty)
        let body = try #require(configuration?.modules[0].settings.backend?.body)
        func value(_ name: String, in body: Body) throws -> String {
            let attribute = try #require(body.attribute(name))
            return try constantValue(of: LocatedExpression(attribute.expression, file: body.file)).jsonText()
        }
        #expect(try value("path", in: body) == "\"states/b\"")
        #expect(try value("other", in: body) == "{\"a\":\"b\",\"b\":[1,true,null]}")
        #expect(try value("plain", in: body) == "\"x\"")
        #expect(try value("prefix", in: try #require(body.blocks.first).body) == "\"b-\"")
    }

    @Test func secretsOfABackend() {
        let text = "variable \"s\" {\n  sensitive = true\n  default = \"x\"\n}\nterraform {\n  backend \"any\" { path = var.s }\n}\n"
        let (_, diagnostics) = loadConfiguration(
            root: ".", sources: ModuleSources(files: ["main.tf": Array(text.utf8)]), functions: FewFunctions())
        #expect(diagnostics.map(\.summary) == ["Invalid use of sensitive value"])
    }
}

/// What a loader asked for; loading is on one thread.
private final class Asked: @unchecked Sendable {
    private(set) var notes: [String] = []
    func note(_ text: String) { notes.append(text) }
}
