/// A value that must not be recorded, or bytes that are no record of one.
public struct RecordError: Error, Hashable, Sendable, CustomStringConvertible {
    public let message: String
    /// Where in the bytes, when reading.
    public let offset: Int?

    public init(message: String, offset: Int? = nil) {
        self.message = message
        self.offset = offset
    }

    public var description: String { offset.map { "\(message) at byte \($0)" } ?? message }
}
