public import Values

/// The functions that expressions can call, by name.
public struct FunctionTable: Sendable {
    private let functions: [String: Function]
    /// In byte order.
    public let names: [String]

    /// All of the language's functions but those that need an evaluator (`try`, `can`, `templatefile`, `templatestring`).
    public static let standard = FunctionTable(
        [
            Function.letterCases, Function.trimming, Function.searching, Function.splitting, Function.formatting, Function.matching,
            Function.arithmetic, Function.sequences, Function.lengths, Function.elements, Function.maps, Function.combining,
            Function.choosing, Function.sets, Function.base64, Function.compression, Function.json, Function.yaml, Function.csv,
            Function.digests,
            Function.secrets, Function.identifiers, Function.times, Function.networks, Function.paths, Function.files,
            Function.conversions, Function.marks, Function.writingExpressions,
            Function.ofTime, Function.ofLocal,
        ].flatMap { $0 })

    /// Of equal names the last wins.
    public init(_ functions: [Function]) {
        self.functions = Dictionary(functions.map { ($0.name, $0) }, uniquingKeysWith: { _, last in last })
        names = self.functions.keys.sorted { $0.precedesByBytes($1) }
    }

    /// The function of this name, which may begin with `core::`.
    public subscript(_ name: String) -> Function? {
        if let function = functions[name] { return function }
        guard name.utf8.starts(with: "core::".utf8) else { return nil }
        return functions[String(name.utf8.dropFirst(6)) ?? ""]
    }

    /// This table with further functions, which win over those of the same name.
    public func adding(_ more: [Function]) -> FunctionTable { FunctionTable(names.compactMap { functions[$0] } + more) }

    /// Converts the arguments, deals with nulls, unknowns and marks that the function does not, and runs it.
    ///
    /// An unknown argument makes the result an unknown of the function's result type, marks go to the whole result.
    public func call(
        _ function: Function, _ arguments: [Value], environment: any FunctionEnvironment
    ) throws(FunctionError) -> Value {
        try function.call(arguments, environment: environment)
    }
}
