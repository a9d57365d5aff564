/// Reads RE2's syntax with Perl's extensions: `(?i)`, `\d`, `\b`, `\pL`, lazy repetitions, named groups.
struct RegexParser {
    struct Flags {
        var ignoresCase = false
        var isMultiline = false
        var dotMatchesNewline = false
        /// Swaps the meaning of `*` and `*?`.
        var isLazy = false
    }

    let pattern: String
    let scalars: [Unicode.Scalar]
    var position = 0
    var flags = Flags()
    var groupNames: [String?] = [nil]
    private var depth = 0

    init(_ pattern: String) {
        self.pattern = pattern
        scalars = Array(pattern.unicodeScalars)
    }

    mutating func parse() throws(RegexSyntaxError) -> RegexTree {
        let tree = try parseAlternatives()
        if position < scalars.count { throw RegexSyntaxError(message: "unexpected )", part: pattern) }
        return tree
    }

    var next: Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }
    func peek(_ offset: Int) -> Unicode.Scalar? { position + offset < scalars.count ? scalars[position + offset] : nil }
    func text(_ start: Int, _ end: Int? = nil) -> String {
        String(String.UnicodeScalarView(scalars[start..<min(end ?? position, scalars.count)]))
    }
    func looking(at prefix: String) -> Bool { scalars[position...].starts(with: prefix.unicodeScalars) }

    private mutating func parseAlternatives() throws(RegexSyntaxError) -> RegexTree {
        depth += 1
        defer { depth -= 1 }
        if depth > 250 { throw RegexSyntaxError(message: "expression nests too deeply", part: pattern) }
        var alternatives = [try parseSequence()]
        while next == "|" {
            position += 1
            alternatives.append(try parseSequence())
        }
        return alternatives.count == 1 ? alternatives[0] : .alternatives(alternatives)
    }

    private mutating func parseSequence() throws(RegexSyntaxError) -> RegexTree {
        var parts: [RegexTree] = []
        /// Where the repetition that stands right before began.
        var repetition: Int?
        while let scalar = next, scalar != "|", scalar != ")" {
            let start = position
            if scalar == "*" || scalar == "+" || scalar == "?" {
                position += 1
                let bounds: (Int, Int?) = scalar == "*" ? (0, nil) : scalar == "+" ? (1, nil) : (0, 1)
                try repeatLast(&parts, bounds, start: start, after: repetition)
                repetition = start
                continue
            }
            if scalar == "{", let bounds = try parseCounts() {
                try repeatLast(&parts, bounds, start: start, after: repetition)
                repetition = start
                continue
            }
            repetition = nil
            if scalar == "\\", peek(1) == "Q" {
                parseQuoted(into: &parts)
                continue
            }
            if let atom = try parseAtom() { parts.append(atom) }
        }
        return parts.isEmpty ? .empty : parts.count == 1 ? parts[0] : .sequence(parts)
    }

    private mutating func repeatLast(
        _ parts: inout [RegexTree], _ bounds: (Int, Int?), start: Int, after previous: Int?
    ) throws(RegexSyntaxError) {
        let operatorEnd = position
        var isGreedy = !flags.isLazy
        if next == "?" {
            position += 1
            isGreedy.toggle()
        }
        if let previous {
            throw RegexSyntaxError(message: "invalid nested repetition operator", part: text(previous))
        }
        guard let last = parts.popLast() else {
            throw RegexSyntaxError(message: "missing argument to repetition operator", part: text(start))
        }
        let tree = RegexTree.repeated(last, least: bounds.0, most: bounds.1, isGreedy: isGreedy)
        if tree.repetition > 1000 { throw RegexSyntaxError(message: "invalid repeat count", part: text(start, operatorEnd)) }
        parts.append(tree)
    }

    /// `{2}`, `{2,}`, `{2,5}`; anything else is no repetition, and the brace itself.
    private mutating func parseCounts() throws(RegexSyntaxError) -> (Int, Int?)? {
        let start = position
        var index = position + 1
        func number() -> Int? {
            let first = index
            while index < scalars.count, ("0"..."9").contains(scalars[index]) { index += 1 }
            if index == first || (index > first + 1 && scalars[first] == "0") { return nil }
            return Int(text(first, index)) ?? .max
        }
        guard let least = number() else { return nil }
        var most: Int? = least
        if index < scalars.count, scalars[index] == "," {
            index += 1
            if index < scalars.count, scalars[index] == "}" {
                most = nil
            } else {
                guard let number = number() else { return nil }
                most = number
            }
        }
        guard index < scalars.count, scalars[index] == "}" else { return nil }
        position = index + 1
        if least > 1000 || (most ?? 0) > 1000 || (most ?? least) < least {
            throw RegexSyntaxError(message: "invalid repeat count", part: text(start))
        }
        return (least, most)
    }

    /// `\Q…\E`: everything in it means itself.
    private mutating func parseQuoted(into parts: inout [RegexTree]) {
        position += 2
        while position < scalars.count, !looking(at: "\\E") {
            parts.append(.scalar(scalars[position], ignoresCase: flags.ignoresCase))
            position += 1
        }
        if position < scalars.count { position += 2 }
    }

    /// Nil where only flags were set.
    private mutating func parseAtom() throws(RegexSyntaxError) -> RegexTree? {
        let scalar = scalars[position]
        switch scalar {
        case "(": return try parseGroup()
        case "[": return .oneOf(try parseClass())
        case ".":
            position += 1
            return .oneOf(RegexClass(flags.dotMatchesNewline ? [] : [.range(10...10)], isNegated: true))
        case "^":
            position += 1
            return .assertion(flags.isMultiline ? .lineStart : .textStart)
        case "$":
            position += 1
            return .assertion(flags.isMultiline ? .lineEnd : .textEnd)
        case "\\": return try parseBackslash()
        default:
            position += 1
            return .scalar(scalar, ignoresCase: flags.ignoresCase)
        }
    }

    private mutating func parseBackslash() throws(RegexSyntaxError) -> RegexTree {
        let start = position
        switch peek(1) {
        case "A": position += 2; return .assertion(.textStart)
        case "z": position += 2; return .assertion(.textEnd)
        case "b": position += 2; return .assertion(.wordBoundary)
        case "B": position += 2; return .assertion(.noWordBoundary)
        case "C": throw RegexSyntaxError(message: "invalid escape sequence", part: text(start, start + 2))
        default: break
        }
        if let item = try parseNamedClass() {
            return .oneOf(RegexClass([item], ignoresCase: flags.ignoresCase))
        }
        return .scalar(try parseEscape(), ignoresCase: flags.ignoresCase)
    }

    private mutating func parseGroup() throws(RegexSyntaxError) -> RegexTree? {
        let outer = flags
        position += 1
        var index: Int?
        if next == "?" {
            if looking(at: "?P<") || looking(at: "?<") {
                index = try parseGroupName()
            } else if try parseFlags() {
                // Flags without a body hold until the group around them ends.
                return nil
            }
        } else {
            index = groupNames.count
            groupNames.append(nil)
        }
        let body = try parseAlternatives()
        guard next == ")" else { throw RegexSyntaxError(message: "missing closing )", part: pattern) }
        position += 1
        flags = outer
        return if let index { .group(body, index: index) } else { .sequence([body]) }
    }

    private mutating func parseGroupName() throws(RegexSyntaxError) -> Int {
        let start = position - 1
        let nameStart = position + (peek(1) == "P" ? 3 : 2)
        guard let end = scalars[nameStart...].firstIndex(of: ">") else {
            throw RegexSyntaxError(message: "invalid named capture", part: text(start, scalars.count))
        }
        let name = text(nameStart, end)
        let isValid =
            !name.isEmpty
            && name.utf8.allSatisfy { byte in
                byte == UInt8(ascii: "_") || (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
            }
        guard isValid else { throw RegexSyntaxError(message: "invalid named capture", part: text(start, end + 1)) }
        position = end + 1
        groupNames.append(name)
        return groupNames.count - 1
    }

    /// `?ims-U` up to a colon (answers false: a body follows) or a closing parenthesis (true).
    private mutating func parseFlags() throws(RegexSyntaxError) -> Bool {
        let start = position - 1
        position += 1
        var changed = flags
        var turnsOn = true
        var sawFlag = false
        while let scalar = next {
            position += 1
            switch scalar {
            case "i": changed.ignoresCase = turnsOn; sawFlag = true
            case "m": changed.isMultiline = turnsOn; sawFlag = true
            case "s": changed.dotMatchesNewline = turnsOn; sawFlag = true
            case "U": changed.isLazy = turnsOn; sawFlag = true
            case "-" where turnsOn:
                turnsOn = false
                sawFlag = false
            case ":" where turnsOn || sawFlag, ")" where turnsOn || sawFlag:
                flags = changed
                return scalar == ")"
            default: throw RegexSyntaxError(message: "invalid or unsupported Perl syntax", part: text(start))
            }
        }
        throw RegexSyntaxError(message: "invalid or unsupported Perl syntax", part: text(start))
    }
}
