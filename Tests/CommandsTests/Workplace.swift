import Foundation
import TestSupport
import Testing

/// A folder of its own with a configuration, in which the real program is run; gone afterwards.
final class Workplace: Sendable {
    let folder: URL

    init(_ configuration: String) throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "ashlar-work-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try write(configuration)
    }

    deinit {
        // What is left in the temporary directory does no harm.
        try? FileManager.default.removeItem(at: folder)
    }

    func write(_ text: String, to name: String = "main.tf") throws {
        try text.write(to: folder.appending(path: name), atomically: true, encoding: .utf8)
    }

    /// The repository.
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    var state: URL { folder.appending(path: "terraform.ashlar") }

    /// Names of the files in a folder of it; none where there is no such folder.
    func files(in name: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder.appending(path: name).path)) ?? []).sorted()
    }

    /// Runs a command of a shell to its end, both outputs together.
    @discardableResult
    func run(_ command: String) async throws -> (output: Said, code: Int32) { try await Running(command, in: folder).end() }

    /// The recorded addresses.
    func recorded() async throws -> [String] {
        let (output, code) = try await run("ashlar state list")
        #expect(code == 0, "\(output)")
        return output.text.split(separator: "\n").map(String.init)
    }

    /// A shell with a command, under way.
    final class Running: Sendable {
        private let process: Process
        private let log: URL
        private let ended: AsyncStream<Int32>

        init(_ command: String, in folder: URL, environment: [String: String] = [:]) throws {
            // A file, so that a long output holds up nobody; not in the folder, which commands may list.
            log = FileManager.default.temporaryDirectory.appending(path: "ashlar-output-\(UUID().uuidString)")
            _ = FileManager.default.createFile(atPath: log.path, contents: nil)
            process = Process()
            process.executableURL = URL(filePath: "/bin/sh")
            process.arguments = ["-c", command]
            process.currentDirectoryURL = folder
            process.environment = [
                "PATH": CaseTests.binary.path + ":/usr/sbin:/usr/bin:/sbin:/bin", "HOME": folder.path, "USER": "tester",
                "ASHLAR_PROVIDERS": Workplace.root.appending(path: "providers").path,
            ].merging(environment) { _, new in new }
            let output = try FileHandle(forWritingTo: log)
            process.standardOutput = output
            process.standardError = output
            process.standardInput = FileHandle.nullDevice
            let (ended, continuation) = AsyncStream.makeStream(of: Int32.self)
            self.ended = ended
            process.terminationHandler = { process in
                continuation.yield(
                    process.terminationReason == .uncaughtSignal ? 128 + process.terminationStatus : process.terminationStatus)
                continuation.finish()
            }
            try process.runUnblocked()
        }

        func end() async throws -> (output: Said, code: Int32) {
            var code: Int32 = -1
            for await ending in ended { code = ending }
            defer { try? FileManager.default.removeItem(at: log) }
            return (Said(text: String(decoding: try Data(contentsOf: log), as: UTF8.self)), code)
        }
    }
}

/// What a program said. Long lines are broken where they fit the width: words are looked for however they are broken.
struct Said: CustomStringConvertible, Sendable {
    let text: String

    var description: String { text }
    var words: String { text.split(whereSeparator: \.isWhitespace).joined(separator: " ") }
    func contains(_ some: String) -> Bool { text.contains(some) || words.contains(some) }
}
