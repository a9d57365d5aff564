import Diagnostics

extension Lexer {
    /// Literal text of a quoted string up to its next sequence, its closing quote, or the end of its line.
    mutating func lexQuoted() {
        var end = position
        while end < bytes.count {
            switch bytes[end] {
            case UInt8(ascii: "\""):
                emitLiteral(.quotedLiteral, upTo: end)
                modes.removeLast()
                emit(.closeQuote, length: 1)
                return
            case UInt8(ascii: "\\"):
                // Whatever follows is not the end of the string; a line end is.
                let escapes = end + 1 < bytes.count && bytes[end + 1] != UInt8(ascii: "\n") && bytes[end + 1] != UInt8(ascii: "\r")
                end += escapes ? 2 : 1
            case UInt8(ascii: "$"), UInt8(ascii: "%"):
                if lexSequenceStart(at: &end, literal: .quotedLiteral) { return }
            case UInt8(ascii: "\n"):
                if end < knownMultilineEnd || goesOnBeyond(lineEnd: end) {
                    end += 1
                } else {
                    if end > position, bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
                    emitLiteral(.quotedLiteral, upTo: end)
                    closeStringsOfThisLine()
                    return
                }
            default:
                end += 1
            }
        }
        emitLiteral(.quotedLiteral, upTo: end)
    }

    /// Literal text of a heredoc or of a bare template: one token a line, so that indentation and strip markers can work on lines.
    mutating func lexLines() {
        if case .heredoc(let marker, atLineStart: true) = modes[modes.count - 1] {
            let lineEnd = self.lineEnd(from: position)
            if let end = closingMarkerEnd(marker, lineEnd: lineEnd) {
                modes.removeLast()
                emit(.closeHeredoc, upTo: end)
                return
            }
            modes[modes.count - 1] = .heredoc(marker: marker, atLineStart: false)
        }
        var end = position
        while end < bytes.count {
            switch bytes[end] {
            case UInt8(ascii: "$"), UInt8(ascii: "%"):
                if lexSequenceStart(at: &end, literal: .stringLiteral) { return }
            case UInt8(ascii: "\n"):
                emitLiteral(.stringLiteral, upTo: end + 1)
                if case .heredoc(let marker, _) = modes[modes.count - 1] {
                    modes[modes.count - 1] = .heredoc(marker: marker, atLineStart: true)
                }
                return
            default:
                end += 1
            }
        }
        emitLiteral(.stringLiteral, upTo: end)
    }

    /// At `$` or `%`: begins a sequence if `{` follows, else moves `end` behind what is literal. `$${` is literal: the last `$` before
    /// the brace escapes, however many there are.
    private mutating func lexSequenceStart(at end: inout Int, literal: TokenKind) -> Bool {
        let sign = bytes[end]
        var brace = end + 1
        while brace < bytes.count, bytes[brace] == sign { brace += 1 }
        guard brace < bytes.count, bytes[brace] == UInt8(ascii: "{") else {
            end = brace
            return false
        }
        if brace > end + 1 {
            end = brace + 1
            return false
        }
        emitLiteral(literal, upTo: end)
        modes.append(.sequence(braces: 0))
        let kind: TokenKind = sign == UInt8(ascii: "$") ? .templateInterpolation : .templateControl
        emit(kind, length: byte(2) == UInt8(ascii: "~") ? 3 : 2)
        return true
    }

    /// `<<MARKER` or `<<-MARKER` and the end of its line. True if a heredoc began; else `<<` is not part of the language.
    ///
    /// Blanks around the marker, quotes around it and `<<~` are how other languages write it: if a closing line exists, that is taken for
    /// a heredoc too, and the parser complains about no more than its first line.
    mutating func lexHeredocStart() -> Bool {
        func isHorizontalBlank(_ index: Int) -> Bool {
            index < bytes.count && (bytes[index] == UInt8(ascii: " ") || bytes[index] == UInt8(ascii: "\t"))
        }
        var start = position + 2
        if start < bytes.count, bytes[start] == UInt8(ascii: "-") || bytes[start] == UInt8(ascii: "~") { start += 1 }
        while isHorizontalBlank(start) { start += 1 }
        if start < bytes.count, bytes[start] == UInt8(ascii: "\"") || bytes[start] == UInt8(ascii: "'") { start += 1 }
        var end = start
        if start < bytes.count, case .scalar(let scalar, _) = bytes.scalar(at: start), scalar.beginsIdentifier {
            end = identifierEnd(from: start)
        }
        let marker = start..<end
        if end < bytes.count, bytes[end] == UInt8(ascii: "\"") || bytes[end] == UInt8(ascii: "'") { end += 1 }
        while isHorizontalBlank(end) { end += 1 }
        if end < bytes.count, bytes[end] == UInt8(ascii: "\r") { end += 1 }
        guard !marker.isEmpty, end < bytes.count, bytes[end] == UInt8(ascii: "\n") else {
            emit(.invalid, length: 2)
            return false
        }
        let lineLength = marker.count + 1 + (bytes[end - 1] == UInt8(ascii: "\r") ? 1 : 0)
        let sign = bytes[position + 2] == UInt8(ascii: "-") ? 3 : 2
        let isProper = end + 1 - position == sign + lineLength && bytes[position + 2] != UInt8(ascii: "~")
        if !isProper, !hasClosingLine(marker, from: end + 1) {
            emit(.invalid, length: 2)
            return false
        }
        emit(.openHeredoc, upTo: end + 1)
        modes.append(.heredoc(marker: marker, atLineStart: true))
        return true
    }

    /// Looks ahead, which only a slip asks for. One search in vain is enough for a file.
    private mutating func hasClosingLine(_ marker: Range<Int>, from start: Int) -> Bool {
        if missedClosingLine { return false }
        let before = position
        defer { position = before }
        position = start
        while position < bytes.count {
            let lineEnd = self.lineEnd(from: position)
            if closingMarkerEnd(marker, lineEnd: lineEnd) != nil { return true }
            position = lineEnd + 1
        }
        missedClosingLine = true
        return false
    }

    /// If the line from `position` to `lineEnd` is the marker with nothing but blanks around it: the end of what closes the heredoc. The line has to
    /// have an end, as in the reference.
    private func closingMarkerEnd(_ marker: Range<Int>, lineEnd: Int) -> Int? {
        if lineEnd >= bytes.count { return nil }
        var start = position
        while start < lineEnd, isBlank(bytes[start]) { start += 1 }
        var end = lineEnd
        while end > start, isBlank(bytes[end - 1]) { end -= 1 }
        guard bytes[start..<end].elementsEqual(bytes[marker]) else { return nil }
        // Blanks behind the marker go with it; the carriage return belongs to the line end.
        return lineEnd > end && lineEnd < bytes.count && bytes[lineEnd - 1] == UInt8(ascii: "\r") ? lineEnd - 1 : lineEnd
    }

    private func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || (9...13).contains(byte) && byte != UInt8(ascii: "\n") }

    private func lineEnd(from start: Int) -> Int {
        var end = start
        while end < bytes.count, bytes[end] != UInt8(ascii: "\n") { end += 1 }
        return end
    }

    /// Literal text, with what is not UTF-8 in it as tokens of its own.
    private mutating func emitLiteral(_ kind: TokenKind, upTo end: Int) {
        var index = position
        while index < end {
            if bytes[index] < 0x80 {
                index += 1
                continue
            }
            switch bytes.scalar(at: index) {
            case .scalar(_, let length):
                index += length
            case .broken(let length):
                if index > position { emit(kind, upTo: index) }
                let brokenEnd = min(end, index + length)
                emit(.invalid, upTo: brokenEnd)
                index = brokenEnd
            }
        }
        if end > position { emit(kind, upTo: end) }
    }

    // A quote without its partner is the most common slip there is, and it has two readings: the string was meant to go on over the
    // line end, or its closing quote was forgotten. The next line that has any quotes decides: an odd number closes the string.

    private mutating func goesOnBeyond(lineEnd: Int) -> Bool {
        var start = lineEnd + 1
        while start < bytes.count {
            var quotes = 0
            var end = start
            while end < bytes.count, bytes[end] != UInt8(ascii: "\n") {
                if bytes[end] == UInt8(ascii: "\\") {
                    end += 1
                    if end < bytes.count, bytes[end] == UInt8(ascii: "\n") { break }
                } else if bytes[end] == UInt8(ascii: "\"") {
                    quotes += 1
                }
                end += 1
            }
            if quotes > 0 {
                if quotes % 2 == 1 { knownMultilineEnd = min(end, bytes.count) }
                return quotes % 2 == 1
            }
            start = end + 1
        }
        return false
    }

    /// Leaves the outermost quoted string that began on this line, and everything within it.
    private mutating func closeStringsOfThisLine() {
        var lineStart = position
        while lineStart > 0, bytes[lineStart - 1] != UInt8(ascii: "\n") { lineStart -= 1 }
        var keep = modes.count - 1
        for index in modes.indices.reversed() {
            guard case .quoted(let start) = modes[index] else { continue }
            if start < lineStart { break }
            keep = index
        }
        while modes.count > max(1, keep) { closeInnermost() }
    }
}
