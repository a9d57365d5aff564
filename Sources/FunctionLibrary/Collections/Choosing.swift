import Values

extension Function {
    static let choosing: [Function] = [
        Function(
            "coalesce", [], rest: .any("vals", [.dynamic, .null, .unknown]),
            typed: { arguments in
                guard let type = unify(arguments.map(\.type)) else {
                    throw FunctionError("all arguments must have the same type")
                }
                return type
            }, "The first argument that is neither null nor an empty string."
        ) { call in
            // Which argument it is tells something of all of them: marks go to the whole result, however deep they were.
            for argument in call.arguments {
                if argument.isUnknown { return call.unknown }
                if argument.isNull { continue }
                let value = try argument.converted(to: call.type)
                if value.stringValue == "" { continue }
                return value
            }
            throw FunctionError("no non-null, non-empty-string arguments")
        },
        Function(
            "coalescelist", [], rest: .any("vals", [.dynamic, .null, .unknown]),
            typed: { arguments in
                guard let last = arguments.last else { throw FunctionError("at least one argument is required") }
                for argument in arguments {
                    if argument.isUnknown { return .dynamic }
                    switch argument.type {
                    case .list, .tuple: break
                    default: throw FunctionError("coalescelist arguments must be lists or tuples")
                    }
                }
                // Of different types, which one it is depends on the values.
                return arguments.allSatisfy { $0.type == last.type } ? last.type : .dynamic
            }, "The first argument that has elements."
        ) { call in
            for argument in call.arguments {
                if argument.isUnknown { return call.unknown }
                if let elements = argument.elements, !elements.isEmpty { return argument }
            }
            throw FunctionError("no non-null arguments")
        },
    ]
}
