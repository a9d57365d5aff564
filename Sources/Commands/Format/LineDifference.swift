import Diagnostics
import Foundation

/// What `diff -u` says of two texts. The program itself is asked, as the reference asks it: there are many ways to tell lines apart, and
/// people compare what they read.
func lineDifference(_ old: [UInt8], _ new: [UInt8], path: String) throws(DiagnosticError) -> String {
    func failure(_ reason: String) -> DiagnosticError {
        DiagnosticError(
            .error(
                "Failed to generate diff for \(path)", "The program \"diff\" could not be run: \(reason).",
                hints: ["Install it, or leave out -diff."]))
    }
    let folder = FileManager.default.temporaryDirectory.appending(path: "ashlar-fmt-\(UUID().uuidString)")
    do {
        try FileManager.default.createDirectory(
            at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        // What is left behind in the temporary directory does no harm.
        defer { try? FileManager.default.removeItem(at: folder) }
        let files = [folder.appending(path: "old"), folder.appending(path: "new")]
        try Data(old).write(to: files[0])
        try Data(new).write(to: files[1])
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["diff", "-u", "--label", "old/\(path)", "--label", "new/\(path)"] + files.map(\.path)
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let text = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        // 1: they differ.
        guard process.terminationStatus <= 1 else { throw failure("exit code \(process.terminationStatus)") }
        return String(decoding: text, as: UTF8.self)
    } catch let error as DiagnosticError {
        throw error
    } catch {
        throw failure(error.localizedDescription)
    }
}
