import ConfigModel
import Diagnostics
import HCLSyntax
import Values

/// Reads test files and the mock data that they name, in both syntaxes.
struct TestReader {
    let files: ModuleSources
    private(set) var sources = SourceMap()
    private(set) var diagnostics: [Diagnostic] = []

    init(files: ModuleSources) { self.files = files }

    /// The test files of some folders, in the order of their paths.
    mutating func read(folders: [String]) -> [TestFile] {
        paths(in: folders, endings: [".tftest.hcl", ".tftest.json"]).compactMap { path in
            guard let body = body(of: path, .test) else { return nil }
            let decoder = TestFileDecoder(body, path: path, sources: sources)
            diagnostics += decoder.diagnostics
            var file = decoder.file
            for index in file.providers.indices {
                guard case .mocked(var mock) = file.providers[index].provider, let source = mock.source else { continue }
                if let data = mockData(source) { mock.adopt(data) }
                file.providers[index].provider = .mocked(mock)
            }
            return file
        }
    }

    private mutating func mockData(_ source: (directory: String, span: SourceSpan)) -> MockProvider? {
        let folder = cleanPath(source.directory)
        guard files.list(folder) != nil else {
            diagnostics.append(
                .error(
                    "Failed to read mock data directory",
                    "Mock data directory \(source.directory) does not exist or cannot be read.", at: source.span,
                    hints: ["It is looked for from the folder of the configuration, not from that of the test file."]))
            return nil
        }
        let bodies = paths(in: [folder], endings: [".tfmock.hcl", ".tfmock.json"]).compactMap { body(of: $0, .mockData) }
        var decoder = MockDecoder(sources: sources)
        decoder.decode(files: bodies)
        diagnostics += decoder.diagnostics
        return decoder.mock
    }

    private func paths(in folders: [String], endings: [String]) -> [String] {
        folders.flatMap { folder in
            (files.list(folder) ?? []).filter { name in !name.hasPrefix(".") && endings.contains { name.hasSuffix($0) } }.map {
                folder == "." ? $0 : "\(folder)/\($0)"
            }
        }.sorted { $0.precedesByBytes($1) }
    }

    /// Nil where it cannot be read, which is reported.
    private mutating func body(of path: String, _ layout: JSONLayout) -> Body? {
        let bytes: [UInt8]
        do {
            bytes = try files.read(path)
        } catch {
            diagnostics.append(.error("Failed to read file", "The file \(path) could not be read: \(error)."))
            return nil
        }
        let parsed = path.hasSuffix(".json") ? parseJSONFile(bytes, path: path, layout: layout) : parseFile(bytes, path: path)
        let body = parsed.tree.body
        sources.add(path: path, bytes: bytes) {
            body.blocks.map { block in
                let title = ([block.type.name] + block.labels.map { "\"\($0.name)\"" }).joined(separator: " ")
                return SourceMap.Section(title: title, range: block.range)
            }
        }
        diagnostics += parsed.diagnostics
        return parsed.diagnostics.hasErrors ? nil : body
    }
}

/// The blocks of test files as JSON has them.
extension JSONLayout {
    fileprivate static let test = JSONLayout(
        blocks: [
            "run": BlockForm(labels: ["name"], .run), "variables": BlockForm(JSONLayout(holdsOnlyArguments: true)),
            "provider": BlockForm(labels: ["name"], .content), "mock_provider": BlockForm(labels: ["name"], .mockProvider),
        ].merging(overrides) { first, _ in first })

    fileprivate static let mockData = JSONLayout(blocks: mocks.merging(overrides) { first, _ in first })

    private static let reference = Reading.native(.invalid)

    private static let mocks: [String: BlockForm] = {
        let values = BlockForm(labels: ["name"], JSONLayout(readings: ["override_during": reference]))
        return ["mock_resource": values, "mock_data": values]
    }()

    private static let overrides: [String: BlockForm] = {
        let override = BlockForm(JSONLayout(readings: ["target": reference, "override_during": reference]))
        return ["override_resource": override, "override_data": override, "override_module": override]
    }()

    private static let mockProvider = JSONLayout(
        blocks: mocks.merging(overrides) { first, _ in first }, readings: ["alias": .literal, "override_during": reference])

    private static let run = JSONLayout(
        blocks: [
            "variables": BlockForm(JSONLayout(holdsOnlyArguments: true)), "module": BlockForm(JSONLayout()),
            "assert": BlockForm(JSONLayout()),
            "plan_options": BlockForm(JSONLayout(readings: ["mode": reference, "replace": reference, "target": reference])),
        ].merging(overrides) { first, _ in first },
        readings: ["command": reference, "providers": reference, "expect_failures": reference])
}
