import ArgumentParser
import Diagnostics
import Foundation
import StateModel
import Values

struct HistoryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "history", abstract: "List runs, the newest first.")

    @OptionGroup var output: OutputOptions

    @Option(name: .customLong("limit"), help: "How many.")
    var limit = 20

    func run() async throws {
        let session = output.session()
        let runs: [RunRecord]
        do throws(StateStoreError) {
            runs = try await session.store.history(limit: limit)
        } catch {
            throw session.fail(error)
        }
        if output.json {
            var json = JSONText()
            json.array { json in
                for run in runs {
                    json.object { json in
                        json.pair("id", run.id.rawValue)
                        json.pair("command", run.command.rawValue)
                        json.pair("user", run.holder.user)
                        json.pair("host", run.holder.host)
                        json.pair("began_at", time(run.beganAt))
                        if let ended = run.endedAt { json.pair("ended_at", time(ended)) }
                        json.pair("result", run.result?.rawValue ?? "unfinished")
                        json.pair("plan", run.planDigest)
                        for (name, count) in counts(run) {
                            json.key(name)
                            json.int(count)
                        }
                    }
                }
            }
            session.terminal.write(json.text + "\n")
            return
        }
        for run in runs {
            let took = run.endedAt.map { String(($0 - run.beganAt).rounded(to: 10)) + "s" } ?? "-"
            let what = counts(run).filter { $0.1 > 0 }.map { "\($0.1) \($0.0)" }.joined(separator: ", ")
            session.terminal.write(
                "\(time(run.beganAt))  \(run.command.rawValue)  \(run.result?.rawValue ?? "unfinished")  \(took)  \(run.holder.user)@\(run.holder.host)  \(what)\n"
            )
        }
    }

    private func counts(_ run: RunRecord) -> [(String, Int)] {
        [
            ("created", run.counts.created), ("updated", run.counts.updated), ("replaced", run.counts.replaced),
            ("deleted", run.counts.deleted), ("failed", run.counts.failed), ("not_begun", run.counts.notBegun),
        ]
    }

    private func time(_ seconds: Double) -> String { Date(timeIntervalSince1970: seconds.rounded(.down)).formatted(.iso8601) }
}

extension Double {
    func rounded(to scale: Double) -> Double { (self * scale).rounded() / scale }
}
