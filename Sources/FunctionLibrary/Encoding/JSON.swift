import Values

extension Function {
    static let json: [Function] = [
        Function(
            "jsonencode", [.any("val", [.unknown, .null, .dynamic])], returns: .string, "The value as JSON."
        ) { call in
            let value = call[0]
            if !value.isWhollyKnown { return .unknown(.string, knownStart(of: value)) }
            do throws(JSONError) {
                return .string(try value.jsonText())
            } catch {
                throw FunctionError(error.message)
            }
        },
        Function(
            "jsondecode", [.string("str")], returns: .dynamic, refinement: .none, "The value that JSON text stands for."
        ) { call in
            let bytes = Array(try call.string(0).utf8)
            do throws(JSONError) {
                return try Value.parsingJSON(bytes)
            } catch {
                throw FunctionError(error.message)
            }
        },
    ]
}

/// The first character is known where the type is, unless the value may be null.
private func knownStart(of value: Value) -> Refinement {
    var refinement = Refinement.notNull
    if case .unknown(let unknown) = value.node, !unknown.refinement.isNotNull { return refinement }
    switch value.type {
    case .string: refinement.prefix = "\""
    case .object, .map: refinement.prefix = "{"
    case .tuple, .list, .set: refinement.prefix = "["
    default: break
    }
    return refinement
}
