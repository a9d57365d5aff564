import ArgumentParser
import Diagnostics
import Foundation
import StateDocuments
import StateModel

/// `state pull`: the state as a document that Terraform and its tools read.
struct StatePullCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pull", abstract: "Print the state as a document in Terraform's format, version 4.",
        discussion: "It holds what is secret in clear.")

    @OptionGroup var output: OutputOptions

    func run() async throws {
        let session = output.session()
        let backend = try session.currentBackend()
        do {
            guard let bytes = try await backend.document(of: session.workspaces.current) else { return }
            session.terminal.write(String(decoding: bytes, as: UTF8.self))
        } catch let error as StateStoreError {
            throw session.fail(error)
        } catch let fault as DocumentFault {
            throw session.fail([.error("The state cannot be written as a document", "\(fault.reason).")], SourceMap())
        }
    }
}
