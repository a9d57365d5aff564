import Addresses
import ArgumentParser
import Diagnostics
import Foundation
import StateModel

struct TaintCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "taint", abstract: "Mark an object as not fully functional: the next plan replaces it.")

    @OptionGroup var marking: MarkingOptions

    func run() async throws {
        try await marking.mark("taint") { object in
            // A second time is no mistake.
            object.status = .tainted
            return nil
        }
    }
}

struct UntaintCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "untaint", abstract: "Take such a mark away again.")

    @OptionGroup var marking: MarkingOptions

    func run() async throws {
        try await marking.mark("untaint") { object in
            guard object.status == .tainted else {
                return .error(
                    "Resource instance is not tainted",
                    "Resource instance \(object.address) is not currently tainted, and so it cannot be untainted.")
            }
            object.status = .ready
            return nil
        }
    }
}

/// What both have in common.
struct MarkingOptions: ParsableArguments {
    @OptionGroup var output: OutputOptions

    @Flag(name: .customLong("allow-missing"), help: "Where there is no such object, warn and succeed.")
    var allowMissing = false

    @OptionGroup var locking: HiddenLocking

    @Argument(help: "Its address, such as aws_instance.web[0].")
    var address: String

    /// - Parameter change: changes the record, or says why not.
    func mark(_ command: String, _ change: (inout StateObject) -> Diagnostic?) async throws {
        let session = output.session()
        guard let instance = AddressPattern(address)?.instance else {
            throw session.fail(
                [
                    .error(
                        "Invalid address",
                        "\"\(address)\" is not the address of a resource instance: a module path may come first, then the type and the name.",
                        hints: ["In a shell, put single quotes around an address with a key."])
                ], SourceMap())
        }
        if command == "taint", instance.mode != .managed {
            throw session.fail([.error("Resource instance \(instance) cannot be tainted")], SourceMap())
        }
        try await session.locked(command, timeout: locking.lockSeconds) { lock in
            let snapshot = try await session.snapshot()
            guard var object = snapshot.objects[ObjectAddress(instance)] else { return try missing(instance, snapshot, session) }
            if let fault = change(&object) { throw session.fail([fault], SourceMap()) }
            let run = session.run(.stateEdit, command)
            do throws(StateStoreError) {
                _ = try await session.store.append(
                    [
                        .runBegan(run), .recorded(object),
                        .runEnded(run.id, result: .done, at: Date().timeIntervalSince1970, counts: .init()),
                    ], under: lock, expecting: snapshot.version)
            } catch {
                throw session.fail(error)
            }
            session.terminal.write(
                "Resource instance \(instance) has been \(command == "taint" ? "marked as tainted" : "successfully untainted").\n")
        }
    }

    private func missing(_ instance: ResourceInstanceAddress, _ snapshot: StateSnapshot, _ session: Session) throws(CommandFailure) {
        let summary = "No such resource instance"
        if allowMissing {
            return session.show(
                [
                    .warning(
                        summary, "Resource instance \(instance) was not found, but this is not an error because -allow-missing was set.")
                ], SourceMap())
        }
        let near = nearestName(instance.description, among: snapshot.objects.keys.map(\.description).sorted())
        throw session.fail(
            [
                .error(
                    summary, "There is no resource instance in the state with the address \(instance).",
                    hints: near.map { ["Did you mean \($0)?"] } ?? ["List what there is with: ashlar state list"])
            ], SourceMap())
    }
}
