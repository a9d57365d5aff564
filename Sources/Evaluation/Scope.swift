public import Diagnostics
public import HCLSyntax
public import Values

/// Gives names their values. Names bound by `for` are the evaluator's own and never asked for here.
public protocol EvaluationScope {
    /// The value that `root` and the first of its steps stand for, and how many steps that took: `var.region` takes one,
    /// `data.aws_ami.debian` two, a plain name none.
    /// - Throws: the reference's diagnostic for a name that is not declared.
    func resolve(_ root: Identifier, _ steps: [TraversalStep], in file: String) throws(DiagnosticError) -> ResolvedName
}

public struct ResolvedName: Sendable {
    public var value: Value
    /// Steps used up.
    public var consumed: Int

    public init(_ value: Value, consumed: Int) {
        self.value = value
        self.consumed = consumed
    }
}

/// A scope of plain names: what manifests and templates see.
public struct NamedValues: EvaluationScope, Sendable {
    public var values: [String: Value]
    /// What to say of a name that is not there: "variable" in a template, "name" in a manifest.
    public var noun: String

    public init(_ values: [String: Value], noun: String = "name") {
        self.values = values
        self.noun = noun
    }

    public func resolve(_ root: Identifier, _ steps: [TraversalStep], in file: String) throws(DiagnosticError) -> ResolvedName {
        if let value = values[root.name] { return ResolvedName(value, consumed: 0) }
        let known = values.keys.sorted { $0.precedesByBytes($1) }
        var hints: [String] = []
        if let near = nearestName(root.name, among: known) { hints.append("Did you mean \"\(near)\"?") }
        throw DiagnosticError(
            .error(
                "Unknown variable",
                "There is no \(noun) named \"\(root.name)\" here."
                    + (known.isEmpty ? "" : " Known are: \(known.joined(separator: ", "))."),
                at: SourceSpan(file: file, range: root.range), hints: hints))
    }
}

/// Calls functions by name. Evaluation knows none itself, but `try`, `can`, `templatefile` and `templatestring`, which need
/// expressions rather than values.
public protocol FunctionCalling: Sendable {
    var names: [String] { get }
    /// Name of the parameter that takes argument `index`; nil where the function takes no so many. Throws nothing: unknown
    /// functions are asked by `has`.
    func has(_ name: String) -> Bool
    func call(_ name: String, _ arguments: [Value]) throws(FunctionCallError) -> Value
    /// Bytes of a file for `templatefile`, recorded as an input of the plan.
    func readTemplate(_ path: String) throws(FunctionCallError) -> [UInt8]
    /// Whether functions of a provider by this name may be called at all.
    func knowsProvider(_ name: String) -> Bool
    /// Whether it gives something else each time it is called.
    func isImpure(_ name: String) -> Bool
    /// The names of what a function takes, and of what it takes any number of; nil where nobody knows.
    func parameters(of name: String) -> (names: [String], rest: String?)?
}

extension FunctionCalling {
    public func isImpure(_ name: String) -> Bool { false }
    public func knowsProvider(_ name: String) -> Bool { names.contains { $0.hasPrefix("provider::\(name)::") } }
    public func parameters(of name: String) -> (names: [String], rest: String?)? { nil }
}

public struct FunctionCallError: Error, Sendable, Hashable {
    /// Which argument is at fault, counted from 0.
    public var argument: Int?
    /// Its parameter's name.
    public var parameter: String?
    /// The reference's wording.
    public var message: String
    /// Too few or too many arguments: said with another summary.
    public var isArity: Bool
    /// What may help.
    public var hints: [String] = []
    /// Faults of further arguments.
    public var others: [FunctionCallError] = []

    public init(argument: Int? = nil, parameter: String? = nil, message: String, isArity: Bool = false) {
        self.argument = argument
        self.parameter = parameter
        self.message = message
        self.isArity = isArity
    }
}

/// No functions at all.
public struct NoFunctions: FunctionCalling {
    public init() {}
    public var names: [String] { [] }
    public func has(_ name: String) -> Bool { false }
    public func call(_ name: String, _ arguments: [Value]) throws(FunctionCallError) -> Value {
        throw FunctionCallError(message: "There is no function named \"\(name)\".")
    }
    public func readTemplate(_ path: String) throws(FunctionCallError) -> [UInt8] {
        throw FunctionCallError(message: "Files cannot be read here.")
    }
}
