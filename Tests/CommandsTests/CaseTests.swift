import Foundation
import Testing

/// Cases through the real binary, each a `CaseSession`.
@Suite struct CaseTests {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Cases")

    static var cases: [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).sorted()
    }

    @Test func thereAreCases() { #expect(Self.cases.count >= 10) }

    @Test(arguments: cases)
    func session(_ name: String) async throws { try await CaseSession(Self.folder.appending(path: name)).hold() }

    /// The folder of the program: `ASHLAR_TEST_PROGRAMS`, or where the tests are, since both are built side by side.
    static let binary: URL = {
        if let folder = ProcessInfo.processInfo.environment["ASHLAR_TEST_PROGRAMS"] { return URL(filePath: folder) }
        var folder = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
        while folder.path != "/", !FileManager.default.isExecutableFile(atPath: folder.appending(path: "ashlar").path) {
            folder = folder.deletingLastPathComponent()
        }
        return folder
    }()
}
