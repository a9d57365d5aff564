import Diagnostics
import HCLSyntax
import Testing

/// Templates of constants and the text that the reference makes of them: strip markers, indentation, escapes, directives.
struct TemplateCase: Decodable, Sendable, CustomTestStringConvertible {
    var source: String
    var rendered: String
    var testDescription: String { source }
}

struct TemplateTests {
    @Test(arguments: CaseFile.load("templates.json", as: TemplateCase.self))
    func rendersAsTheReference(template: TemplateCase) {
        let file = parseFile(Array("v = \(template.source)\n".utf8), path: "main.tf")
        #expect(file.diagnostics.isEmpty)
        guard let expression = file.tree.body.attribute("v")?.expression else {
            Issue.record("nothing read")
            return
        }
        #expect(ConstantText.of(expression) == template.rendered)
    }

    @Test(arguments: [
        ("plain", "<'plain'>"),
        ("", "<>"),
        ("a ${x} b", "<'a ' $x ' b'>"),
        ("\"quoted\" \\n $${x} %%{y}\n", "<'\"quoted\" \\n ${x} %{y}\\n'>"),
        ("  ${~ x ~}  \n  y", "<$x '  y'>"),
        ("%{ for k, v in m ~}\n${k}=${v}\n%{ endfor ~}\nend\n", "<(for k v in m <$k '=' $v '\\n'>) 'end\\n'>"),
        ("%{ if a }1%{ else }2%{ endif }", "<(if a <'1'> <'2'>)>"),
    ])
    func bareTemplates(source: String, outline: String) {
        let result = parseTemplate(Array(source.utf8), path: "t.tftpl")
        #expect(result.diagnostics.isEmpty)
        #expect(Outline.of(result.tree) == outline)
    }

    @Test func aBareTemplateHasDiagnosticsOfItsOwn() {
        let result = parseTemplate(Array("a\n%{ if x }\n".utf8), path: "t.tftpl")
        #expect(result.diagnostics.map(\.summary) == ["Unexpected end of template"])
        #expect(result.diagnostics.first?.subject == SourceSpan(file: "t.tftpl", range: SourceRange(2, 11)))
    }

    @Test func literalsKnowTheirPlace() {
        let source = "v = \"ab${x}cd\"\n"
        let file = parseFile(Array(source.utf8), path: "main.tf").tree
        guard case .template(let parts)? = file.body.attribute("v")?.expression.kind, case .literal(_, let range)? = parts.last else {
            Issue.record("not a template")
            return
        }
        #expect(file.text(range) == "cd")
    }
}

/// As much of evaluation as templates of constants need.
private enum ConstantText {
    static func of(_ expression: Expression, _ names: [String: String] = [:]) -> String {
        switch expression.kind {
        case .template(let parts): of(parts, names)
        case .traversal(let root, []): names[root.name] ?? "?\(root.name)?"
        case .call(_, let arguments, _): arguments.map { of($0, names).uppercased() }.joined()
        case .number(let text): text
        default: "?\(Outline.of(expression))?"
        }
    }

    static func of(_ parts: [TemplatePart], _ names: [String: String]) -> String {
        parts.map { part in
            switch part {
            case .literal(let text, _): return text
            case .interpolation(let expression): return of(expression, names)
            case .conditional(let condition, let then, let otherwise, _): return of(isTrue(condition) ? then : otherwise, names)
            case .loop(let clause, let body, _):
                guard case .tuple(let elements) = clause.collection.kind else { return "?" }
                return elements.enumerated().map { index, element in
                    var inner = names
                    inner[clause.value.name] = of(element, names)
                    if let key = clause.key { inner[key.name] = String(index) }
                    return of(body, inner)
                }.joined()
            }
        }.joined()
    }

    private static func isTrue(_ expression: Expression) -> Bool {
        if case .bool(let value) = expression.kind { return value }
        return of(expression) == "true"
    }
}
