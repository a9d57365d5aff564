/// A half-open range of bytes in one source file. Lines and columns are worked out only when printing.
public struct SourceRange: Hashable, Sendable, Codable {
    public var start: UInt32
    public var end: UInt32

    public init(start: UInt32, end: UInt32) {
        self.start = start
        self.end = end
    }

    public init(_ start: Int, _ end: Int) {
        self.init(start: UInt32(clamping: start), end: UInt32(clamping: end))
    }

    public static let empty = SourceRange(start: 0, end: 0)

    /// The smallest range that holds both.
    public func union(_ other: SourceRange) -> SourceRange {
        SourceRange(start: min(start, other.start), end: max(end, other.end))
    }
}

/// A range in a named file.
public struct SourceSpan: Hashable, Sendable, Codable {
    /// Path as the user would type it: relative to the working directory.
    public var file: String
    public var range: SourceRange

    public init(file: String, range: SourceRange) {
        self.file = file
        self.range = range
    }
}

/// Something to tell the person whose configuration, plan or infrastructure it concerns. A value: collected, never thrown.
public struct Diagnostic: Hashable, Sendable, Codable {
    public enum Severity: String, Sendable, Codable { case error, warning }

    /// What code may tell diagnostics apart by; their words are for people and may change.
    public enum Cause: String, Sendable, Codable { case unknownName, unknownFunction, notKnownYet }

    /// A reference in the offending expression and its value, already rendered and free of secrets.
    public struct ReferencedValue: Hashable, Sendable, Codable {
        public var expression: String
        public var value: String

        public init(expression: String, value: String) {
            self.expression = expression
            self.value = value
        }
    }

    /// A function as it was called, and what it takes.
    public struct CalledFunction: Hashable, Sendable, Codable {
        /// With its namespace where one was written: `core::max`.
        public var name: String
        public var parameters: [String]
        /// Takes any number of further arguments.
        public var rest: String?

        public init(name: String, parameters: [String], rest: String? = nil) {
            self.name = name
            self.parameters = parameters
            self.rest = rest
        }
    }

    public var severity: Severity
    /// Short, free of user names, the reference's wording where the reference has one: people search the web for it.
    public var summary: String
    /// Full sentences: what, why.
    public var detail: String
    /// The tight span at fault.
    public var subject: SourceSpan?
    /// A wider span to show around the subject.
    public var context: SourceSpan?
    /// Address of the resource instance concerned, rendered.
    public var address: String?
    public var references: [ReferencedValue]
    /// The function whose call is at fault.
    public var call: CalledFunction?
    /// What to do, one sentence each.
    public var hints: [String]
    public var cause: Cause?
    /// The resource's argument at fault, where it was found by one who knows no places in files.
    public var argument: String?

    public init(
        _ severity: Severity = .error, _ summary: String, _ detail: String = "", subject: SourceSpan? = nil,
        context: SourceSpan? = nil, address: String? = nil, references: [ReferencedValue] = [], hints: [String] = []
    ) {
        self.severity = severity
        self.summary = summary
        self.detail = detail
        self.subject = subject
        self.context = context
        self.address = address
        self.references = references
        self.hints = hints
    }

    /// The same, where nothing stops for it.
    public var asWarning: Diagnostic {
        var warning = self
        warning.severity = .warning
        return warning
    }

    public static func error(
        _ summary: String, _ detail: String = "", at subject: SourceSpan? = nil, context: SourceSpan? = nil,
        address: String? = nil, hints: [String] = []
    ) -> Diagnostic {
        Diagnostic(.error, summary, detail, subject: subject, context: context, address: address, hints: hints)
    }

    public static func warning(
        _ summary: String, _ detail: String = "", at subject: SourceSpan? = nil, address: String? = nil, hints: [String] = []
    ) -> Diagnostic {
        Diagnostic(.warning, summary, detail, subject: subject, address: address, hints: hints)
    }
}

extension Sequence where Element == Diagnostic {
    public var hasErrors: Bool { contains { $0.severity == .error } }
}

/// Diagnostics thrown where there is nobody to collect them: a command's last word.
public struct DiagnosticError: Error, Sendable {
    public var diagnostics: [Diagnostic]

    public init(_ diagnostics: [Diagnostic]) { self.diagnostics = diagnostics }
    public init(_ diagnostic: Diagnostic) { self.diagnostics = [diagnostic] }

    /// The same, told apart by `cause`.
    public func caused(by cause: Diagnostic.Cause) -> DiagnosticError {
        var copy = self
        for index in copy.diagnostics.indices { copy.diagnostics[index].cause = cause }
        return copy
    }
}
