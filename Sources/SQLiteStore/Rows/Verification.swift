import Addresses
import GRDB
import StateModel

/// Compares the journal, which is the truth, with everything that was derived from it.
enum Verification {
    /// - Throws: where a page cannot be read: SQLite then ends the transaction, and nothing more can be said.
    static func problems(_ db: Database, path: String) throws -> [String] {
        var problems: [String] = []
        for problem in try String.fetchAll(db, sql: "PRAGMA integrity_check(20)") where problem != "ok" {
            problems.append("SQLite: \(problem).")
        }
        var recorded: StateSnapshot?
        do { recorded = try SnapshotReading.snapshot(db, path: path) } catch  where !(error is DatabaseError) {
            problems.append(words(error, path: path))
        }

        var runs: [RunRecord] = []
        do { runs = try SnapshotReading.history(db, limit: .max, path: path) } catch  where !(error is DatabaseError) {
            problems.append(words(error, path: path))
        }

        var folded = StateSnapshot(version: .none)
        var foldedRuns = RunFold()
        var next: Int64 = 1
        let rows = try Row.fetchCursor(db, sql: "SELECT serial, epoch, checksum, bytes FROM journal ORDER BY serial")
        while let row = try rows.next() {
            do {
                let (serial, event) = try JournalReading.event(row, path: path)
                if serial != next { problems.append("The journal has no event \(next); the one after it is \(serial).") }
                next = serial + 1
                folded.fold(event)
                foldedRuns.fold(event)
            } catch  where !(error is DatabaseError) {
                problems.append(words(error, path: path))
                next += 1
            }
        }
        guard let recorded, problems.isEmpty else { return problems }
        if recorded.version.serial != next - 1 {
            problems.append("The state is at version \(recorded.version.serial), but its journal ends with event \(next - 1).")
        }
        for address in Set(recorded.objects.keys).union(folded.objects.keys).sorted()
        where recorded.objects[address] != folded.objects[address] {
            problems.append("What is recorded of \(address) is not what the journal says of it.")
        }
        for name in Set(recorded.outputs.keys).union(folded.outputs.keys).sorted() where recorded.outputs[name] != folded.outputs[name] {
            problems.append("What is recorded of the output \"\(name)\" is not what the journal says of it.")
        }
        if runs != foldedRuns.newestFirst { problems.append("The runs of the history are not those of the journal.") }
        if recorded.openIntents != folded.openIntents { problems.append("The open intents are not those of the journal.") }
        return problems
    }

    private static func words(_ error: any Error, path: String) -> String {
        stateStoreError(error, attempt: "verify the state", path: path).message
    }
}

/// The runs of a journal, as `RowFold` keeps them: a run that begins again takes its former self's place at the end.
private struct RunFold {
    private var runs: [RunID: (serial: Int, run: RunRecord)] = [:]
    private var serial = 0

    mutating func fold(_ event: StateEvent) {
        serial += 1
        switch event {
        case .runBegan(let run): runs[run.id] = (serial, run)
        case .runEnded(let id, let result, let time, let counts):
            runs[id]?.run.result = result
            runs[id]?.run.endedAt = time
            runs[id]?.run.counts = counts
        default: break
        }
    }

    var newestFirst: [RunRecord] { runs.values.sorted { $0.serial > $1.serial }.map(\.run) }
}
