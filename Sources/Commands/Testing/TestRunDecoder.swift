import Addresses
import ConfigModel
import Diagnostics
import Evaluation
import HCLSyntax
import Values

/// Reads one `run` block.
struct TestRunDecoder {
    private(set) var run: TestRun
    private(set) var diagnostics: [Diagnostic] = []
    private let block: Block
    private let sources: SourceMap

    init(_ block: Block, name: Identifier, sources: SourceMap) {
        self.block = block
        self.sources = sources
        run = TestRun(name: name.name, span: block.body.span(block.headerRange))
        if !isIdentifier(name.name) {
            report(
                "Invalid run block name",
                "A name must start with a letter or underscore and may contain only letters, digits, underscores, and dashes.",
                at: block.body.span(name.range))
        }
    }

    private mutating func report(_ summary: String, _ detail: String, at span: SourceSpan?) {
        diagnostics.append(.error(summary, detail, at: span))
    }

    mutating func decode() {
        let body = block.body
        let reader = TestBody(body)
        reader.check(
            ["command", "providers", "expect_failures", "state_key"],
            blocks: ["plan_options", "variables", "module", "assert", "override_resource", "override_data", "override_module"],
            into: &diagnostics)
        if reader.keyword("command", ["apply", "plan"], into: &diagnostics) == "plan" { run.command = .plan }
        run.stateKey = reader.constant("state_key", .string, into: &diagnostics)?.stringValue
        run.expectations = reader.references("expect_failures", into: &diagnostics).map {
            .init(
                address: $0.text, pattern: AddressPattern($0.text), span: body.span(body.attribute("expect_failures")?.range ?? body.range))
        }
        decodeProviders(body)
        var overrides = OverrideDecoder(sources: sources)
        var seen: [String: SourceSpan] = [:]
        for block in body.blocks {
            let header = body.span(block.headerRange)
            if ["plan_options", "variables", "module"].contains(block.type.name) {
                if let earlier = seen.updateValue(header, forKey: block.type.name) {
                    report(
                        "Multiple \"\(block.type.name)\" blocks",
                        "This run block already has a \(block.type.name) block defined at \(sources.placeText(of: earlier)).", at: header)
                    continue
                }
            }
            switch block.type.name {
            case "variables": run.variables = block.body.testArguments
            case "plan_options": decodeOptions(block.body)
            case "module": decodeModule(block)
            case "assert": decodeAssertion(block)
            case "override_resource", "override_data", "override_module": overrides.decode(block)
            default: break
            }
        }
        diagnostics += overrides.diagnostics
        run.overrides = overrides.overrides
    }

    private mutating func decodeProviders(_ body: Body) {
        guard let attribute = body.attribute("providers") else { return }
        guard case .object(let items) = attribute.expression.kind else {
            return report(
                "Invalid providers argument", "A map from the module's provider configurations to the file's is required.",
                at: body.span(attribute.expression.range))
        }
        run.providers = items.compactMap { item in
            let inner: String? =
                switch item.key {
                case .name(let name): name.name
                case .expression(let key): key.literalText ?? TestBody.reference(key)
                }
            guard let inner, let outer = TestBody.reference(item.value) else { return nil }
            return (inner, outer, body.span(item.value.range))
        }
    }

    private mutating func decodeOptions(_ body: Body) {
        let reader = TestBody(body)
        reader.check(["mode", "refresh", "replace", "target"], into: &diagnostics)
        run.isRefreshOnly = reader.keyword("mode", ["refresh-only", "normal"], into: &diagnostics) == "refresh-only"
        if let refresh = reader.constant("refresh", .bool, into: &diagnostics)?.boolValue { run.refresh = refresh }
        run.targets = reader.references("target", into: &diagnostics).map(\.text)
        run.replacements = reader.references("replace", into: &diagnostics).map(\.text)
    }

    private mutating func decodeModule(_ block: Block) {
        let reader = TestBody(block.body)
        reader.check(["source", "version"], into: &diagnostics)
        guard let attribute = block.body.attribute("source") else {
            return report(
                "Missing \"source\" attribute for module block",
                "You must specify a source attribute when executing alternate modules during test executions.",
                at: block.body.span(block.headerRange))
        }
        guard let source = reader.constant("source", .string, into: &diagnostics)?.stringValue else { return }
        run.module = (source, block.body.span(attribute.expression.range))
    }

    private mutating func decodeAssertion(_ block: Block) {
        let body = block.body
        TestBody(body).check(["condition", "error_message"], required: ["condition", "error_message"], into: &diagnostics)
        guard let condition = body.attribute("condition"), let message = body.attribute("error_message") else { return }
        if traversals(in: condition.expression).isEmpty {
            report(
                "Invalid assert expression",
                "The condition expression must refer to at least one object from elsewhere in the configuration, or else its result would not be checking anything.",
                at: body.span(condition.expression.range))
        }
        run.assertions.append(
            ConditionBlock(
                condition: LocatedExpression(condition.expression, file: body.file),
                errorMessage: LocatedExpression(message.expression, file: body.file), span: body.span(block.headerRange)))
    }
}
