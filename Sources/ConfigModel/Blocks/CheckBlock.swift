public import Addresses
public import Diagnostics

/// A `check` block: conditions that warn.
public struct CheckBlock: Sendable {
    public var name: String
    /// Its scoped data source, as a resource of its own.
    public var dataSource: ResourceName?
    public var assertions: [ConditionBlock]
    public var references: [Reference]
    public var span: SourceSpan

    public init(name: String, dataSource: ResourceName?, assertions: [ConditionBlock], references: [Reference], span: SourceSpan) {
        self.name = name
        self.dataSource = dataSource
        self.assertions = assertions
        self.references = references
        self.span = span
    }
}
