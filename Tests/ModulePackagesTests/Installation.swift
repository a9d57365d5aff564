import ConfigModel
import Diagnostics
import Foundation
import ModulePackages
import TestSupport
import Testing

/// A folder of packages with what a configuration of a few modules asks of it.
struct Installation {
    let folder: URL
    var settings: FetchSettings

    init(_ settings: FetchSettings) throws {
        self.settings = settings
        folder = FileManager.default.temporaryDirectory.appending(path: "ashlar-modules-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    init() throws { try self.init(FetchSettings(transport: NoTransport(), environment: ProcessInfo.processInfo.environment)) }

    func remove() { try? FileManager.default.removeItem(at: folder) }  // It is a temporary one.

    var path: String { folder.appending(path: "modules").path }

    /// What came of one `init`.
    struct Outcome {
        /// Directory of each module asked for, relative to the folder of packages; nil where it did not come.
        var directories: [String?]
        var diagnostics: [Diagnostic]
        var summaries: [String] { diagnostics.map(\.summary) }
    }

    func install(_ sources: [(String, version: String?)], _ renewal: PackageInstaller.Renewal = .missing) async throws -> Outcome {
        let installer = PackageInstaller(PackageFolder(path: path), settings, renewing: renewal) { _ in }
        let span = SourceSpan(file: "main.tf", range: .empty)
        var wanted: [(PackageRequest, String)] = []
        for (source, version) in sources {
            switch try ModuleAddress(source, hasVersion: version != nil) {
            case .registry(let module, let subdirectory):
                wanted.append((PackageRequest(origin: .registry(module), constraint: version ?? ""), subdirectory))
            case .remote(let package, let subdirectory): wanted.append((PackageRequest(origin: .remote(package)), subdirectory))
            case .local: Issue.record("a local path is fetched from nowhere")
            }
        }
        func answers() -> [String?] {
            wanted.enumerated().map { index, request in
                let caller = ModuleSources.PackageCaller(name: "m\(index)", span: span, versionSpan: span)
                guard case .installed(let directory, let subdirectory) = installer.answer(request.0, caller) else { return nil }
                return ([directory.replacingOccurrences(of: path + "/", with: ""), subdirectory, request.1].filter { !$0.isEmpty })
                    .joined(separator: "/")
            }
        }
        _ = answers()
        let (_, faults) = await installer.fetchAwaited()
        let directories = answers()
        return Outcome(directories: directories, diagnostics: faults + (faults.isEmpty ? installer.finish() : []))
    }

    func text(_ directory: String?, _ name: String = "main.tf") throws -> String {
        try String(contentsOfFile: "\(path)/\(try #require(directory))/\(name)", encoding: .utf8)
    }

    @discardableResult
    func shell(_ command: String) async throws -> String {
        let environment = ProcessInfo.processInfo.environment.merging([
            "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@b", "GIT_COMMITTER_NAME": "a",
            "GIT_COMMITTER_EMAIL": "a@b",
        ]) { $1 }
        let (status, text) = try await Child.output(of: "sh", ["-c", "cd '\(folder.path)' && { \(command); }"], environment)
        #expect(status == 0, "\(command): \(text)")
        return text.trimmingCharacters(in: .whitespacesAndNewlines)
    }
}
