extension RecordWriter {
    mutating func run(_ run: RunRecord) {
        text(run.id.rawValue)
        switch run.command {
        case .apply: byte(0)
        case .destroy: byte(1)
        case .refresh: byte(2)
        case .recover: byte(3)
        case .importing: byte(4)
        case .stateEdit: byte(5)
        }
        holder(run.holder)
        time(run.beganAt)
        flag(run.endedAt != nil)
        if let endedAt = run.endedAt { time(endedAt) }
        text(run.planDigest)
        flag(run.result != nil)
        if let result = run.result { self.result(result) }
        counts(run.counts)
    }

    mutating func holder(_ holder: LockHolder) {
        text(holder.user)
        text(holder.host)
        signed(Int(holder.process))
        text(holder.operation)
        time(holder.since)
        text(holder.program)
    }

    mutating func result(_ result: RunRecord.Result) {
        switch result {
        case .done: byte(0)
        case .failed: byte(1)
        case .interrupted: byte(2)
        }
    }

    mutating func counts(_ counts: RunRecord.Counts) {
        for count in [counts.created, counts.updated, counts.replaced, counts.deleted, counts.failed, counts.notBegun] { signed(count) }
    }
}

extension RecordReader {
    mutating func run() throws(StateCodingError) -> RunRecord {
        let id = RunID(rawValue: try text())
        let command: RunRecord.Command
        switch try byte() {
        case 0: command = .apply
        case 1: command = .destroy
        case 2: command = .refresh
        case 3: command = .recover
        case 4: command = .importing
        case 5: command = .stateEdit
        default: throw failure("an unknown command")
        }
        let holder = try holder()
        let beganAt = try time()
        let endedAt = try flag() ? try time() : nil
        let planDigest = try text()
        let result = try flag() ? try result() : nil
        return RunRecord(
            id: id, command: command, holder: holder, beganAt: beganAt, endedAt: endedAt, planDigest: planDigest, result: result,
            counts: try counts())
    }

    mutating func holder() throws(StateCodingError) -> LockHolder {
        let user = try text()
        let host = try text()
        guard let process = Int32(exactly: try signed()) else { throw failure("no process") }
        let operation = try text()
        let since = try time()
        return LockHolder(user: user, host: host, process: process, operation: operation, since: since, program: try text())
    }

    mutating func result() throws(StateCodingError) -> RunRecord.Result {
        switch try byte() {
        case 0: return .done
        case 1: return .failed
        case 2: return .interrupted
        default: throw failure("an unknown result")
        }
    }

    mutating func counts() throws(StateCodingError) -> RunRecord.Counts {
        var counts = RunRecord.Counts()
        counts.created = try signed()
        counts.updated = try signed()
        counts.replaced = try signed()
        counts.deleted = try signed()
        counts.failed = try signed()
        counts.notBegun = try signed()
        return counts
    }
}
