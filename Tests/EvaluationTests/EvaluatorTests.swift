import Diagnostics
import Evaluation
import HCLSyntax
import Testing
import Values

@Suite struct EvaluatorTests {
    func value(_ text: String, _ names: [String: Value] = [:]) throws -> Value {
        let parsed = parseExpression(Array(text.utf8), path: "test")
        #expect(parsed.diagnostics.isEmpty, "\(parsed.diagnostics)")
        return try Evaluator(file: "test", scope: NamedValues(names), functions: NoFunctions()).value(of: parsed.tree)
    }

    @Test(arguments: [
        ("1 + 2 * 3", "7"), ("(1 + 2) * 3", "9"), ("7 % 3 == 1 && !false", "true"), ("\"a${1 + 1}b\"", "\"a2b\""),
        ("[for i, x in [\"a\", \"b\"] : \"${i}${x}\" if x != \"a\"]", "[\"1b\"]"),
        ("{ for k, v in { a = 1, b = 2 } : v => k... }", "{\"1\":[\"a\"],\"2\":[\"b\"]}"),
        ("[{ a = 1 }, { a = 2 }][*].a", "[1,2]"), ("true ? 1 : \"x\"", "\"1\""), ("null == null", "true"),
        ("\"%{ for x in [1, 2] }(${x})%{ endfor }\"", "\"(1)(2)\""), ("try(null.a, 5)", "5"), ("can({ a = 1 }.b)", "false"),
        ("true ? \"a\" : [][0]", "\"a\""), ("false ? [][0] : 1", "1"), ("{ a = { b = [1, 2] } }.a.b[1]", "2"), ("-(-3)", "3"),
        ("!(1 < 2)", "false"),
    ])
    func evaluates(_ text: String, _ json: String) throws {
        #expect(try value(text).jsonText() == json)
    }

    @Test func keepsUnknownsAndMarks() throws {
        let names = ["u": Value.unknown(.string, .notNull), "s": Value.string("secret").marked(.sensitive)]
        #expect(try value("\"p-${u}\" == \"q\"", names).boolValue == false)
        #expect(try value("\"x${s}\"", names).marks == .sensitive)
        #expect(try value("[for x in [s] : x]", names).holdsSensitive)
        #expect(try value("u == \"a\" ? 1 : 2", names).isUnknown)
        #expect(try value("u == \"a\" ? [][0] : 2", names).isUnknown)
    }

    @Test(arguments: [
        ("nope", "Unknown variable"), ("{ a = 1 }.b", "Unsupported attribute"), ("f(1)", "Call to unknown function"),
        ("[1][3]", "Invalid index"), ("true ? [][0] : 1", "Invalid index"), ("true ? [1] : \"a\"", "Inconsistent conditional result types"),
        ("\"a${null}b\"", "Invalid template interpolation value"), ("{ for x in [1, 1] : x => x }", "Duplicate object key"),
    ])
    func refuses(_ text: String, _ summary: String) {
        #expect { try value(text) } throws: { ($0 as? DiagnosticError)?.diagnostics.first?.summary == summary }
    }

    @Test func findsFreeTraversals() {
        let parsed = parseExpression(Array("[for x in var.list : x.name if x.ok == local.y[\"k\"].z]".utf8), path: "test")
        #expect(traversals(in: parsed.tree).map(\.text) == ["var.list", "local.y[\"k\"].z"])
    }

    @Test func readsTypes() throws {
        let parsed = parseExpression(Array("object({ a = optional(list(string), [\"x\"]), b = any })".utf8), path: "test")
        let type = try typeConstraint(of: parsed.tree, file: "test")
        let converted = try Value.object(["b": .int(1)]).converted(to: type)
        #expect(try converted.jsonText() == "{\"a\":[\"x\"],\"b\":1}")
    }
}
