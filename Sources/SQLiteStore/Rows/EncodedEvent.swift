import Addresses
import StateModel

/// An event and its bytes.
struct EncodedEvent {
    var event: StateEvent
    var bytes: [UInt8]
    /// Where in `bytes` the recorded object begins, if the event carries one under its own address.
    var object: Int?

    /// - Throws: where a value may not be recorded, naming the object.
    static func all(_ events: [StateEvent]) throws -> [EncodedEvent] {
        var result: [EncodedEvent] = []
        result.reserveCapacity(events.count)
        for event in events {
            do throws(StateCodingError) {
                let (bytes, object) = try event.encodedWithObject()
                // SQLite's own limit is a thousand million bytes.
                guard bytes.count < 900_000_000 else { throw StateCodingError("a record of \(bytes.count) bytes is too large") }
                result.append(EncodedEvent(event: event, bytes: bytes, object: object))
            } catch {
                throw StateStoreError(.other, "\(subject(of: event)) cannot be recorded: \(error.message). Nothing was written.")
            }
        }
        return result
    }

    /// The row's bytes of the object that the event carries: as `StateObject.encoded` gives them.
    func objectBytes(from start: Int) -> [UInt8] {
        var row: [UInt8] = []
        row.reserveCapacity(bytes.count - start + 1)
        row.append(bytes[0])
        row.append(contentsOf: bytes[start...])
        return row
    }

    private static func subject(of event: StateEvent) -> String {
        switch event {
        case .intent(let intent): "The intent for \(intent.address)"
        case .fact(_, let address, _), .observed(let address, _), .forgotten(let address): "\(address)"
        case .recorded(let object): "\(object.address)"
        case .output(let name, _): "The output \"\(name)\""
        default: "An event"
        }
    }
}
