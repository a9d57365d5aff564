/// A value that must not be recorded, or bytes that are no record.
public struct StateCodingError: Error, Hashable, Sendable, CustomStringConvertible {
    public let message: String
    /// The bytes say that a later version of the program wrote them.
    public let isNewerFormat: Bool

    public init(_ message: String, isNewerFormat: Bool = false) {
        self.message = message
        self.isNewerFormat = isNewerFormat
    }

    public var description: String { message }
}
