public import Addresses
public import Diagnostics
public import HCLSyntax

public struct ProviderBlock: Sendable {
    public var name: String
    public var alias: String?
    public var repetition: Repetition
    /// Of its instances, where it is repeated: known before anything is planned.
    public var keys: [InstanceKey] = []
    public var body: Body
    public var references: [Reference]
    public var span: SourceSpan

    public init(name: String, alias: String?, repetition: Repetition, body: Body, references: [Reference], span: SourceSpan) {
        self.name = name
        self.alias = alias
        self.repetition = repetition
        self.body = body
        self.references = references
        self.span = span
    }
}
