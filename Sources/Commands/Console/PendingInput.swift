import Diagnostics
import HCLSyntax

/// Input that comes line by line, until it can be answered. Most lines can be looked at alone, so that thousands of them take no longer than their
/// length; from the first that cannot (a heredoc, a comment or a sequence that goes on), all of it is looked at each time.
struct PendingInput {
    private(set) var text = ""
    /// Brackets that are open.
    private var depth = 0
    private var isPlain = true

    var isEmpty: Bool { text.isEmpty }

    /// - Returns: whether nothing in it is left open that a further line could close.
    mutating func add(_ line: String) -> Bool {
        text += (text.isEmpty ? "" : "\n") + line
        if isPlain, let change = Self.openedBrackets(in: line) {
            depth += change
            return depth <= 0
        }
        isPlain = false
        return ConsoleSession.isComplete(text)
    }

    /// How many more brackets a line opens than it closes; nil where something else goes on beyond it.
    private static func openedBrackets(in line: String) -> Int? {
        if line.contains("<<") || line.contains("/*") || line.contains("*/") { return nil }
        var depth = 0
        for token in parseFile(Array(line.utf8), path: "<line>").tree.tokens {
            switch token.kind {
            case .openBrace, .openBracket, .openParenthesis: depth += 1
            case .closeBrace, .closeBracket, .closeParenthesis: depth -= 1
            case .invalid: return nil
            // What stands for the end of the line closes something that goes on.
            case .closeQuote, .templateEnd: if token.range.end == token.range.start { return nil }
            default: break
            }
        }
        return depth
    }
}
