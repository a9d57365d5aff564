import Diagnostics

/// Parses a configuration or variables file. The tree is always usable: what could not be read is missing from it or `.invalid`,
/// and `diagnostics` says why.
public func parseFile(_ bytes: [UInt8], path: String) -> ParseResult<SourceFile> {
    parseFile(bytes, path: path, refusesAmbiguousKeys: true)
}

/// The formatter takes what means nothing for the sake of its layout.
func parseFile(_ bytes: [UInt8], path: String, refusesAmbiguousKeys: Bool) -> ParseResult<SourceFile> {
    guard let tokens = lexed(bytes, startingIn: .code) else {
        return ParseResult(
            tree: SourceFile(
                path: path, bytes: bytes, tokens: [], body: Body(attributes: [], blocks: [], range: .empty, file: path)),
            diagnostics: [inputTooLarge(path)])
    }
    var parser = Parser(bytes: bytes, path: path, tokens: consume tokens, ignoresNewlines: false)
    parser.refusesAmbiguousKeys = refusesAmbiguousKeys
    var body = parser.parseBody(closedBy: nil)
    body.range = SourceRange(0, bytes.count)
    return ParseResult(
        tree: SourceFile(path: path, bytes: bytes, tokens: parser.takeTokens(), body: body), diagnostics: parser.diagnostics)
}

/// Parses one expression, as it is given on a command line or in a manifest. Line ends mean nothing in it.
public func parseExpression(_ bytes: [UInt8], path: String) -> ParseResult<Expression> {
    let whole = SourceRange(0, bytes.count)
    guard let tokens = lexed(bytes, startingIn: .code) else {
        return ParseResult(tree: Expression(.invalid, range: whole), diagnostics: [inputTooLarge(path)])
    }
    var parser = Parser(bytes: bytes, path: path, tokens: tokens, ignoresNewlines: true)
    do {
        let expression = try parser.parseExpression()
        if !parser.atEnd {
            throw parser.unexpected(
                "Extra characters after expression", "An expression was successfully parsed, but extra characters were found after it.")
        }
        return ParseResult(tree: expression, diagnostics: parser.diagnostics)
    } catch {
        return ParseResult(tree: Expression(.invalid, range: whole), diagnostics: parser.diagnostics)
    }
}

/// Parses a text with interpolations and directives in it, as `templatefile` reads it: no quotes around it, no backslash escapes.
public func parseTemplate(_ bytes: [UInt8], path: String) -> ParseResult<[TemplatePart]> {
    guard let tokens = lexed(bytes, startingIn: .bareTemplate) else { return ParseResult(tree: [], diagnostics: [inputTooLarge(path)]) }
    // White space at the start of a template is text, and no token here is white space: the lexer makes it only within sequences.
    var parser = Parser(bytes: bytes, path: path, tokens: tokens, ignoresNewlines: false)
    do {
        let parts = try parser.parseTemplateParts(.bare, opening: SourceRange(0, 0))
        return ParseResult(tree: parts, diagnostics: parser.diagnostics)
    } catch {
        return ParseResult(tree: [], diagnostics: parser.diagnostics)
    }
}

/// Places are 32-bit offsets.
private func lexed(_ bytes: [UInt8], startingIn mode: Lexer.Mode) -> [Token]? {
    bytes.count < Int(UInt32.max) ? Lexer.tokens(of: bytes, startingIn: mode) : nil
}

func inputTooLarge(_ path: String) -> Diagnostic {
    .error("Input too large", "\(path) has 4 GiB or more, which is more than a configuration file can have.")
}

/// Thrown to leave what cannot be read, after a diagnostic has been recorded. Caught where reading can go on.
struct SyntaxFailure: Error {}

/// A recursive-descent parser over the tokens of one file.
///
/// `index` always stands on a token that means something here: blanks, comments and, within brackets, line ends are passed over.
struct Parser {
    let bytes: [UInt8]
    let path: String
    /// The file's tokens and, behind them, an empty `.invalid` one that stands for the end.
    private(set) var tokens: [Token]
    private(set) var index: Int
    /// Whether line ends are white space: within parentheses, brackets and template sequences.
    private(set) var ignoresNewlines: Bool
    /// End of the last token that was consumed.
    private(set) var lastEnd: UInt32 = 0
    var diagnostics: [Diagnostic] = []
    /// Levels of nesting around the current token; see `Nesting.swift`.
    var depth = 0
    /// Height of the expression that was returned last.
    var height = 0
    /// Whether `{ a.b = 1 }` is an error.
    var refusesAmbiguousKeys = true
    var reportedEncoding = false
    var unclosedReported = false
    /// A block's label is read.
    var isInLabel = false
    /// The rest of the file is not read: it nests too deep, or it is hardly a configuration.
    var hasGivenUp = false

    init(bytes: [UInt8], path: String, tokens: consuming [Token], ignoresNewlines: Bool) {
        self.bytes = bytes
        self.path = path
        self.tokens = tokens
        self.ignoresNewlines = ignoresNewlines
        index = -1
        skip()
    }

    /// Gives the file's tokens away, without the one for the end. Nothing can be parsed afterwards.
    mutating func takeTokens() -> [Token] {
        var result: [Token] = []
        swap(&result, &tokens)
        result.removeLast()
        return result
    }

    // MARK: Looking

    var current: Token { tokens[index] }
    var kind: TokenKind { tokens[index].kind }
    var range: SourceRange { tokens[index].range }
    var atEnd: Bool { index == tokens.count - 1 }

    func text(_ range: SourceRange) -> String {
        String(decoding: bytes[Int(range.start)..<Int(range.end)], as: UTF8.self)
    }

    /// Whether the current token is the word `word`.
    func isWord(_ word: StaticString) -> Bool {
        let range = self.range
        guard kind == .identifier, range.end - range.start == UInt32(word.utf8CodeUnitCount) else { return false }
        for offset in 0..<word.utf8CodeUnitCount where bytes[Int(range.start) + offset] != word.utf8Start[offset] { return false }
        return true
    }

    /// The next token after the current one that is not white space or a comment.
    func tokenAfterCurrent() -> Token {
        var next = index
        while next < tokens.count - 1 {
            next += 1
            switch tokens[next].kind {
            case .whitespace, .comment: continue
            case .newline where ignoresNewlines: continue
            default: return tokens[next]
            }
        }
        return tokens[tokens.count - 1]
    }

    // MARK: Moving

    mutating func advance() {
        guard !atEnd else { return }
        lastEnd = tokens[index].range.end
        skip()
    }

    private mutating func skip() {
        index += 1
        loop: while index < tokens.count - 1 {
            switch tokens[index].kind {
            case .whitespace, .comment, .byteOrderMark: index += 1
            case .newline where ignoresNewlines: index += 1
            default: break loop
            }
        }
    }

    /// Consumes a token of the kind, if it is the current one.
    mutating func take(_ kind: TokenKind) -> Bool {
        guard self.kind == kind, !atEnd else { return false }
        advance()
        return true
    }

    /// Begins to heed or ignore line ends *behind* the current token; gives the old setting.
    /// Called on an opening or closing token, before it is consumed.
    mutating func setIgnoresNewlines(_ ignores: Bool) -> Bool {
        let old = ignoresNewlines
        ignoresNewlines = ignores
        return old
    }

    /// Moves to a token, where parsing goes on after an error.
    mutating func resume(at index: Int) {
        self.index = min(index, tokens.count - 1) - 1
        ignoresNewlines = false
        skip()
    }

    // MARK: Complaining

    /// After so many errors nobody reads on.
    static var mostDiagnostics: Int { 100 }

    func span(_ range: SourceRange) -> SourceSpan { SourceSpan(file: path, range: range) }

    mutating func report(
        _ summary: String, _ detail: String, at range: SourceRange, context: SourceRange? = nil, hints: [String] = []
    ) {
        if hasGivenUp { return }
        diagnostics.append(.error(summary, detail, at: span(range), context: context.map { span($0) }, hints: hints))
        hasGivenUp = diagnostics.count >= Self.mostDiagnostics
    }

    mutating func failure(
        _ summary: String, _ detail: String, at range: SourceRange, context: SourceRange? = nil, hints: [String] = []
    ) -> SyntaxFailure {
        report(summary, detail, at: range, context: context, hints: hints)
        return SyntaxFailure()
    }

    /// The current token is not what the grammar asks for. If it is not part of the language at all, that is what is reported.
    mutating func unexpected(
        _ summary: String, _ detail: String, context: SourceRange? = nil, hints: [String] = []
    ) -> SyntaxFailure {
        if kind == .invalid, !atEnd {
            reportInvalidToken(current)
            return SyntaxFailure()
        }
        return failure(summary, detail, at: range, context: context, hints: hints)
    }

    /// The 1-based line of a place, for messages that name another place.
    func line(of offset: UInt32) -> Int {
        1 + bytes[..<min(Int(offset), bytes.count)].count { $0 == UInt8(ascii: "\n") }
    }
}
