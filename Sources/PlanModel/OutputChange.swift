public import Values

/// What happens to one root output.
public struct OutputChange: Sendable, Codable, Hashable {
    public var name: String
    public var before: Value?
    /// Nil: the output is gone.
    public var after: Value?
    /// As it is declared now.
    public var isSensitive: Bool
    /// As it is recorded.
    public var wasSensitive: Bool

    /// What it was or will be is not for everybody to see.
    public var isHidden: Bool { isSensitive || wasSensitive }

    public init(name: String, before: Value?, after: Value?, isSensitive: Bool, wasSensitive: Bool = false) {
        self.name = name
        self.before = before
        self.after = after
        self.isSensitive = isSensitive
        self.wasSensitive = wasSensitive
    }

    private enum CodingKeys: CodingKey { case name, before, after, isSensitive, wasSensitive }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        name = try container.decode(String.self, forKey: .name)
        before = try container.decodeIfPresent(Value.self, forKey: .before)
        after = try container.decodeIfPresent(Value.self, forKey: .after)
        isSensitive = try container.decode(Bool.self, forKey: .isSensitive)
        // Plans of before knew only how it is declared.
        wasSensitive = try container.decodeIfPresent(Bool.self, forKey: .wasSensitive) ?? false
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(name, forKey: .name)
        try container.encodeIfPresent(before, forKey: .before)
        try container.encodeIfPresent(after, forKey: .after)
        try container.encode(isSensitive, forKey: .isSensitive)
        if wasSensitive { try container.encode(true, forKey: .wasSensitive) }
    }
}
