import Values

extension Function {
    static let conversions: [Function] = [
        conversion("tostring", to: .string, "The value as a string."),
        conversion("tonumber", to: .number, "The value as a number."),
        conversion("tobool", to: .bool, "The value as a truth value."),
        conversion("tolist", to: .list(.dynamic), "The value as a list."),
        conversion("toset", to: .set(.dynamic), "The value as a set."),
        conversion("tomap", to: .map(.dynamic), "The value as a map."),
    ]

    private static func conversion(_ name: String, to wanted: ValueType, _ summary: String) -> Function {
        Function(
            name, [.any("v", [.null, .marked, .dynamic])],
            typed: { arguments in
                let type = arguments[0].type
                if type == wanted { return wanted }
                // Whether any value of the type can be converted.
                do {
                    _ = try Value.unknown(type).converted(to: wanted)
                    return wanted
                } catch {
                    throw FunctionError.argument(0, "cannot convert \(type.friendlyName) to \(wanted.nameAsConstraint)")
                }
            }, refinement: .none, summary
        ) { call in
            let value = call[0]
            do {
                return try value.converted(to: wanted)
            } catch {
                let type = value.type
                if value.holdsSensitive {
                    throw FunctionError.argument(
                        0, "cannot convert this sensitive \(type.friendlyName) to \(wanted.nameAsConstraint)")
                }
                switch (value.node, wanted) {
                case (.string(let text), .bool):
                    throw FunctionError.argument(
                        0, "cannot convert \(quoted(text)) to bool; only the strings \"true\" or \"false\" are allowed")
                case (.string(let text), .number):
                    throw FunctionError.argument(
                        0,
                        "cannot convert \(quoted(text)) to number; given string must be a decimal representation of a number")
                default:
                    throw FunctionError.argument(0, "cannot convert \(type.friendlyName) to \(wanted.nameAsConstraint)")
                }
            }
        }
    }
}

extension ValueType {
    /// The name, with `any` read as a wish.
    fileprivate var nameAsConstraint: String {
        switch self {
        case .list(.dynamic): "list of any single type"
        case .set(.dynamic): "set of any single type"
        case .map(.dynamic): "map of any single type"
        default: friendlyName
        }
    }
}
