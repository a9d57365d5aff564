import Diagnostics

extension Lexer {
    /// Tokens outside of strings, until a string begins or the template sequence around them ends.
    mutating func lexCode() {
        while position < bytes.count {
            switch classes[Int(bytes[position])] {
            case .space:
                var end = position + 1
                while end < bytes.count, classes[Int(bytes[end])] == .space { end += 1 }
                emit(.whitespace, upTo: end)
            case .lineFeed:
                emit(.newline, length: 1)
            case .carriageReturn:
                if byte(1) == UInt8(ascii: "\n") { emit(.newline, length: 2) } else { emit(.invalid, length: 1) }
            case .letter:
                emit(.identifier, upTo: identifierEnd(from: position))
            case .digit:
                emit(.number, upTo: numberEnd(from: position))
            case .beyondASCII:
                lexBeyondASCII()
            case .quote:
                modes.append(.quoted(start: position))
                emit(.openQuote, length: 1)
                return
            case .hash:
                lexLineComment()
            case .slash:
                switch byte(1) {
                case UInt8(ascii: "/"): lexLineComment()
                case UInt8(ascii: "*"): lexBlockComment()
                default: emit(.slash, length: 1)
                }
            case .openBrace:
                if case .sequence(let braces) = modes[modes.count - 1] { modes[modes.count - 1] = .sequence(braces: braces + 1) }
                emit(.openBrace, length: 1)
            case .closeBrace:
                if lexCloseBrace(length: 1) { return }
            case .punctuation:
                if lexPunctuation() { return }
            case .invalid:
                emit(.invalid, length: 1)
            }
        }
    }

    /// `}`, or `~}` where it ends a template sequence. True if it left the sequence.
    private mutating func lexCloseBrace(length: Int) -> Bool {
        guard case .sequence(let braces) = modes[modes.count - 1] else {
            emit(.closeBrace, length: 1)
            return false
        }
        if braces == 0 {
            modes.removeLast()
            emit(.templateEnd, length: length)
            return true
        }
        modes[modes.count - 1] = .sequence(braces: braces - 1)
        emit(.closeBrace, length: 1)
        return false
    }

    /// The end of the identifier that begins at `start`.
    func identifierEnd(from start: Int) -> Int {
        var end = start
        while end < bytes.count {
            let byte = bytes[end]
            switch classes[Int(byte)] {
            case .letter, .digit:
                end += 1
            case .punctuation where byte == UInt8(ascii: "-"):
                end += 1
            case .beyondASCII:
                guard case .scalar(let scalar, let length) = bytes.scalar(at: end), scalar.continuesIdentifier else { return end }
                end += length
            default:
                return end
            }
        }
        return end
    }

    /// The longest run of digits, points and exponents that ends with a digit: `1.5E-3`, but of `1.x` only `1`.
    /// Whether `1.5.6` means anything is for the parser to say.
    private func numberEnd(from start: Int) -> Int {
        var end = start + 1
        var next = end
        while next < bytes.count {
            let byte = bytes[next]
            if classes[Int(byte)] == .digit {
                next += 1
                end = next
            } else if byte == UInt8(ascii: ".") {
                next += 1
            } else if byte | 0x20 == UInt8(ascii: "e") {
                next += 1
                if next < bytes.count, bytes[next] == UInt8(ascii: "+") || bytes[next] == UInt8(ascii: "-") { next += 1 }
            } else {
                break
            }
        }
        return end
    }

    private mutating func lexBeyondASCII() {
        switch bytes.scalar(at: position) {
        case .scalar(let scalar, let length):
            if scalar.beginsIdentifier {
                emit(.identifier, upTo: identifierEnd(from: position))
            } else {
                emit(.invalid, length: length)
            }
        case .broken(let length):
            emit(.invalid, length: length)
        }
    }

    /// The end of the line is a token of its own.
    private mutating func lexLineComment() {
        var end = position
        while end < bytes.count, bytes[end] != UInt8(ascii: "\n") { end += 1 }
        if end < bytes.count, bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
        emit(.comment, upTo: end)
    }

    /// A comment that is never closed is one invalid token up to the end of the file.
    private mutating func lexBlockComment() {
        var end = position + 2
        while end + 1 < bytes.count {
            if bytes[end] == UInt8(ascii: "*"), bytes[end + 1] == UInt8(ascii: "/") {
                emit(.comment, upTo: end + 2)
                return
            }
            end += 1
        }
        emit(.invalid, upTo: bytes.count)
    }

    /// Operators and brackets; the longest that matches. True if the mode changed.
    private mutating func lexPunctuation() -> Bool {
        let next = byte(1)
        switch bytes[position] {
        case UInt8(ascii: "("): emit(.openParenthesis, length: 1)
        case UInt8(ascii: ")"): emit(.closeParenthesis, length: 1)
        case UInt8(ascii: "["): emit(.openBracket, length: 1)
        case UInt8(ascii: "]"): emit(.closeBracket, length: 1)
        case UInt8(ascii: ","): emit(.comma, length: 1)
        case UInt8(ascii: "."):
            if next == UInt8(ascii: "."), byte(2) == UInt8(ascii: ".") { emit(.ellipsis, length: 3) } else { emit(.dot, length: 1) }
        case UInt8(ascii: ":"): next == UInt8(ascii: ":") ? emit(.doubleColon, length: 2) : emit(.colon, length: 1)
        case UInt8(ascii: "="):
            switch next {
            case UInt8(ascii: "="): emit(.equalEqual, length: 2)
            case UInt8(ascii: ">"): emit(.arrow, length: 2)
            default: emit(.equals, length: 1)
            }
        case UInt8(ascii: "?"): emit(.question, length: 1)
        case UInt8(ascii: "+"): emit(.plus, length: 1)
        case UInt8(ascii: "-"): emit(.minus, length: 1)
        case UInt8(ascii: "*"): emit(.star, length: 1)
        case UInt8(ascii: "%"): emit(.percent, length: 1)
        case UInt8(ascii: "!"): next == UInt8(ascii: "=") ? emit(.bangEqual, length: 2) : emit(.bang, length: 1)
        case UInt8(ascii: ">"): next == UInt8(ascii: "=") ? emit(.greaterEqual, length: 2) : emit(.greater, length: 1)
        case UInt8(ascii: "<"):
            if next == UInt8(ascii: "<") { return lexHeredocStart() }
            next == UInt8(ascii: "=") ? emit(.lessEqual, length: 2) : emit(.less, length: 1)
        case UInt8(ascii: "&"): next == UInt8(ascii: "&") ? emit(.andAnd, length: 2) : emit(.invalid, length: 1)
        case UInt8(ascii: "|"): next == UInt8(ascii: "|") ? emit(.orOr, length: 2) : emit(.invalid, length: 1)
        case UInt8(ascii: "~"):
            if next == UInt8(ascii: "}"), case .sequence(braces: 0) = modes[modes.count - 1] { return lexCloseBrace(length: 2) }
            emit(.invalid, length: 1)
        default: emit(.invalid, length: 1)
        }
        return false
    }
}
