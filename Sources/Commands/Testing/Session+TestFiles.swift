import ConfigModel
import Diagnostics

extension Session {
    /// What is wrong with the test files beside the configuration and in their folder, as far as can be told without running them.
    ///
    /// - Parameter directory: of tests; nil: `tests`.
    func testFileFaults(_ directory: String?) -> (diagnostics: [Diagnostic], sources: SourceMap) {
        let directory = cleanPath(directory ?? "tests")
        var reader = TestReader(files: catalog.sources)
        _ = reader.read(folders: Set([".", directory]).sorted())
        return (reader.diagnostics, reader.sources)
    }
}
