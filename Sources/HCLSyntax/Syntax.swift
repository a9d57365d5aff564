public import Diagnostics

/// One source file, parsed: every byte is in some token, so that the concatenation of the tokens is the file.
public struct SourceFile: Sendable {
    /// Path as the user would type it.
    public let path: String
    public let bytes: [UInt8]
    /// All tokens in order, white space and comments included; they cover `bytes` without a gap. None of a file in JSON syntax.
    public let tokens: [Token]
    public let body: Body
    /// Of a file in JSON syntax: what was read.
    public internal(set) var json: JSONNode?

    public init(path: String, bytes: [UInt8], tokens: [Token], body: Body) {
        self.path = path
        self.bytes = bytes
        self.tokens = tokens
        self.body = body
    }

    public func text(_ range: SourceRange) -> String {
        let lower = min(Int(range.start), bytes.count)
        let upper = max(lower, min(Int(range.end), bytes.count))
        return String(decoding: bytes[lower..<upper], as: UTF8.self)
    }

    public func span(_ range: SourceRange) -> SourceSpan { SourceSpan(file: path, range: range) }
}

/// A name with its place.
public struct Identifier: Hashable, Sendable {
    public var name: String
    public var range: SourceRange

    public init(name: String, range: SourceRange) {
        self.name = name
        self.range = range
    }
}

/// Attributes and blocks in source order.
public struct Body: Sendable {
    public var attributes: [Attribute]
    public var blocks: [Block]
    public var range: SourceRange
    /// Path of the file it stands in: a module's bodies come from many files.
    public var file: String
    /// Read from JSON syntax, where what is not expected is said in other words.
    public var isJSON = false

    public init(attributes: [Attribute], blocks: [Block], range: SourceRange, file: String) {
        self.attributes = attributes
        self.blocks = blocks
        self.range = range
        self.file = file
    }

    public func attribute(_ name: String) -> Attribute? { attributes.first { $0.name.name == name } }
    public func span(_ range: SourceRange) -> SourceSpan { SourceSpan(file: file, range: range) }
}

/// `name = expression`.
public struct Attribute: Sendable {
    public var name: Identifier
    public var expression: Expression
    public var range: SourceRange
    /// Read from JSON syntax, in which it may also stand for blocks.
    public var isJSON = false

    public init(name: Identifier, expression: Expression, range: SourceRange) {
        self.name = name
        self.expression = expression
        self.range = range
    }
}

/// `type "label" { … }`.
public struct Block: Sendable {
    public var type: Identifier
    /// Labels, unquoted.
    public var labels: [Identifier]
    public var body: Body
    public var range: SourceRange
    /// Type and labels, without the body: what a diagnostic about the block points at.
    public var headerRange: SourceRange

    public init(type: Identifier, labels: [Identifier], body: Body, range: SourceRange, headerRange: SourceRange) {
        self.type = type
        self.labels = labels
        self.body = body
        self.range = range
        self.headerRange = headerRange
    }
}

/// An expression and its place. `(range.start, range.end)` with the file identifies it.
public struct Expression: Sendable {
    public var kind: Kind
    public var range: SourceRange

    public init(_ kind: Kind, range: SourceRange) {
        self.kind = kind
        self.range = range
    }

    public indirect enum Kind: Sendable {
        /// Decimal text as written.
        case number(String)
        case bool(Bool)
        case null
        /// A quoted string or a heredoc, escapes and indentation resolved. A single `.literal` part is a constant.
        case template([TemplatePart])
        /// A root name and attribute steps or constant indices: `aws_vpc.main["a"].id`.
        case traversal(Identifier, [TraversalStep])
        /// Attribute steps or constant indices on any other expression: `f(x).name`.
        case relative(Expression, [TraversalStep])
        /// Index by a computed key.
        case index(Expression, key: Expression)
        /// `source[*].a.b` or `source.*.a`; `each` applied to each element.
        case splat(Expression, SplatKind, each: [SplatStep])
        case call(Identifier, arguments: [Expression], expandsLast: Bool)
        case unary(UnaryOperator, Expression)
        case binary(BinaryOperator, Expression, Expression)
        case conditional(condition: Expression, then: Expression, otherwise: Expression)
        case tuple([Expression])
        case object([ObjectItem])
        case forTuple(ForClause, value: Expression)
        case forObject(ForClause, key: Expression, value: Expression, groups: Bool)
        case parenthesized(Expression)
        /// What could not be parsed; a diagnostic has been reported. Evaluates to unknown.
        case invalid
    }
}

public enum SplatKind: Sendable { case full, attributeOnly }

/// A step after a splat.
public indirect enum SplatStep: Sendable {
    case attribute(Identifier)
    case index(Expression)
    /// `a[*].b[*].c`: the second splat runs within each element of the first and gives a list of lists.
    /// Steps apply in order, each to the value of the one before; after a full splat every further step is in its `each`.
    case splat(SplatKind, each: [SplatStep])
}

/// One step of a path that is written out: `.name`, `[key]`, a splat.
public enum TraversalStep: Sendable, Hashable {
    case attribute(Identifier)
    /// `["key"]`.
    case stringIndex(String, SourceRange)
    /// `[0]` or legacy `.0`; decimal text.
    case numberIndex(String, SourceRange)

    public var range: SourceRange {
        switch self {
        case .attribute(let name): name.range
        case .stringIndex(_, let range), .numberIndex(_, let range): range
        }
    }
}

/// A piece of a template: text, an interpolation, a directive.
public enum TemplatePart: Sendable {
    case literal(String, SourceRange)
    case interpolation(Expression)
    /// `%{ if c } a %{ else } b %{ endif }`.
    case conditional(condition: Expression, then: [TemplatePart], otherwise: [TemplatePart], SourceRange)
    /// `%{ for k, v in c } a %{ endfor }`; the clause has no condition.
    case loop(ForClause, body: [TemplatePart], SourceRange)
}

/// `{ key = value }` or `{ key : value }`.
public struct ObjectItem: Sendable {
    public enum Key: Sendable {
        /// A bare identifier: the key is its name.
        case name(Identifier)
        case expression(Expression)
    }

    public var key: Key
    public var value: Expression

    public init(key: Key, value: Expression) {
        self.key = key
        self.value = value
    }
}

/// `for key, value in collection … if condition`.
public struct ForClause: Sendable {
    public var key: Identifier?
    public var value: Identifier
    public var collection: Expression
    public var condition: Expression?

    public init(key: Identifier?, value: Identifier, collection: Expression, condition: Expression?) {
        self.key = key
        self.value = value
        self.collection = collection
        self.condition = condition
    }
}

public enum UnaryOperator: String, Sendable { case negate = "-", not = "!" }

public enum BinaryOperator: String, Sendable {
    case or = "||"
    case and = "&&"
    case equal = "=="
    case notEqual = "!="
    case greater = ">"
    case greaterOrEqual = ">="
    case less = "<"
    case lessOrEqual = "<="
    case add = "+"
    case subtract = "-"
    case multiply = "*"
    case divide = "/"
    case modulo = "%"
}

/// A token: its kind and its bytes.
public struct Token: Sendable, Hashable {
    public var kind: TokenKind
    public var range: SourceRange

    public init(kind: TokenKind, range: SourceRange) {
        self.kind = kind
        self.range = range
    }
}

/// What a token is.
public enum TokenKind: UInt8, Sendable {
    case whitespace, newline, comment, byteOrderMark
    case identifier, number
    case openQuote, closeQuote, quotedLiteral
    case openHeredoc, closeHeredoc, stringLiteral
    /// `${` or `${~`, `%{` or `%{~`, and their `}` or `~}`.
    case templateInterpolation, templateControl, templateEnd
    case openBrace, closeBrace, openBracket, closeBracket, openParenthesis, closeParenthesis
    case comma, dot, ellipsis, colon, doubleColon, equals, question, arrow
    case plus, minus, star, slash, percent
    case equalEqual, bangEqual, less, lessEqual, greater, greaterEqual, andAnd, orOr, bang
    case invalid
}

/// What parsing gives: always a usable tree, with what was wrong in it.
public struct ParseResult<Tree: Sendable>: Sendable {
    public var tree: Tree
    public var diagnostics: [Diagnostic]

    public init(tree: Tree, diagnostics: [Diagnostic]) {
        self.tree = tree
        self.diagnostics = diagnostics
    }
}

// Entrances, in Parser/Parser.swift:
//   public func parseFile(_ bytes: [UInt8], path: String) -> ParseResult<SourceFile>
//   public func parseExpression(_ bytes: [UInt8], path: String) -> ParseResult<Expression>
//   public func parseJSONFile(_ bytes: [UInt8], path: String, layout: JSONLayout) -> ParseResult<SourceFile>   (JSON/JSONReading.swift)
//   public func parseTemplate(_ bytes: [UInt8], path: String) -> ParseResult<[TemplatePart]>   (as `templatefile` reads it)
