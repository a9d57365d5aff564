import ArgumentParser
import PlanModel

struct RefreshCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "refresh", abstract: "Record what is really there.",
        discussion: "The same as: apply -refresh-only -auto-approve. Without -auto-approve, that shows first what it would record.")

    @OptionGroup var output: OutputOptions
    @OptionGroup var options: PlanningOptions

    func run() async throws {
        let session = output.session(streaming: output.json)
        let flow = PlanFlow(session: session, options: options)
        try await session.locked("refresh", timeout: options.lockSeconds) { lock in
            let configuration = try session.configuration()
            try await planAndApply(flow, configuration, mode: .refreshOnly, approved: true, lock: lock)
        }
    }
}
