import Diagnostics

/// Splits a file into tokens that cover it without a gap.
///
/// The lexer never fails: what the language does not know becomes an `.invalid` token for the parser to explain.
/// Whatever a template opens is closed in the stream: where the file forgets to, an *empty* closing token stands at the place where
/// the lexer gave up, so that one forgotten quote spoils its line and not the rest of the file.
struct Lexer {
    /// What the bytes at `position` are part of. The innermost is last.
    enum Mode {
        case code
        /// Within `${ … }` or `%{ … }`; `braces` are open inside of it.
        case sequence(braces: Int)
        case quoted(start: Int)
        /// `atLineStart` tells whether a closing marker may stand here.
        case heredoc(marker: Range<Int>, atLineStart: Bool)
        /// The whole input is a template.
        case bareTemplate
    }

    let bytes: UnsafeBufferPointer<UInt8>
    let classes: UnsafeBufferPointer<ByteClass>
    var position = 0
    var modes: [Mode]
    var tokens: [Token] = []
    /// Up to here a quoted string is known to go on over line ends by mistake (see `Lexer+Strings.swift`).
    var knownMultilineEnd = 0
    var missedClosingLine = false

    /// The tokens of `bytes` and, behind them, an empty `.invalid` one that stands for the end.
    static func tokens(of bytes: [UInt8], startingIn mode: Mode) -> [Token] {
        bytes.withUnsafeBufferPointer { buffer in
            byteClasses.withUnsafeBufferPointer { classes in
                var lexer = Lexer(bytes: buffer, classes: classes, modes: [mode])
                lexer.tokens.reserveCapacity(buffer.count / 2 + 16)
                lexer.run()
                lexer.emit(.invalid, length: 0)
                return lexer.tokens
            }
        }
    }

    private mutating func run() {
        if case .code = modes[0], bytes.starts(with: [0xEF, 0xBB, 0xBF]) { emit(.byteOrderMark, length: 3) }
        while position < bytes.count {
            let before = position
            let depth = modes.count
            switch modes[depth - 1] {
            case .code, .sequence: lexCode()
            case .quoted: lexQuoted()
            case .heredoc, .bareTemplate: lexLines()
            }
            precondition(position > before || modes.count < depth, "the lexer stands still")
        }
        while modes.count > 1 { closeInnermost() }
    }

    /// The byte `offset` further on, or 0 beyond the end.
    func byte(_ offset: Int) -> UInt8 {
        let index = position + offset
        return index < bytes.count ? bytes[index] : 0
    }

    @inline(__always)
    mutating func emit(_ kind: TokenKind, length: Int) {
        tokens.append(Token(kind: kind, range: SourceRange(start: UInt32(position), end: UInt32(position + length))))
        position += length
    }

    @inline(__always)
    mutating func emit(_ kind: TokenKind, upTo end: Int) { emit(kind, length: end - position) }

    /// Leaves the innermost template part with an empty closing token.
    mutating func closeInnermost() {
        switch modes.removeLast() {
        case .sequence: emit(.templateEnd, length: 0)
        case .quoted: emit(.closeQuote, length: 0)
        case .heredoc: emit(.closeHeredoc, length: 0)
        case .code, .bareTemplate: break
        }
    }
}
