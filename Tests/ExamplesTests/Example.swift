import Foundation
import TestSupport
import Testing

/// An example in a folder of its own, run by the real binary.
final class Example {
    let folder: URL
    private let variables: [String]
    private let files: Set<String>

    /// - Parameter variables: what the example is given with `-var`.
    init(_ name: String, _ variables: KeyValuePairs<String, String> = [:]) throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "ashlar-example-\(name)-\(UUID().uuidString)")
        try FileManager.default.copyItem(at: URL(filePath: "\(Surroundings.root)/examples/\(name)"), to: folder)
        files = Set(try FileManager.default.contentsOfDirectory(atPath: folder.path))
        self.variables = variables.flatMap { ["-var", "\($0)=\($1)"] }
    }

    deinit {
        // What is left of a folder in /tmp fails no test.
        try? FileManager.default.removeItem(at: folder)
    }

    private static let binary: String = {
        // The test bundle and the program stand side by side.
        var folder = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
        while folder.path != "/", !FileManager.default.isExecutableFile(atPath: folder.appending(path: "ashlar").path) {
            folder = folder.deletingLastPathComponent()
        }
        return folder.appending(path: "ashlar").path
    }()

    /// Runs a command; its output, where it ends with the status that is expected.
    @discardableResult
    func ashlar(_ command: String, _ options: String..., exit expected: Int = 0, sourceLocation: SourceLocation = #_sourceLocation)
        async throws -> String
    {
        // A saved plan has its variables.
        let given = ["plan", "destroy"].contains(command) ? variables : []
        let (status, text) = try await Child.output(
            of: Self.binary, ["-chdir=\(folder.path)", command] + options + given,
            [
                "PATH": "/usr/bin:/bin", "HOME": folder.path, "USER": "tester", "ASHLAR_PROVIDERS": "\(Surroundings.root)/providers",
                "AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing",
            ])
        try #require(status == expected, "ashlar \(command) ended with \(status):\n\(text)", sourceLocation: sourceLocation)
        return text
    }

    /// Plans, applies that plan, sees that nothing is left to do, looks at what was made, destroys.
    func live(adds count: Int, looking: () async throws -> Void) async throws {
        try await ashlar("init")
        #expect(try await ashlar("plan", "-out=example.plan", "-detailed-exitcode", exit: 2).contains("Plan: \(count) to add, 0 to change"))
        #expect(try await ashlar("apply", "example.plan").contains("Resources: \(count) added"))
        try await ashlar("plan", "-detailed-exitcode")
        var failure: (any Error)?
        // Whatever it finds, what was made goes.
        do { try await looking() } catch { failure = error }
        let destroyed = try await ashlar("destroy", "-auto-approve")
        #expect(destroyed.contains("Destroy complete!"))
        if let failure { throw failure }
        #expect(try await ashlar("state", "list").isEmpty)
        let left = Set(try FileManager.default.contentsOfDirectory(atPath: folder.path)).subtracting(files)
        #expect(left.subtracting(["example.plan", "terraform.ashlar"]).isEmpty)
    }
}
