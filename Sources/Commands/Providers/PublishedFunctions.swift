import Diagnostics
import Engine
import Values

/// Signatures of functions, in the published format.
enum PublishedFunctions {
    static func write(_ signatures: [FunctionSignature], _ json: inout JSONText) {
        json.object { json in
            for signature in signatures.sorted(by: { $0.name.precedesByBytes($1.name) }) {
                json.key(signature.name)
                json.object { json in
                    json.pair("description", signature.summary)
                    json.key("return_type")
                    json.raw(signature.result.publishedJSON)
                    if !signature.parameters.isEmpty {
                        json.key("parameters")
                        json.array { json in for parameter in signature.parameters { write(parameter, &json) } }
                    }
                    if let rest = signature.rest {
                        json.key("variadic_parameter")
                        write(rest, &json)
                    }
                }
            }
        }
    }

    private static func write(_ parameter: FunctionSignature.Parameter, _ json: inout JSONText) {
        json.object { json in
            json.pair("name", parameter.name)
            if parameter.isNullable { json.flag("is_nullable") }
            json.key("type")
            json.raw(parameter.type.publishedJSON)
        }
    }
}
