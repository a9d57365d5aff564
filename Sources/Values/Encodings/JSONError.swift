/// JSON that cannot be read, or a value that JSON cannot say.
public struct JSONError: Error, Hashable, Sendable, CustomStringConvertible {
    public let message: String
    /// Where in the bytes, when reading.
    public let offset: Int?
    /// Where in the value, when writing or converting.
    public let path: Path

    public init(message: String, offset: Int? = nil, path: Path = []) {
        self.message = message
        self.offset = offset
        self.path = path
    }

    public var description: String {
        if let offset { return "\(message) at byte \(offset)" }
        return path.steps.isEmpty ? message : "\(path): \(message)"
    }
}
