import Values

extension Function {
    static let lengths: [Function] = [
        Function(
            "length", [.any("value", [.dynamic, .unknown, .marked])],
            typed: { arguments in
                switch arguments[0].type {
                case .string, .list, .set, .map, .tuple, .object, .dynamic: return .number
                default: throw FunctionError("argument must be a string, a collection type, or a structural type")
                }
            }, refinement: .length, "How many elements, attributes or characters."
        ) { call in
            let value = call[0]
            let marks = value.marks
            switch value.node {
            case .string(let text): return Value.number(Number(exactly: Int64(text.count))).marked(marks)
            case .unknown(let unknown):
                switch unknown.type {
                case .tuple(let elements): return Value.number(Number(exactly: Int64(elements.count))).marked(marks)
                case .object(let object): return Value.number(Number(exactly: Int64(object.attributes.count))).marked(marks)
                case .dynamic: return Value.unknown(.number, .notNull).marked(marks)
                default: return call.unknown.marked(marks)
                }
            default: return try value.length
            }
        },
        Function("alltrue", [.list("list", of: .bool)], returns: .bool, "Whether all are true; so for an empty list.") { call in
            for value in try call.elements(0) {
                if value.isUnknown { return call.unknown }
                if value.boolValue != true { return .false }
            }
            return .true
        },
        Function("anytrue", [.list("list", of: .bool)], returns: .bool, "Whether any is true; not for an empty list.") { call in
            var holdsUnknown = false
            for value in try call.elements(0) {
                if value.isUnknown { holdsUnknown = true }
                if value.boolValue == true { return .true }
            }
            return holdsUnknown ? call.unknown : .false
        },
        Function(
            "contains", [.any("list"), .any("value")],
            typed: { arguments in
                switch arguments[0].type {
                case .list, .set, .tuple: return .bool
                default: throw FunctionError("argument must be list, tuple, or set")
                }
            }, "Whether the value is in the list, set or tuple."
        ) { call in
            var holdsUnknown = false
            for element in try call.elements(0) {
                let equal = Value.equal(call[1], element)
                if equal.boolValue == true { return .true }
                if equal.isUnknown { holdsUnknown = true }
            }
            return holdsUnknown ? call.unknown : .false
        },
        Function(
            "index", [.any("list"), .any("value")], typed: { _ in .number }, "Where the value first stands in the list."
        ) { call in
            switch call[0].type {
            case .list, .tuple: break
            default: throw FunctionError("argument must be a list or tuple")
            }
            let values = try call.elements(0)
            if values.isEmpty { throw FunctionError("cannot search an empty list") }
            for (index, element) in values.enumerated() {
                let equal = Value.equal(element, call[1])
                if equal.isUnknown { return call.unknown }
                if equal.boolValue == true { return .int(index) }
            }
            throw FunctionError("item not found")
        },
    ]
}
