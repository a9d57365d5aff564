public import Foundation

/// The real binary, run in a folder of its own with nothing of the user's environment.
public struct AshlarProgram: Sendable {
    public struct Result: Sendable {
        public let code: Int32
        public let output: String
        public let errors: String
        public var all: String { output + errors }
        /// Blanks and line breaks as one blank each: what a sentence is searched in, however it was wrapped.
        public var words: String { all.split(whereSeparator: \.isWhitespace).joined(separator: " ") }
    }

    public struct Failure: Error, CustomStringConvertible {
        public let description: String
    }

    public let folder: URL
    public var environment: [String: String] = [:]

    /// - Parameter name: what its temporary folder is called; `remove` takes it away.
    public init(_ name: String, files: [String: String] = [:]) throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "ashlar-\(name)-\(UUID().uuidString.prefix(8))")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        for (name, text) in files { try write(name, text) }
    }

    public func write(_ name: String, _ text: String) throws {
        try text.write(to: folder.appending(path: name), atomically: true, encoding: .utf8)
    }

    public func remove() {
        // A folder of temporary files: nothing depends on it.
        try? FileManager.default.removeItem(at: folder)
    }

    /// Where the test bundle and the program stand side by side.
    public static let binary: URL? = {
        var folder = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
        while folder.path != "/" {
            let candidate = folder.appending(path: "ashlar")
            if FileManager.default.isExecutableFile(atPath: candidate.path) { return candidate }
            folder = folder.deletingLastPathComponent()
        }
        return nil
    }()

    public static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    @discardableResult
    public func callAsFunction(_ arguments: String..., environment more: [String: String] = [:]) async throws -> Result {
        try await run(arguments, environment: more)
    }

    /// Waits on a thread of its own, since the pool has only a few.
    ///
    /// - Parameter whileRunning: called there with the process's number, again and again until it ends.
    public func run(
        _ arguments: [String], environment more: [String: String] = [:], whileRunning: (@Sendable (Int32) -> Void)? = nil
    ) async throws -> Result {
        guard let binary = Self.binary else { throw Failure(description: "no program beside the tests") }
        var all = [
            "PATH": "\(binary.deletingLastPathComponent().path):/usr/bin:/bin", "HOME": folder.path, "USER": "tester",
            "TMPDIR": folder.path,
            "ASHLAR_PROVIDERS": Self.root.appending(path: "providers").path,
        ]
        all.merge(environment) { $1 }
        all.merge(more) { $1 }
        let variables = all
        return try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread {
                continuation.resume(with: Swift.Result { try waited(binary, arguments, variables, whileRunning) })
            }
        }
    }

    private func waited(_ binary: URL, _ arguments: [String], _ variables: [String: String], _ whileRunning: (@Sendable (Int32) -> Void)?)
        throws -> Result
    {
        let output = try NamelessFile()
        let errors = try NamelessFile()
        let child = try SpawnedProgram(
            binary.path, arguments, environment: variables, directory: folder.path, output: output.descriptor, errors: errors.descriptor)
        var code: Int32?
        if let whileRunning {
            while code == nil {
                whileRunning(child.pid)
                Thread.sleep(forTimeInterval: 0.005)
                code = child.ended()
            }
        }
        return Result(code: code ?? child.wait(), output: try output.text(), errors: try errors.text())
    }
}
