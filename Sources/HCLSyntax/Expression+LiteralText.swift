extension Expression {
    /// The text of a quoted string without interpolations.
    public var literalText: String? {
        guard case .template(let parts) = kind else { return nil }
        if parts.isEmpty { return "" }
        guard parts.count == 1, case .literal(let text, _) = parts[0] else { return nil }
        return text
    }
}
