public import Values

/// What happens to one root output.
public struct OutputChange: Sendable, Codable, Hashable {
    public var name: String
    public var before: Value?
    /// Nil: the output is gone.
    public var after: Value?
    public var isSensitive: Bool

    public init(name: String, before: Value?, after: Value?, isSensitive: Bool) {
        self.name = name
        self.before = before
        self.after = after
        self.isSensitive = isSensitive
    }
}
