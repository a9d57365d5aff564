import Diagnostics
import Evaluation
import HCLSyntax
import Values

/// Reads recipes and their steps.
struct RecipeReader {
    let report: ManifestReport
    let sources: ManifestSources
    /// What may not stand in a script's text.
    var sensitive = SensitiveNames()
    var fragments: [String: FragmentManifest] = [:]

    static let methods = ["get", "post", "put", "patch", "delete", "head"]
    static let recipeArguments = [
        "gone", "refused", "object", "objects", "paged", "id", "set", "attributes", "connect_within", "read_back", "same_as", "key",
    ]
    static let scriptArguments = ["script", "stdin", "when", "for_each", "timeout"]
    static let requestArguments =
        methods + [
            "action", "query", "headers", "json", "form", "params", "body", "service", "version", "when", "for_each", "timeout", "accept",
            "repeatable",
        ]
    static let waitArguments = ["until", "fail", "message", "interval", "growth", "maximum_interval"]
    static let errorBlocks = ["error", "gone", "retry"]

    func recipe(_ block: Block, in parent: Body, what: String) -> RecipeManifest {
        let span = parent.span(block.headerRange)
        let steps = Self.scriptArguments + Self.requestArguments.filter { !Self.scriptArguments.contains($0) }
        let reader = ArgumentReader(block.body, what: what, span: span, report: report, known: Self.recipeArguments + steps)
        report.refuseBlocks(block.body, except: ["script", "request", "wait", "facts"] + Self.errorBlocks, what: what)
        var recipe = RecipeManifest(
            steps: [], facts: [], gone: reader.sourced("gone"), refused: reader.sourced("refused"), object: reader.sourced("object"),
            objects: reader.sourced("objects"), paged: reader.flag("paged"), assigns: assigns(reader, what: what),
            attributes: reader.strings("attributes"),
            connectWithin: reader.sourced("connect_within"), readsBack: reader.has("read_back") ? reader.flag("read_back") : true,
            errors: errorRules(block.body), key: reader.sourced("key"), span: span)
        if reader.has("script") {
            if let step = script(reader, span: span) { recipe.steps.append(.script(step)) }
        } else if reader.has("action") || Self.methods.contains(where: reader.has) {
            recipe.steps.append(.request(request(reader, block.body, name: nil, wait: nil, what: what, span: span)))
        } else if let stray = steps.first(where: reader.has) {
            report.error(
                "Invalid manifest", "\"\(stray)\" belongs to a script or a request, and \(what) has none beside it.",
                at: reader.span(of: stray))
        }
        for inner in block.body.blocks { step(inner, in: block.body, of: &recipe, what: what) }
        return recipe
    }

    private func assigns(_ reader: ArgumentReader, what: String) -> [(name: String, value: Sourced)] {
        var result: [(name: String, value: Sourced)] = []
        if let id = reader.sourced("id") { result.append(("id", id)) }
        if let set = reader.sourced("set") {
            let items = ArgumentReader(set, what: "set of \(what)", report: report, known: nil)
            for name in items.order { if let value = items.sourced(name) { result.append((name, value)) } }
        }
        return result
    }

    private func step(_ block: Block, in body: Body, of recipe: inout RecipeManifest, what: String) {
        let span = body.span(block.headerRange)
        switch block.type.name {
        case "script":
            let reader = ArgumentReader(block.body, what: "script", span: span, report: report, known: Self.scriptArguments)
            report.refuseBlocks(block.body, except: [], what: "a script")
            if let step = script(reader, span: span) { recipe.steps.append(.script(step)) }
        case "request", "wait":
            let isWait = block.type.name == "wait"
            let reader = ArgumentReader(
                block.body, what: block.type.name, span: span, report: report,
                known: Self.requestArguments + ["id", "set"] + (isWait ? Self.waitArguments : []))
            report.refuseBlocks(block.body, except: Self.errorBlocks, what: "a \(block.type.name)")
            var wait: WaitManifest?
            if isWait {
                if let until = reader.sourced("until") {
                    wait = WaitManifest(
                        until: until, fail: reader.sourced("fail"), message: reader.sourced("message"),
                        interval: reader.sourced("interval"),
                        growth: reader.sourced("growth"), maximumInterval: reader.sourced("maximum_interval"),
                        timeout: reader.sourced("timeout"))
                } else {
                    report.error("Invalid manifest", "A wait says until when: it has no \"until\".", at: span)
                }
            }
            recipe.steps.append(
                .request(request(reader, block.body, name: block.labels.first?.name, wait: wait, what: block.type.name, span: span)))
        case "facts":
            if let facts = facts(block, in: body) { recipe.facts.append(facts) }
        default: break
        }
    }

    // MARK: Scripts

    private func script(_ reader: ArgumentReader, span: SourceSpan) -> ScriptManifest? {
        guard let given = reader.sourced("script") else {
            report.error("Invalid manifest", "A script block has an argument \"script\".", at: span)
            return nil
        }
        guard let template = template(given) else { return nil }
        return ScriptManifest(
            script: template, input: reader.sourced("stdin"), when: reader.sourced("when"), forEach: reader.sourced("for_each"),
            timeout: reader.sourced("timeout"), span: given.span)
    }

    private func template(_ given: Sourced) -> ScriptTemplate? {
        guard case .template(let parts) = given.expression.kind else {
            report.error("Invalid manifest", "A script is written out as a text, as a heredoc as a rule.", at: given.span)
            return nil
        }
        let line = sources.firstLine(of: given)
        var check = ShellTemplateCheck(
            file: given.file, report: report, sensitive: sensitive, fragments: fragments, line: line, sources: sources)
        let prepared = check.prepared(parts)
        return ScriptTemplate(parts: prepared, file: given.file, firstLine: line)
    }

    private func facts(_ block: Block, in body: Body) -> FactsManifest? {
        guard let name = report.label(of: block, in: body, what: "A facts block") else { return nil }
        let span = body.span(block.headerRange)
        let reader = ArgumentReader(
            block.body, what: "facts \"\(name)\"", span: span, report: report, known: ["script", "columns", "separator", "key", "when"])
        report.refuseBlocks(block.body, except: [], what: "facts")
        guard let given = reader.sourced("script") else {
            report.error("Invalid manifest", "facts \"\(name)\" has no script.", at: span)
            return nil
        }
        let columns = reader.strings("columns") ?? []
        let key = reader.string("key") ?? columns.first ?? ""
        if !columns.isEmpty, !columns.contains(key) {
            report.error(
                "Invalid manifest", "The key \"\(key)\" is none of the columns: \(columns.joined(separator: ", ")).",
                at: reader.span(of: "key"),
                hints: nearestName(key, among: columns).map { ["Did you mean \"\($0)\"?"] } ?? [])
        }
        var separator: UInt8?
        if let text = reader.string("separator") {
            if text.utf8.count == 1 {
                separator = text.utf8.first
            } else {
                report.error("Invalid manifest", "A separator is one character.", at: reader.span(of: "separator"))
            }
        }
        guard let template = template(given) else { return nil }
        return FactsManifest(
            name: name, script: template, when: reader.sourced("when"), columns: columns, separator: separator, key: key, span: span)
    }

    // MARK: Requests

    private func request(
        _ reader: ArgumentReader, _ body: Body, name: String?, wait: WaitManifest?, what: String, span: SourceSpan
    ) -> RequestManifest {
        let given = Self.methods.filter(reader.has) + (reader.has("action") ? ["action"] : [])
        if given.count != 1 {
            report.error(
                "Invalid manifest",
                given.isEmpty
                    ? "A request names what it asks for: one of \((Self.methods + ["action"]).joined(separator: ", "))."
                    : "A request has one method; here are \(given.joined(separator: " and ")).", at: span)
        }
        let bodies = ["json", "form", "params", "body"].filter(reader.has)
        if bodies.count > 1 {
            report.error(
                "Invalid manifest", "A request has one body; here are \(bodies.joined(separator: " and ")).", at: reader.span(of: bodies[1])
            )
        }
        let method = given.first ?? "get"
        return RequestManifest(
            name: name, method: method == "action" ? "POST" : method.uppercased(), path: method == "action" ? nil : reader.sourced(method),
            action: reader.sourced("action"), query: reader.sourced("query"), headers: reader.sourced("headers"),
            json: reader.sourced("json"),
            form: reader.sourced("form"), params: reader.sourced("params"), body: reader.sourced("body"),
            service: reader.sourced("service"),
            version: reader.sourced("version"), when: reader.sourced("when"), forEach: reader.sourced("for_each"),
            timeout: reader.sourced("timeout"), wait: wait, errors: errorRules(body), assigns: assigns(reader, what: what),
            isRepeatable: reader.flag("repeatable"), accept: reader.sourced("accept"), span: span)
    }

    /// `error`, `gone` and `retry` blocks of a provider's `http`, a recipe or a request.
    func errorRules(_ body: Body) -> ErrorRules {
        var rules = ErrorRules()
        for block in body.blocks {
            let span = body.span(block.headerRange)
            switch block.type.name {
            case "error":
                let reader = ArgumentReader(
                    block.body, what: "error", span: span, report: report, known: ["when", "code", "message", "request_id"])
                rules.failure = reader.sourced("when")
                rules.code = reader.sourced("code")
                rules.message = reader.sourced("message")
                rules.requestID = reader.sourced("request_id")
            case "gone":
                let reader = ArgumentReader(block.body, what: "gone", span: span, report: report, known: ["when"])
                rules.gone = reader.sourced("when")
            case "retry":
                let reader = ArgumentReader(
                    block.body, what: "retry", span: span, report: report, known: ["when", "not_begun", "begin_again", "timeout"])
                rules.retry = reader.sourced("when")
                rules.notBegun = reader.sourced("not_begun")
                rules.beginsAgain = reader.sourced("begin_again")
                rules.retryTimeout = reader.sourced("timeout")
            default: continue
            }
        }
        return rules
    }
}
