import ConfigModel
import FoundationEssentials
import Testing

/// Every fault with the summary line, file and line that the reference gives it.
struct CaseTests {
    @Test func thereAreCases() { #expect(CaseDirectory.all.count > 200) }

    @Test(arguments: CaseDirectory.all)
    func diagnosticsAreAsExpected(_ directory: CaseDirectory) throws {
        let bytes = try Data(contentsOf: URL(filePath: "\(directory.path)/expected.json"))
        let expected = try JSONDecoder().decode(ExpectedCase.self, from: bytes)
        let (configuration, diagnostics) = directory.load()
        let actual = diagnostics.map { ExpectedDiagnostic($0, configuration) }
        #expect(actual.sorted().map(\.description) == expected.diagnostics.sorted().map(\.description))
    }
}
