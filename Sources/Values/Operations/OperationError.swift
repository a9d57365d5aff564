/// An operator or an access that cannot be done with these values. The texts are the reference's, since people search the web for them.
public struct OperationError: Error, Hashable, Sendable, CustomStringConvertible {
    public enum Operand: Hashable, Sendable { case left, right, unary }

    /// One line: "Invalid operand".
    public let summary: String
    /// A full sentence.
    public let detail: String
    /// Which operand is at fault, if one is.
    public let operand: Operand?

    public init(summary: String, detail: String, operand: Operand? = nil) {
        self.summary = summary
        self.detail = detail
        self.operand = operand
    }

    public var description: String { "\(summary): \(detail)" }
}
