import Values

/// What a recipe remembers with an object, in the provider's private bytes: small facts by name, and contents of files, which are secret.
struct PrivateNotes: Equatable {
    var facts: [String: String] = [:]
    /// Base64.
    var files: [String: String] = [:]

    init(facts: [String: String] = [:], files: [String: String] = [:]) {
        self.facts = facts
        self.files = files
    }

    /// Bytes that are no notes (another provider version's) read as none.
    init(bytes: [UInt8]) {
        guard !bytes.isEmpty else { return }
        do throws(RecordError) {
            let value = try Value(record: bytes)
            for entry in value["facts"]?.entries ?? [] { facts[entry.key] = entry.value.stringValue }
            for entry in value["files"]?.entries ?? [] { files[entry.key] = entry.value.stringValue }
        } catch {
            facts = [:]
            files = [:]
        }
    }

    var isEmpty: Bool { facts.isEmpty && files.isEmpty }

    func bytes() -> [UInt8] {
        if isEmpty { return [] }
        func map(_ texts: [String: String]) -> Value { .map(texts.map { ($0.key, Value.string($0.value)) }, of: .string) }
        do throws(RecordError) {
            return try Value.object([("facts", map(facts)), ("files", map(files))]).encodedRecord()
        } catch {
            // Maps of plain strings always have a record.
            return []
        }
    }

    /// As expressions see them: one map, the files' contents sensitive.
    var value: Value {
        let entries =
            facts.map { ($0.key, Value.string($0.value)) } + files.map { ($0.key, Value.string($0.value).marked(.sensitive)) }
        return .map(entries, of: .string)
    }
}
