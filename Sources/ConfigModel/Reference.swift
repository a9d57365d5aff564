public import Addresses
public import Diagnostics
public import HCLSyntax

/// What a traversal in a module refers to, by its first words.
public struct Reference: Sendable, Hashable {
    public enum Subject: Sendable, Hashable {
        case variable(String)
        case local(String)
        /// A resource or data source, or a kind (whose name is a resource's too).
        case resource(ResourceName)
        /// A module call; with the output where one is named (after an optional index).
        case module(String, output: String?)
        case path(String)
        case terraform(String)
        case count, each, `self`
        /// `check`-less roots that only some places know, such as `run`.
        case other(String)
    }

    public var subject: Subject
    /// Index of the instance, where it is written as a constant.
    public var key: InstanceKey?
    /// Steps after the subject (and the constant index).
    public var remaining: [TraversalStep]
    public var span: SourceSpan

    public init(subject: Subject, key: InstanceKey?, remaining: [TraversalStep], span: SourceSpan) {
        self.subject = subject
        self.key = key
        self.remaining = remaining
        self.span = span
    }
}
