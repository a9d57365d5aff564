import Addresses
import StateModel
import Values

extension DocumentStore {
    /// Brings journal and document together: what was cut short is ended, what others have written is taken over, what would be lost is refused.
    ///
    /// - Parameters:
    ///   - document: its bytes, nil where there is none.
    ///   - lock: the journal's.
    func synchronize(with document: [UInt8]?, under lock: StateLock) async throws(StateStoreError) {
        let found = document.map(digest)
        guard var mark = try PublicationMark(at: markPath) else { return try await begin(with: document, under: lock) }
        if let pending = mark.pending {
            if pending.digest == found {
                mark.published = pending
                mark.pending = nil
                return try mark.write(to: markPath)
            }
            // It was not written: what it was to say is still in the journal, to be published with what comes.
            if mark.published?.digest == found { return }
        }
        if mark.published?.digest == found { return }
        guard let document else { throw try await gone(mark) }
        let snapshot = try await journal.snapshot()
        if try await isPublished(snapshot, mark) { return try await takeOver(document, instead: snapshot, mark, under: lock) }
        throw try await conflict(document, snapshot, mark)
    }

    /// There is no mark: either side may be new.
    private func begin(with document: [UInt8]?, under lock: StateLock) async throws(StateStoreError) {
        // What is recorded is published when the lock is given back.
        guard let document else { return }
        let snapshot = try await journal.snapshot()
        guard snapshot.isBare, snapshot.openIntents.isEmpty else { throw try await conflict(document, snapshot, PublicationMark()) }
        try await takeOver(document, instead: snapshot, PublicationMark(), under: lock)
    }

    private func isPublished(_ snapshot: StateSnapshot, _ mark: PublicationMark) async throws(StateStoreError) -> Bool {
        guard let published = mark.published else { return snapshot.isBare && snapshot.openIntents.isEmpty }
        guard snapshot.openIntents.isEmpty else { return false }
        return published.content == digest(try await bytes(of: snapshot, lineage: "", serial: 0, mark.sources))
    }

    // MARK: Taking over

    private func takeOver(_ document: [UInt8], instead snapshot: StateSnapshot, _ mark: PublicationMark, under lock: StateLock)
        async throws(StateStoreError)
    {
        let read = try await decoded(document)
        let events = read.events(against: snapshot)
        if !events.isEmpty {
            let now = lock.holder.since
            let run = RunRecord(
                id: RunID(rawValue: "\(Int64(now * 1000))-document-\(read.serial)"), command: .stateEdit, holder: lock.holder, beganAt: now,
                planDigest: "")
            _ = try await journal.append(
                [.runBegan(run)] + events + [.runEnded(run.id, result: .done, at: now, counts: .init())], under: lock,
                expecting: snapshot.version)
        }
        var mark = mark
        mark.sources.merge(read.sources) { _, new in new }
        mark.pending = nil
        let content = digest(try await bytes(of: try await journal.snapshot(), lineage: "", serial: 0, mark.sources))
        mark.published = .init(lineage: read.lineage, serial: read.serial, digest: digest(document), content: content)
        try mark.write(to: markPath)
    }

    private func decoded(_ document: [UInt8]) async throws(StateStoreError) -> StateDocument {
        do {
            return try await StateDocument(document, shapes: shapes)
        } catch {
            throw StateStoreError(
                .damaged, "The state \(place.name) cannot be read: \(reason(of: error)).",
                hints: ["Restore it from a backup, such as the one that stands beside it."])
        }
    }

    // MARK: Refusing

    private func gone(_ mark: PublicationMark) async throws(StateStoreError) -> StateStoreError {
        let count = try await journal.snapshot().objects.count
        return StateStoreError(
            .damaged,
            "The state \(place.name) is gone or was emptied. What it said last, and \(count) object\(count == 1 ? "" : "s"), is recorded in the journal beside it.",
            hints: [
                "Restore it from a backup, and run the command again.",
                "To forget all of it, move away the files of which \(markPath) is one: what exists outside then belongs to nobody.",
            ])
    }

    private func conflict(_ document: [UInt8], _ snapshot: StateSnapshot, _ mark: PublicationMark) async throws(StateStoreError)
        -> StateStoreError
    {
        let read = try await decoded(document)
        let theirs = Dictionary(read.objects.map { ($0.address, $0.attributes.withoutMarks(.sensitive)) }) { first, _ in first }
        var different = snapshot.objects.values.filter { theirs[$0.address] != $0.attributes.withoutMarks(.sensitive) }.map(\.address)
        different += snapshot.openIntents.map(\.address)
        let names = Set(different).sorted()
        let some = names.prefix(5).map(\.description).joined(separator: ", ") + (names.count > 5 ? " and \(names.count - 5) more" : "")
        let last = mark.published.map { "serial \($0.serial) of lineage \($0.lineage)" } ?? "nothing"
        return StateStoreError(
            .other,
            "The state \(place.name) was changed by somebody else (it is serial \(read.serial) of lineage \(read.lineage); published last from here was \(last)), and the journal here holds what was never published\(names.isEmpty ? "" : ": \(some)"). Nothing was written.",
            hints: [
                "To keep the document: move away \(markPath) and the journal beside it, run `ashlar plan`, and import what it would make a second time.",
                "To keep what is recorded here: put the version that was published last back in its place, and run the command again.",
            ])
    }
}

extension StateDocument {
    /// What makes a journal say what the document does.
    fileprivate func events(against snapshot: StateSnapshot) -> [StateEvent] {
        var events: [StateEvent] = []
        let kept = Set(objects.map(\.address))
        for address in snapshot.objects.keys.sorted() where !kept.contains(address) {
            events.append(.observed(address: address, object: nil))
        }
        for object in objects {
            guard let known = snapshot.objects[object.address] else {
                events.append(.recorded(object))
                continue
            }
            let merged = known.taking(over: object)
            if merged != known { events.append(.recorded(merged)) }
        }
        for name in snapshot.outputs.keys.sorted() where outputs[name] == nil { events.append(.output(name: name, nil)) }
        for (name, output) in outputs.sorted(by: { $0.key.precedesByBytes($1.key) }) where snapshot.outputs[name] != output {
            events.append(.output(name: name, output))
        }
        return events
    }
}

extension StateObject {
    /// The record with what a document says of it: what that has no words for stays.
    fileprivate func taking(over other: StateObject) -> StateObject {
        var object = self
        object.attributes = other.attributes
        object.schemaVersion = other.schemaVersion
        object.status = other.status
        object.createBeforeDestroy = other.createBeforeDestroy
        if other.identity == identity { object.privateBytes = other.privateBytes }
        let (own, theirs) = (Set(dependencies.map(\.publishedCall)), Set(other.dependencies.map(\.publishedCall)))
        if !own.isSubset(of: theirs) { object.dependencies = other.dependencies }
        return object
    }
}
