import Addresses
import ConfigModel
import Diagnostics
import HCLSyntax
import Values

/// Reads `mock_provider` blocks, and the files of mock data that they name.
struct MockDecoder {
    private(set) var mock = MockProvider()
    private(set) var diagnostics: [Diagnostic] = []
    let sources: SourceMap

    init(sources: SourceMap) { self.sources = sources }

    private static let content = ["mock_resource", "mock_data", "override_resource", "override_data"]

    mutating func decode(_ block: Block) {
        let body = block.body
        let reader = TestBody(body)
        reader.check(["alias", "source", "override_during"], blocks: Self.content, into: &diagnostics)
        mock.isDuringPlan = reader.keyword("override_during", ["plan", "apply"], into: &diagnostics) == "plan"
        if let source = reader.constant("source", .string, into: &diagnostics)?.stringValue {
            mock.source = (source, body.span(block.headerRange))
        }
        decodeContent(body)
    }

    /// Files of one folder: what one has, no other may have.
    mutating func decode(files: [Body]) {
        for body in files {
            TestBody(body).check([], blocks: Self.content, into: &diagnostics)
            decodeContent(body, isFile: true)
        }
    }

    private mutating func decodeContent(_ body: Body, isFile: Bool = false) {
        var overrides = OverrideDecoder(sources: sources)
        for block in body.blocks {
            switch block.type.name {
            case "mock_resource": decodeValues(block, isFile ? "mock resource" : "mock_resource", \.resources)
            case "mock_data": decodeValues(block, isFile ? "mock data source" : "mock_data", \.dataSources)
            case "override_resource", "override_data": overrides.decode(block)
            default: break
            }
        }
        diagnostics += overrides.diagnostics
        mock.overrides += overrides.overrides
    }

    private mutating func decodeValues(
        _ block: Block, _ noun: String, _ values: WritableKeyPath<MockProvider, [ResourceType: MockValues]>
    ) {
        guard let type = block.oneLabel("type", into: &diagnostics) else { return }
        let header = block.body.span(block.headerRange)
        let reader = TestBody(block.body)
        reader.check(["defaults", "override_during"], into: &diagnostics)
        let moment = reader.keyword("override_during", ["plan", "apply"], into: &diagnostics)
        let given = OverrideDecoder.object("defaults", in: block.body, of: block.type.name, into: &diagnostics)
        let key = ResourceType(type.name)
        if let known = mock[keyPath: values][key] {
            diagnostics.append(
                .error(
                    "Duplicate \(noun) block",
                    "A \(block.type.name) \"\(type.name)\" block already exists at \(sources.placeText(of: known.span)).", at: header))
            return
        }
        mock[keyPath: values][key] = MockValues(
            values: given ?? .emptyObject, isDuringPlan: moment.map { $0 == "plan" }, span: header)
    }
}

extension MockProvider {
    /// With what files of mock data have where the block itself says nothing.
    mutating func adopt(_ files: MockProvider) {
        resources.merge(files.resources) { own, _ in own }
        dataSources.merge(files.dataSources) { own, _ in own }
        let own = Set(overrides.map(\.target.description))
        overrides += files.overrides.filter { !own.contains($0.target.description) }
    }
}

extension Block {
    /// Its label, where it has one and no more.
    func oneLabel(_ noun: String = "name", into diagnostics: inout [Diagnostic]) -> Identifier? {
        if labels.count == 1 { return labels[0] }
        if labels.isEmpty {
            diagnostics.append(
                .error("Missing \(noun) for \(type.name)", "All \(type.name) blocks must have 1 labels (\(noun)).", at: body.span(opening)))
        } else {
            diagnostics.append(
                .error(
                    "Extraneous label for \(type.name)", "Only 1 labels (\(noun)) are expected for \(type.name) blocks.",
                    at: body.span(labels[1].range)))
        }
        return nil
    }
}
