import Crypto
import FoundationEssentials
public import StateModel

func digest(_ bytes: [UInt8]) -> String {
    SHA256.hash(data: bytes).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
}

extension DocumentStore {
    /// Writes the document, if it does not say yet what the journal does.
    func publish() async throws(StateStoreError) {
        let snapshot = try await journal.snapshot()
        var mark = try PublicationMark(at: markPath) ?? PublicationMark()
        // Before the first object there is nothing to be said.
        if mark.published == nil, mark.pending == nil, snapshot.isBare { return }
        let content = digest(try await bytes(of: snapshot, lineage: "", serial: 0, mark.sources))
        if mark.pending == nil, mark.published?.content == content { return }
        let lineage = mark.published?.lineage ?? mark.pending?.lineage ?? UUID().uuidString.lowercased()
        let serial = (mark.published?.serial ?? 0) + 1
        let document = try await bytes(of: snapshot, lineage: lineage, serial: serial, mark.sources)
        let publication = PublicationMark.Publication(lineage: lineage, serial: serial, digest: digest(document), content: content)
        try await requireUnchanged(mark)
        mark.pending = publication
        try mark.write(to: markPath)
        do throws(StateStoreError) {
            try await place.write(document)
        } catch {
            var error = error
            error.message += " What was done is recorded in the journal beside it, and nothing is lost."
            error.hints.append("Run any command that writes here again: it publishes what is recorded.")
            throw error
        }
        mark.published = publication
        mark.pending = nil
        try mark.write(to: markPath)
    }

    /// What the document says, or will when the lock is given back.
    public func document() async throws(StateStoreError) -> [UInt8]? {
        let snapshot = try await snapshot()
        let mark = try PublicationMark(at: markPath) ?? PublicationMark()
        guard let published = mark.published else {
            return snapshot.isBare ? nil : try await bytes(of: snapshot, lineage: mark.pending?.lineage ?? "", serial: 1, mark.sources)
        }
        let content = digest(try await bytes(of: snapshot, lineage: "", serial: 0, mark.sources))
        return try await bytes(
            of: snapshot, lineage: published.lineage, serial: published.serial + (content == published.content ? 0 : 1), mark.sources)
    }

    /// Whoever broke the lock, or a place that knows none, may have let somebody else write.
    private func requireUnchanged(_ mark: PublicationMark) async throws(StateStoreError) {
        let now = try await place.read().map(digest)
        if now == mark.published?.digest || (mark.pending != nil && now == mark.pending?.digest) { return }
        throw StateStoreError(
            .lockLost, "The state \(place.name) was changed by somebody else while it was in use. It was not written.",
            hints: ["What was done is recorded in the journal beside it: run the command again, and it says how to bring the two together."]
        )
    }

    func bytes(of snapshot: StateSnapshot, lineage: String, serial: Int64, _ sources: [String: String])
        async throws(StateStoreError) -> [UInt8]
    {
        do {
            return try await StateDocument.bytes(of: snapshot, lineage: lineage, serial: serial, shapes: shapes, sources: sources)
        } catch {
            throw StateStoreError(
                .other, "The state cannot be published at \(place.name): \(reason(of: error)). It is recorded in the journal beside it.")
        }
    }

    func reason(of error: any Error) -> String {
        switch error {
        case let fault as DocumentFault: fault.reason
        case let fault as StateCodingError: fault.message
        default: "\(error)"
        }
    }
}

extension StateSnapshot {
    /// Nothing is recorded but what was done.
    var isBare: Bool { objects.isEmpty && outputs.isEmpty }
}
