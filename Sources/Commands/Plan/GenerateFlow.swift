import Addresses
import ConfigModel
import Diagnostics
import Engine
import Foundation
import PlanModel
import StateModel

extension PlanFlow {
    /// Plans, and before that writes blocks for what import blocks name and nobody declares.
    ///
    /// - Parameter path: must name no file yet: what is there may have been edited.
    func plan(_ configuration: Configuration, generatingTo path: String) async throws -> (Engine.Planned, Configuration) {
        guard options.mode == .normal else {
            throw session.fail(
                [
                    .error(
                        "Invalid generate-config-out flag",
                        "Config can only be generated during a normal plan operation, and not during a refresh-only or destroy plan.")
                ], SourceMap())
        }
        if FileManager.default.fileExists(atPath: path) {
            throw session.fail(
                [
                    .error(
                        "Target generated file already exists",
                        "\(path) is there already, and configuration is only generated into a new file.",
                        hints: ["Name another file, or move what is in this one to where it belongs and delete it."])
                ], SourceMap())
        }
        let first = try await plan(configuration, mode: .normal, lock: nil) { $0.generates = true }
        guard !first.unconfigured.isEmpty else { return (first, configuration) }
        // The plan that is kept is made anew.
        await close(first, configuration)
        let generated = GeneratedConfiguration(first.unconfigured)
        let text = generated.file
        do {
            let place = path.hasPrefix("/") ? path : session.workingDirectory + "/" + path
            try Data(text.utf8).write(to: URL(filePath: place), options: .withoutOverwriting)
        } catch {
            throw session.fail(
                [
                    .error(
                        "Failed to create target generated file",
                        "The generated configuration could not be written to \(path): \(error.localizedDescription)",
                        hints: ["Name a file in a directory that exists and that you may write to."])
                ], SourceMap())
        }
        let (loaded, sources, diagnostics) = session.engine.load(with: path, Array(text.utf8), variables: session.variableInputs)
        guard let loaded else { throw session.fail(diagnostics, sources) }
        let blocks = Dictionary(generated.blocks.map { ($0.name, $0.text) }) { first, _ in first }
        return (try await plan(loaded, mode: .normal, lock: nil) { $0.generated = blocks }, loaded)
    }
}
