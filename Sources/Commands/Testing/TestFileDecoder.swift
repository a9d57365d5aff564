import Addresses
import ConfigModel
import Diagnostics
import HCLSyntax
import Values

/// Takes a test file apart, reporting every fault that shows without running anything.
struct TestFileDecoder {
    private(set) var file: TestFile
    private(set) var diagnostics: [Diagnostic] = []
    private let sources: SourceMap

    init(_ body: Body, path: String, sources: SourceMap) {
        file = TestFile(path: path)
        self.sources = sources
        decode(body)
    }

    private mutating func decode(_ body: Body) {
        TestBody(body).check(
            [], blocks: ["run", "variables", "provider", "mock_provider", "override_resource", "override_data", "override_module"],
            into: &diagnostics)
        var variables: SourceSpan?
        var runs: [String: SourceSpan] = [:]
        var providers: [String: SourceSpan] = [:]
        var overrides = OverrideDecoder(sources: sources)
        for block in body.blocks {
            let header = body.span(block.headerRange)
            switch block.type.name {
            case "variables":
                if let earlier = variables {
                    report(
                        "Multiple \"variables\" blocks",
                        "This test file already has a variables block defined at \(sources.placeText(of: earlier)).", at: header)
                    continue
                }
                variables = header
                file.variables = arguments(block.body)
            case "run":
                guard let name = block.oneLabel(into: &diagnostics) else { continue }
                if let earlier = runs[name.name] {
                    report(
                        "Duplicate \"run\" block names",
                        "This test file already has a run named \(name.name) block defined at \(sources.placeText(of: earlier)).",
                        at: header)
                    continue
                }
                runs[name.name] = header
                var decoder = TestRunDecoder(block, name: name, sources: sources)
                decoder.decode()
                file.runs.append(decoder.run)
                diagnostics += decoder.diagnostics
            case "provider", "mock_provider":
                guard let name = block.oneLabel(into: &diagnostics) else { continue }
                let alias = block.body.attribute("alias")?.expression.literalText
                let key = name.name + (alias.map { ".\($0)" } ?? "")
                if let earlier = providers[key] {
                    report(
                        "Duplicate provider block", "A provider for \(key) is already defined at \(sources.placeText(of: earlier)).",
                        at: header)
                    continue
                }
                providers[key] = body.span(name.range)
                if block.type.name == "provider" {
                    file.providers.append((key, .configured(block.body)))
                } else {
                    var decoder = MockDecoder(sources: sources)
                    decoder.decode(block)
                    file.providers.append((key, .mocked(decoder.mock)))
                    diagnostics += decoder.diagnostics
                }
            case "override_resource", "override_data", "override_module": overrides.decode(block)
            default: break
            }
        }
        diagnostics += overrides.diagnostics
        file.overrides = overrides.overrides
    }

    private mutating func report(_ summary: String, _ detail: String, at span: SourceSpan) {
        diagnostics.append(.error(summary, detail, at: span))
    }

    private mutating func arguments(_ body: Body) -> [TestArgument] {
        for block in body.blocks {
            report("Unexpected \"\(block.type.name)\" block", "Blocks are not allowed here.", at: body.span(block.type.range))
        }
        return body.testArguments
    }
}

extension Body {
    /// Its attributes as arguments for variables.
    var testArguments: [TestArgument] {
        attributes.map { attribute in
            TestArgument(
                name: attribute.name.name, value: LocatedExpression(attribute.expression, file: file), span: span(attribute.range))
        }
    }
}
