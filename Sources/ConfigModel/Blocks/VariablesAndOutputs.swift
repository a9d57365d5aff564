public import Diagnostics
public import Values

/// A `variable` block.
public struct Variable: Sendable {
    public var name: String
    /// With `optional(…)` in it; `dynamic` where not given.
    public var type: ValueType
    /// Whether a `type` was written: without one, text from outside stays a string.
    public var hasType: Bool
    /// Already converted to `type`; nil: required.
    public var defaultValue: Value?
    public var description: String
    public var isSensitive: Bool
    public var isEphemeral: Bool
    public var isNullable: Bool
    public var validations: [ConditionBlock]
    /// What its validations refer to besides itself.
    public var references: [Reference]
    /// Of a kind's interface: names, ports and counts that decide which parts there are.
    public var isKey: Bool
    public var span: SourceSpan

    public init(
        name: String, type: ValueType, hasType: Bool, defaultValue: Value?, description: String, isSensitive: Bool, isEphemeral: Bool,
        isNullable: Bool, validations: [ConditionBlock], references: [Reference] = [], isKey: Bool = false, span: SourceSpan
    ) {
        self.name = name
        self.type = type
        self.hasType = hasType
        self.defaultValue = defaultValue
        self.description = description
        self.isSensitive = isSensitive
        self.isEphemeral = isEphemeral
        self.isNullable = isNullable
        self.validations = validations
        self.references = references
        self.isKey = isKey
        self.span = span
    }
}

/// One entry of a `locals` block.
public struct Local: Sendable {
    public var name: String
    public var value: LocatedExpression
    public var references: [Reference]
    public var span: SourceSpan

    public init(name: String, value: LocatedExpression, references: [Reference] = [], span: SourceSpan) {
        self.name = name
        self.value = value
        self.references = references
        self.span = span
    }
}

/// An `output` block.
public struct Output: Sendable {
    public var name: String
    public var value: LocatedExpression
    public var description: String
    public var isSensitive: Bool
    public var isEphemeral: Bool
    public var dependsOn: [Reference]
    public var preconditions: [ConditionBlock]
    /// What its value and preconditions refer to; `dependsOn` not among them.
    public var references: [Reference]
    public var span: SourceSpan

    public init(
        name: String, value: LocatedExpression, description: String, isSensitive: Bool, isEphemeral: Bool, dependsOn: [Reference],
        preconditions: [ConditionBlock], references: [Reference] = [], span: SourceSpan
    ) {
        self.name = name
        self.value = value
        self.description = description
        self.isSensitive = isSensitive
        self.isEphemeral = isEphemeral
        self.dependsOn = dependsOn
        self.preconditions = preconditions
        self.references = references
        self.span = span
    }
}
