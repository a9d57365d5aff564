import Values

extension Function {
    static let marks: [Function] = [
        Function(
            "sensitive", [.any("value", [.unknown, .null, .marked, .dynamic])], typed: { $0[0].type }, refinement: .none,
            "The value, hidden from view."
        ) { call in call[0].marked(.sensitive) },
        Function(
            "nonsensitive", [.any("value", [.unknown, .null, .marked, .dynamic])], typed: { $0[0].type }, refinement: .none,
            "The value, no longer hidden."
        ) { call in call[0].withMarks(call[0].marks.subtracting(.sensitive)) },
        Function(
            "issensitive", [.any("value", [.unknown, .null, .marked, .dynamic])], returns: .bool, "Whether the value is hidden from view."
        ) { call in
            if call[0].isSensitive { return .true }
            // What is unknown may turn out to be sensitive.
            return call[0].isUnknown ? call.unknown : .false
        },
        Function(
            "ephemeralasnull", [.any("value", [.unknown, .null, .marked, .dynamic])], typed: { $0[0].type }, refinement: .none,
            "The value with nulls in place of what must not be stored."
        ) { call in
            guard call[0].holdsEphemeral else { return call[0] }
            return call[0].transformed { _, value in
                guard value.marks.contains(.ephemeral) else { return value }
                return Value.null(value.type).withMarks(value.marks.subtracting(.ephemeral))
            }
        },
    ]
}
