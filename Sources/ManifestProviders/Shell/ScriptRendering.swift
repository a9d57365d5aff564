import Diagnostics
import Evaluation
import HCLSyntax
import Values

/// Makes units of a recipe's scripts.
struct ScriptRendering {
    let evaluation: RecipeEvaluation

    func units(of recipe: RecipeManifest) throws(DiagnosticError) -> [ScriptUnit] {
        var units: [ScriptUnit] = []
        for step in recipe.steps {
            guard case .script(let script) = step else { continue }
            guard let each = script.forEach else {
                if let unit = try unit(script, evaluation) { units.append(unit) }
                continue
            }
            let collection = try evaluation.value(each)
            guard !collection.isUnknown, collection.elements != nil || collection.entries != nil else {
                if collection.isNull { continue }
                throw DiagnosticError(.error("Invalid for_each", "for_each of a script is a list, set, map or object.", at: each.span))
            }
            let pairs =
                collection.entries?.map { (Value.string($0.key), $0.value) }
                ?? (collection.elements ?? []).enumerated().map { (Value.int($0.offset), $0.element) }
            for (key, value) in pairs {
                let bound = evaluation.binding(["each": .object([("key", key), ("value", value.marked(collection.marks))])])
                if let unit = try unit(script, bound) { units.append(unit) }
            }
        }
        return units
    }

    func facts(_ facts: FactsManifest) throws(DiagnosticError) -> ScriptUnit? {
        if let when = facts.when, try evaluation.condition(when, what: "when") != true { return nil }
        return ScriptUnit(form: .facts, file: facts.script.file, text: try text(facts.script, evaluation), timeout: 60)
    }

    private func unit(_ script: ScriptManifest, _ evaluation: RecipeEvaluation) throws(DiagnosticError) -> ScriptUnit? {
        if let when = script.when, try evaluation.condition(when, what: "when") != true { return nil }
        var input: String?
        if let given = script.input {
            let value = try evaluation.value(given, as: .string, what: "stdin")
            if value.isUnknown { throw DiagnosticError(.error("Invalid value in a script", "stdin is not known yet.", at: given.span)) }
            input = value.stringValue
            if input?.utf8.contains(0) == true {
                throw DiagnosticError(
                    .error(
                        "Invalid value in a script", "stdin holds a NUL character, which no shell can carry.", at: given.span,
                        hints: ["Use the attribute that takes base64."]))
            }
        }
        return ScriptUnit(
            form: .step(input: input), file: script.script.file, text: try text(script.script, evaluation),
            timeout: try evaluation.number(script.timeout, what: "timeout") ?? 300)
    }

    private func text(_ template: ScriptTemplate, _ evaluation: RecipeEvaluation) throws(DiagnosticError) -> String {
        try evaluation.evaluator(template.file).render(template.parts) {
            (value: Value, expression: Expression) throws(DiagnosticError) -> String in
            try ShellWord.rendered(value, expression, file: template.file)
        }
    }
}
