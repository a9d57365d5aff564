/// An operator or an access that cannot be done with these values. The texts are the reference's, since people search the web for them.
public struct OperationError: Error, Hashable, Sendable, CustomStringConvertible {
    public enum Operand: Hashable, Sendable { case left, right, unary }

    /// One line: "Invalid operand".
    public let summary: String
    /// A full sentence.
    public let detail: String
    /// Which operand is at fault, if one is.
    public let operand: Operand?
    /// The other operand's fault, where both have one.
    public let others: [OperationError]

    public init(summary: String, detail: String, operand: Operand? = nil, others: [OperationError] = []) {
        self.summary = summary
        self.detail = detail
        self.operand = operand
        self.others = others
    }

    func with(_ other: OperationError) -> OperationError {
        OperationError(summary: summary, detail: detail, operand: operand, others: others + [other])
    }

    public var description: String { "\(summary): \(detail)" }
}
