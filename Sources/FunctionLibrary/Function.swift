public import Values

/// A function of the language: what it takes, what it gives, and a body that is pure but for its environment.
public struct Function: Sendable {
    public let name: String
    public let parameters: [FunctionParameter]
    /// Takes any number of further arguments.
    public let variadic: FunctionParameter?
    /// One line of documentation.
    public let summary: String
    /// Gives something else each time (`uuid`, `timestamp`, `bcrypt`): unknown in a plan.
    public let isImpure: Bool

    let result: ResultType
    /// What is known of every result, before it is.
    let refinement: Refinement
    let body: Body

    typealias Body = @Sendable (Call) throws -> Value

    enum ResultType: Sendable {
        case fixed(ValueType)
        /// Worked out from arguments that are converted but may be unknown; may refuse them.
        case computed(@Sendable ([Value]) throws -> ValueType)
    }

    init(
        _ name: String, _ parameters: [FunctionParameter], rest variadic: FunctionParameter? = nil, returns type: ValueType,
        refinement: Refinement = .notNull, isImpure: Bool = false, _ summary: String, body: @escaping Body
    ) {
        self.init(
            name, parameters, variadic, .fixed(type), refinement: refinement, isImpure: isImpure, summary: summary, body: body)
    }

    init(
        _ name: String, _ parameters: [FunctionParameter], rest variadic: FunctionParameter? = nil,
        typed: @escaping @Sendable ([Value]) throws -> ValueType, refinement: Refinement = .notNull, _ summary: String,
        body: @escaping Body
    ) {
        self.init(
            name, parameters, variadic, .computed(typed), refinement: refinement, isImpure: false, summary: summary, body: body)
    }

    private init(
        _ name: String, _ parameters: [FunctionParameter], _ variadic: FunctionParameter?, _ result: ResultType,
        refinement: Refinement, isImpure: Bool, summary: String, body: @escaping Body
    ) {
        self.name = name
        self.parameters = parameters
        self.variadic = variadic
        self.result = result
        self.refinement = refinement
        self.isImpure = isImpure
        self.summary = summary
        self.body = body
    }

    /// The parameter that the argument at this place belongs to.
    public func parameter(at index: Int) -> FunctionParameter? {
        index < parameters.count ? parameters[index] : variadic
    }

    /// The type of every result, as far as it does not depend on the arguments.
    public var resultType: ValueType {
        if case .fixed(let type) = result { type } else { .dynamic }
    }
}

/// What a function takes in one place.
public struct FunctionParameter: Sendable {
    public var name: String
    /// Arguments are converted to it; `dynamic` takes anything.
    public var type: ValueType
    public var allows: Allowances

    /// What the body itself copes with; everything else is dealt with before it runs.
    public struct Allowances: OptionSet, Sendable {
        public let rawValue: UInt8
        public init(rawValue: UInt8) { self.rawValue = rawValue }
        /// Otherwise null is an error.
        public static let null = Allowances(rawValue: 1)
        /// Otherwise an unknown argument makes the result unknown. Says nothing of unknowns *within* an argument.
        public static let unknown = Allowances(rawValue: 2)
        /// Otherwise marks are taken off, at every depth, and put on the whole result.
        public static let marked = Allowances(rawValue: 4)
        /// Otherwise an argument of which not even the type is known makes the result's type unknown.
        public static let dynamic = Allowances(rawValue: 8)
    }

    public var allowsNull: Bool { allows.contains(.null) }
    public var allowsUnknown: Bool { allows.contains(.unknown) }
    public var allowsMarked: Bool { allows.contains(.marked) }
    public var allowsDynamic: Bool { allows.contains(.dynamic) }

    public init(_ name: String, _ type: ValueType, allows: Allowances = []) {
        self.name = name
        self.type = type
        self.allows = allows
    }

    static func any(_ name: String, _ allows: Allowances = []) -> Self { Self(name, .dynamic, allows: allows) }
    static func string(_ name: String, _ allows: Allowances = []) -> Self { Self(name, .string, allows: allows) }
    static func number(_ name: String, _ allows: Allowances = []) -> Self { Self(name, .number, allows: allows) }
    static func list(_ name: String, of element: ValueType = .dynamic, _ allows: Allowances = []) -> Self {
        Self(name, .list(element), allows: allows)
    }
}
