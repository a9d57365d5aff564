import Diagnostics
import HCLSyntax
import Testing

@testable import Evaluation

/// What gives something else each time is found wherever in an expression it is called.
struct PurityTests {
    @Test(arguments: [
        "uuid()", "core::uuid()", "upper(uuid())", "try(uuid(), 1)", "can(uuid())", "[uuid()]", "{ a = uuid() }", "{ (uuid()) = 1 }",
        "[for x in [1] : uuid()]", "[for x in [uuid()] : x]", "[for x in [1] : x if uuid() != \"\"]", "{ for x in [1] : uuid() => x }",
        "{ for x in [1] : x => uuid() }", "a[uuid()]", "a[*][uuid()]", "a.*.b[*][uuid()]", "uuid().x", "!uuid()", "1 == uuid()",
        "uuid() == 1 && true", "uuid() ? 1 : 2", "a ? uuid() : 2", "a ? 1 : uuid()", "(uuid())", "\"x${uuid()}\"",
        "\"%{ if uuid() }%{ endif }\"", "\"%{ if a }%{ else }${uuid()}%{ endif }\"", "\"%{ for x in uuid() }%{ endfor }\"",
        "\"%{ for x in a }${uuid()}%{ endfor }\"", "templatefile(\"x\", {})", "templatestring(a, {})",
    ])
    func impure(_ text: String) {
        let parsed = parseExpression(Array(text.utf8), path: "x")
        #expect(!parsed.diagnostics.hasErrors)
        #expect(PurityCheck(parsed.tree) { $0 == "uuid" }.isImpure)
    }

    @Test(arguments: ["upper(a)", "[for x in a : x if x == uuid]", "\"%{ for x in a }${x}%{ endfor }\"", "a[*].uuid"])
    func pure(_ text: String) {
        #expect(!PurityCheck(parseExpression(Array(text.utf8), path: "x").tree) { $0 == "uuid" }.isImpure)
    }
}
