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

    static let binary: URL = {
        // The test bundle and the program stand side by side.
        var folder = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
        while folder.path != "/", !FileManager.default.isExecutableFile(atPath: folder.appending(path: "ashlar").path) {
            folder = folder.deletingLastPathComponent()
        }
        return folder
    }()
}
