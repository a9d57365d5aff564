import Diagnostics
import Values

extension JSONText {
    /// A value with its unknown attributes left out; null where it is nothing else.
    mutating func value(_ value: Value?) throws {
        guard let value, !value.isUnknown else { return null() }
        raw(try value.jsonWithoutUnknowns())
    }
}
