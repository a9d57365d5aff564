/// What came of one condition: of a resource, an output, a check block or a variable.
public struct CheckResult: Sendable, Codable, Hashable {
    public enum Kind: String, Sendable, Codable { case resource, output, check, variable }
    public enum Status: String, Sendable, Codable { case pass, fail, error, unknown }

    public var kind: Kind
    /// Address of what it checks.
    public var subject: String
    public var status: Status
    public var problems: [String]

    public init(kind: Kind, subject: String, status: Status, problems: [String] = []) {
        self.kind = kind
        self.subject = subject
        self.status = status
        self.problems = problems
    }
}
