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
                guard let name = label(block) else { continue }
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
                guard let name = label(block) else { continue }
                let alias = block.body.attribute("alias")?.expression.literalText
                let key = name.name + (alias.map { ".\($0)" } ?? "")
                if let earlier = providers[key] {
                    report(
                        "Duplicate provider block", "A provider for \(key) is already defined at \(sources.placeText(of: earlier)).",
                        at: header)
                    continue
                }
                providers[key] = body.span(name.range)
                file.providers.append((key, block.type.name == "provider" ? .configured(block.body) : .mocked(mock(block.body))))
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

    /// The one label of a block.
    private mutating func label(_ block: Block) -> Identifier? {
        if block.labels.count == 1 { return block.labels[0] }
        let span = block.body.span(block.headerRange)
        if block.labels.isEmpty {
            report("Missing name for \(block.type.name)", "All \(block.type.name) blocks must have 1 labels (name).", at: span)
        } else {
            report("Extraneous label for \(block.type.name)", "Only 1 labels (name) are expected for \(block.type.name) blocks.", at: span)
        }
        return nil
    }

    private mutating func arguments(_ body: Body) -> [TestArgument] {
        for block in body.blocks {
            report("Unexpected \"\(block.type.name)\" block", "Blocks are not allowed here.", at: body.span(block.type.range))
        }
        return body.testArguments
    }

    private mutating func mock(_ body: Body) -> MockProvider {
        let reader = TestBody(body)
        reader.check(
            ["alias", "source", "override_during"],
            blocks: ["mock_resource", "mock_data", "override_resource", "override_data"], into: &diagnostics)
        var mock = MockProvider()
        mock.isDuringPlan = reader.keyword("override_during", ["plan", "apply"], into: &diagnostics) == "plan"
        if let source = body.attribute("source") {
            report(
                "Mock data files are not supported yet", "The values of a mock provider are read from the test file alone.",
                at: body.span(source.name.range))
        }
        var overrides = OverrideDecoder(sources: sources)
        for block in body.blocks {
            switch block.type.name {
            case "mock_resource", "mock_data":
                guard let type = label(block) else { continue }
                let content = TestBody(block.body)
                content.check(["defaults", "override_during"], into: &diagnostics)
                let moment = content.keyword("override_during", ["plan", "apply"], into: &diagnostics)
                let place = block.body.attribute("defaults").map { block.body.span($0.range) } ?? body.span(block.headerRange)
                let values = OverrideDecoder.object("defaults", in: block.body, of: block.type.name, into: &diagnostics)
                let entry = MockValues(values: values ?? .emptyObject, isDuringPlan: moment.map { $0 == "plan" }, span: place)
                let key = ResourceType(type.name)
                let known = block.type.name == "mock_resource" ? mock.resources[key] : mock.dataSources[key]
                if let known {
                    report(
                        "Duplicate \(block.type.name) block",
                        "A \(block.type.name) block for \(type.name) has already been defined at \(sources.placeText(of: known.span)).",
                        at: body.span(block.headerRange))
                } else if block.type.name == "mock_resource" {
                    mock.resources[key] = entry
                } else {
                    mock.dataSources[key] = entry
                }
            case "override_resource", "override_data": overrides.decode(block)
            default: break
            }
        }
        diagnostics += overrides.diagnostics
        mock.overrides = overrides.overrides
        return mock
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
