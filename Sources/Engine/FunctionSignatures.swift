import FunctionLibrary
public import Values

/// How a function is called, for those who complete and check what is being typed.
public struct FunctionSignature: Sendable {
    public struct Parameter: Sendable {
        public var name: String
        public var type: ValueType
        /// Null may be given.
        public var isNullable: Bool
    }

    public var name: String
    /// One sentence.
    public var summary: String
    /// `dynamic` where it depends on what is given.
    public var result: ValueType
    public var parameters: [Parameter]
    /// Takes any number of further arguments.
    public var rest: Parameter?
}

extension Engine {
    /// Every function of the language, by its name and by its name with `core::`.
    public static var functionSignatures: [FunctionSignature] {
        let plain = signatures.filter { !$0.name.hasPrefix("provider::") } + ofExpressions
        return plain
            + plain.map { signature in
                var qualified = signature
                qualified.name = "core::" + signature.name
                return qualified
            }
    }

    /// Those that are called as `provider::NAME::…`, by the rest of their names.
    public static func functionSignatures(ofProvider name: String) -> [FunctionSignature] {
        let prefix = "provider::\(name)::"
        let reading = FunctionSignature(
            name: TfvarsDecoding.name, summary: "An object of definitions of variables.", result: .dynamic,
            parameters: [.init(name: "src", type: .string, isNullable: false)])
        return (signatures + [reading]).filter { $0.name.hasPrefix(prefix) }.map { signature in
            var own = signature
            own.name.removeFirst(prefix.count)
            return own
        }
    }

    private static var signatures: [FunctionSignature] {
        FunctionTable.standard.names.compactMap { FunctionTable.standard[$0] }.map { function in
            FunctionSignature(
                name: function.name, summary: function.summary, result: published[function.name] ?? function.resultType,
                parameters: function.parameters.map(parameter), rest: function.variadic.map(parameter))
        }
    }

    private static func parameter(_ parameter: FunctionParameter) -> FunctionSignature.Parameter {
        FunctionSignature.Parameter(name: parameter.name, type: parameter.type, isNullable: parameter.allowsNull)
    }

    /// Those that take expressions rather than values, which no table has.
    private static var ofExpressions: [FunctionSignature] {
        func any(_ name: String) -> FunctionSignature.Parameter { .init(name: name, type: .dynamic, isNullable: false) }
        func text(_ name: String) -> FunctionSignature.Parameter { .init(name: name, type: .string, isNullable: false) }
        return [
            .init(
                name: "can", summary: "Whether an expression can be evaluated without an error.", result: .bool,
                parameters: [any("expression")]),
            .init(
                name: "try", summary: "The first of several expressions that can be evaluated without an error.", result: .dynamic,
                parameters: [], rest: any("expressions")),
            .init(
                name: "templatefile", summary: "A file's text, read as a template with the given variables.", result: .dynamic,
                parameters: [text("path"), any("vars")]),
            .init(
                name: "templatestring", summary: "A text from elsewhere in the module, read as a template with the given variables.",
                result: .string, parameters: [text("template"), any("vars")]),
        ]
    }

    /// What is known of results whose exact type depends on the arguments.
    private static let published: [String: ValueType] = [
        "chunklist": .list(.list(.dynamic)), "distinct": .list(.dynamic), "format": .dynamic, "formatlist": .dynamic, "length": .number,
        "matchkeys": .list(.dynamic), "regexall": .list(.dynamic), "setintersection": .set(.dynamic), "setsubtract": .set(.dynamic),
        "setunion": .set(.dynamic), "tobool": .bool, "tolist": .list(.dynamic), "tomap": .map(.dynamic), "tonumber": .number,
        "toset": .set(.dynamic), "tostring": .string,
    ]
}
