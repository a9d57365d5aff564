/// Where in a shell script a place is: as much of the shell's grammar as it takes to tell whether a quoted word can stand there.
///
/// Fed with the script's text from the start; a value, so that branches of a template can be followed apart.
struct ShellContext: Equatable {
    /// What encloses the place, outermost first.
    enum Frame: Equatable {
        /// `$( … )` or `( … )`; with the depth of `case … esac` in it, whose patterns end with a bare `)`.
        case parenthesis(cases: Int)
        case double
        case single
        case backtick
        /// `${ … }`.
        case parameter
    }

    private(set) var frames: [Frame] = []
    /// The next character is escaped.
    private var isEscaped = false
    private var inComment = false
    /// Heredocs announced on this line, and the one whose body this is.
    private var pending: [Heredoc] = []
    private var body: Heredoc?
    private var line: [UInt8] = []
    /// The unquoted word being read, to know keywords.
    private var word: [UInt8] = []
    private var previous: UInt8 = UInt8(ascii: "\n")
    private var beforePrevious: UInt8 = 0
    private var topCases = 0
    /// Reads the delimiter behind `<<`.
    private var delimiter: Heredoc?

    private struct Heredoc: Equatable {
        var word: [UInt8] = []
        var stripsTabs = false
        var isStarted = false
        var quote: UInt8 = 0
    }

    /// Why a word cannot stand here; nil where it can.
    var obstacle: String? {
        if body != nil { return "in a here-document" }
        if delimiter != nil { return "as the end of a here-document" }
        if inComment { return "in a comment" }
        if isEscaped { return "behind a backslash" }
        switch frames.last {
        case .double, .single: return "within quotes"
        case .backtick: return "within backquotes"
        case .parameter: return "within ${ }"
        case .parenthesis, nil: return nil
        }
    }

    /// A command may begin on a new line here, and what it assigns is seen by the rest of the script.
    var isTopLevel: Bool {
        frames.isEmpty && topCases == 0 && !isEscaped && body == nil && pending.isEmpty && delimiter == nil && !inComment
    }

    /// A word was put in.
    mutating func passWord() {
        word.append(UInt8(ascii: "w"))
        beforePrevious = previous
        previous = UInt8(ascii: "w")
    }

    mutating func pass(_ text: String) {
        for byte in text.utf8 { pass(byte) }
    }

    private mutating func pass(_ byte: UInt8) {
        defer {
            beforePrevious = previous
            previous = byte
        }
        if let heredoc = body {
            passBody(byte, heredoc)
            return
        }
        if delimiter != nil {
            if readDelimiter(byte) { return }
        }
        if isEscaped {
            isEscaped = false
            word.append(byte)
            return
        }
        if inComment {
            if byte != UInt8(ascii: "\n") { return }
            inComment = false
        }
        switch frames.last {
        case .single:
            if byte == UInt8(ascii: "'") { frames.removeLast() }
            return
        case .double:
            switch byte {
            case UInt8(ascii: "\""): frames.removeLast()
            case UInt8(ascii: "\\"): isEscaped = true
            case UInt8(ascii: "`"): frames.append(.backtick)
            case UInt8(ascii: "(") where previous == UInt8(ascii: "$"): open()
            case UInt8(ascii: "{") where previous == UInt8(ascii: "$"): frames.append(.parameter)
            default: break
            }
            return
        case .parameter:
            switch byte {
            case UInt8(ascii: "}"): frames.removeLast()
            case UInt8(ascii: "\\"): isEscaped = true
            case UInt8(ascii: "'"): if !frames.contains(.double) { frames.append(.single) }
            case UInt8(ascii: "\""): frames.append(.double)
            case UInt8(ascii: "(") where previous == UInt8(ascii: "$"): open()
            case UInt8(ascii: "{") where previous == UInt8(ascii: "$"): frames.append(.parameter)
            default: break
            }
            return
        case .backtick, .parenthesis, nil: break
        }
        passPlain(byte)
    }

    private mutating func passPlain(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\\"): isEscaped = true
        case UInt8(ascii: "'"): frames.append(.single)
        case UInt8(ascii: "\""): frames.append(.double)
        case UInt8(ascii: "`"):
            if frames.last == .backtick { frames.removeLast() } else { frames.append(.backtick) }
        case UInt8(ascii: "{") where previous == UInt8(ascii: "$"): frames.append(.parameter)
        case UInt8(ascii: "("):
            endWord()
            open()
        case UInt8(ascii: ")"):
            endWord()
            if case .parenthesis(let cases)? = frames.last, cases == 0 { frames.removeLast() }
        case UInt8(ascii: "#") where isBlank(previous) || previous == UInt8(ascii: ";") || previous == UInt8(ascii: "("): inComment = true
        case UInt8(ascii: "<") where previous == UInt8(ascii: "<") && beforePrevious != UInt8(ascii: "<"): delimiter = Heredoc()
        case UInt8(ascii: "\n"):
            endWord()
            if !pending.isEmpty {
                body = pending.removeFirst()
                line = []
            }
        case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: ";"), UInt8(ascii: "&"), UInt8(ascii: "|"): endWord()
        default: word.append(byte)
        }
    }

    private mutating func open() { frames.append(.parenthesis(cases: 0)) }

    private mutating func endWord() {
        defer { word = [] }
        let change = word.elementsEqual("case".utf8) ? 1 : word.elementsEqual("esac".utf8) ? -1 : 0
        guard change != 0 else { return }
        if case .parenthesis(let cases)? = frames.last {
            frames[frames.count - 1] = .parenthesis(cases: max(0, cases + change))
        } else {
            topCases = max(0, topCases + change)
        }
    }

    private func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0A }

    /// Whether the byte was the delimiter's.
    private mutating func readDelimiter(_ byte: UInt8) -> Bool {
        guard var heredoc = delimiter else { return false }
        if !heredoc.isStarted {
            if byte == UInt8(ascii: "-"), !heredoc.stripsTabs {
                heredoc.stripsTabs = true
                delimiter = heredoc
                return true
            }
            if byte == 0x20 || byte == 0x09 { return true }
            if byte == UInt8(ascii: "<") {
                // `<<<`: not this shell's.
                delimiter = nil
                return false
            }
        }
        heredoc.isStarted = true
        if heredoc.quote != 0 {
            if byte == heredoc.quote { heredoc.quote = 0 } else { heredoc.word.append(byte) }
            delimiter = heredoc
            return true
        }
        switch byte {
        case UInt8(ascii: "'"), UInt8(ascii: "\""): heredoc.quote = byte
        case UInt8(ascii: "\\"): break
        case 0x20, 0x09, 0x0A, UInt8(ascii: ";"), UInt8(ascii: "|"), UInt8(ascii: "&"), UInt8(ascii: ")"), UInt8(ascii: ">"):
            pending.append(heredoc)
            delimiter = nil
            return false
        default: heredoc.word.append(byte)
        }
        delimiter = heredoc
        return true
    }

    private mutating func passBody(_ byte: UInt8, _ heredoc: Heredoc) {
        guard byte == UInt8(ascii: "\n") else {
            line.append(byte)
            return
        }
        let text = heredoc.stripsTabs ? Array(line.drop { $0 == 0x09 }) : line
        line = []
        if text == heredoc.word {
            body = pending.isEmpty ? nil : pending.removeFirst()
        }
    }
}
