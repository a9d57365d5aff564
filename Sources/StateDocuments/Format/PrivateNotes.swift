import Addresses
import FoundationEssentials
import StateModel
import Values

/// What a record has and a document knows no name for (container, guard, identity, what was there before, …): it travels in `private`, which
/// Terraform keeps with the object, unread, as long as its provider leaves it alone.
enum PrivateNotes {
    private static let key = "ashlar"

    /// Whether the document's own words do not suffice to make the record again.
    private static func areNeeded(for object: StateObject) -> Bool {
        object.container != nil || object.isGuarded || object.preventsDestroy || !object.identity.isEmpty || object.before != nil
            || !object.hostKeys.isEmpty || object.provider.key != .none || object.address.instance.module.kind != nil
            || object.provider.module.steps.contains { if case .kind = $0 { true } else { false } }
            // A provider's own bytes that look like ours would be taken for them.
            || taken(from: object.privateBytes) != nil
    }

    /// The text of `private`, nil for none.
    static func text(for object: StateObject) throws(StateCodingError) -> String? {
        guard areNeeded(for: object) else { return object.privateBytes.isEmpty ? nil : Data(object.privateBytes).base64EncodedString() }
        var record = object
        record.attributes = .null
        let bytes = try record.encoded()
        // Providers read `private` as an object of texts, each of which is JSON in base64.
        let inner = "\"\(Data(bytes).base64EncodedString())\""
        let outer = "{\"\(key)\":\"\(Data(inner.utf8).base64EncodedString())\"}"
        return Data(outer.utf8).base64EncodedString()
    }

    /// The record, without attributes, or else the provider's own bytes.
    static func read(_ text: String) -> (record: StateObject?, bytes: [UInt8]) {
        guard let data = Data(base64Encoded: text) else { return (nil, []) }
        if let record = taken(from: Array(data)) { return (record, record.privateBytes) }
        return (nil, Array(data))
    }

    private static func taken(from bytes: [UInt8]) -> StateObject? {
        guard bytes.first == UInt8(ascii: "{"), let outer = try? Value.parsingJSON(bytes), let text = outer[key]?.stringValue,
            let inner = Data(base64Encoded: text), let quoted = try? Value.parsingJSON(Array(inner)).stringValue,
            let record = Data(base64Encoded: quoted)
        else {
            // Whatever else it is, it is the provider's.
            return nil
        }
        return try? StateObject(encoded: Array(record))
    }
}
