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

    /// What the function of this name takes and gives, as a diagnostic about its call has it; nil for one that is not known.
    static func signature(of called: String, indent: Int? = nil) -> String? {
        let name = called.hasPrefix("core::") ? String(called.dropFirst("core::".count)) : called
        guard var known = Engine.functionSignatures.first(where: { $0.name == name }) else { return nil }
        if name == "templatestring" {
            // Where it is called it takes the expression rather than its value.
            known.parameters[0].type = .dynamic
            known.result = .dynamic
        }
        var json = JSONText(indent: indent)
        json.object { json in
            json.pair("name", name)
            json.key("params")
            json.array { json in for parameter in known.parameters { writeBriefly(parameter, &json) } }
            if let rest = known.rest {
                json.key("variadic_param")
                writeBriefly(rest, &json)
            }
            json.key("return_type")
            json.raw(known.result.publishedJSON)
        }
        return json.text
    }

    private static func writeBriefly(_ parameter: FunctionSignature.Parameter, _ json: inout JSONText) {
        json.object { json in
            json.pair("name", parameter.name)
            json.key("type")
            json.raw(parameter.type.publishedJSON)
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
