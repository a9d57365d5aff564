/// A pattern of file names: `*`, `?`, `[a-z]`, `[^a-z]`, `{one,two}` within a part of a path, `**` as a part for any number of
/// directories.
public struct GlobPattern {
    /// Where to look: the parts before the first that is a pattern.
    let directory: String
    /// The rest, against which paths beneath the directory are matched.
    private let parts: [Part]

    public struct SyntaxError: Error {}

    private enum Part {
        case anyDirectories
        case name([Token])
    }

    private indirect enum Token {
        case scalar(Unicode.Scalar)
        case anyOne
        case anyNumber
        case oneOf([ClosedRange<UInt32>], isNegated: Bool)
        case alternatives([[Token]])
    }

    public init(_ pattern: String) throws(SyntaxError) {
        var fixed: [Substring] = []
        var parts: [Part] = []
        for part in pattern.split(separator: "/") {
            if part == "**" {
                parts.append(.anyDirectories)
            } else if parts.isEmpty, part.utf8.allSatisfy({ !"*?[{\\".utf8.contains($0) }) {
                fixed.append(part)
            } else {
                var scalars = Array(part.unicodeScalars)[...]
                parts.append(.name(try Self.tokens(&scalars, inBraces: false)))
            }
        }
        // A pattern without any wildcard names a file in a directory.
        if parts.isEmpty, let last = fixed.popLast(), last != ".", last != ".." {
            parts.append(.name(last.unicodeScalars.map { .scalar($0) }))
        }
        self.parts = parts
        let joined = fixed.joined(separator: "/")
        directory = pattern.utf8.first == UInt8(ascii: "/") ? "/" + joined : joined.isEmpty ? "." : joined
    }

    /// Matches no file at all.
    var isEmpty: Bool { parts.isEmpty }

    /// How deep matching files can lie.
    var levels: Int? {
        parts.contains { if case .anyDirectories = $0 { true } else { false } } ? nil : parts.count
    }

    /// - Parameter path: relative to `directory`.
    func matches(_ path: String) -> Bool {
        let names = path.split(separator: "/").map { Array($0.unicodeScalars)[...] }
        // Which beginnings of the pattern fit the names so far; linear in names times parts.
        var reached: Set<Int> = closure([0])
        for name in names {
            var next: Set<Int> = []
            for index in reached where index < parts.count {
                switch parts[index] {
                case .anyDirectories: next.insert(index)
                case .name(let tokens): if Self.matches(tokens[...], name) { next.insert(index + 1) }
                }
            }
            reached = closure(next)
        }
        return reached.contains(parts.count)
    }

    /// - Parameter path: from the same place as the pattern is.
    public func matchesWhole(_ path: String) -> Bool {
        if directory == "." { return matches(path) }
        if path == directory { return matches("") }
        let prefix = directory + "/"
        return path.hasPrefix(prefix) && matches(String(path.dropFirst(prefix.count)))
    }

    private func closure(_ states: Set<Int>) -> Set<Int> {
        var result = states
        for state in states {
            var index = state
            while index < parts.count, case .anyDirectories = parts[index] {
                index += 1
                result.insert(index)
            }
        }
        return result
    }

    private static func tokens(_ scalars: inout ArraySlice<Unicode.Scalar>, inBraces: Bool) throws(SyntaxError) -> [Token] {
        var tokens: [Token] = []
        while let scalar = scalars.first {
            if inBraces, scalar == "," || scalar == "}" { break }
            scalars.removeFirst()
            switch scalar {
            case "*": tokens.append(.anyNumber)
            case "?": tokens.append(.anyOne)
            case "[": tokens.append(try set(&scalars))
            case "{":
                var alternatives = [try Self.tokens(&scalars, inBraces: true)]
                while scalars.first == "," {
                    scalars.removeFirst()
                    alternatives.append(try Self.tokens(&scalars, inBraces: true))
                }
                guard scalars.popFirst() == "}" else { throw SyntaxError() }
                tokens.append(.alternatives(alternatives))
            case "\\":
                guard let escaped = scalars.popFirst() else { throw SyntaxError() }
                tokens.append(.scalar(escaped))
            default: tokens.append(.scalar(scalar))
            }
        }
        return tokens
    }

    private static func set(_ scalars: inout ArraySlice<Unicode.Scalar>) throws(SyntaxError) -> Token {
        var isNegated = false
        if scalars.first == "^" {
            isNegated = true
            scalars.removeFirst()
        }
        var ranges: [ClosedRange<UInt32>] = []
        func one() throws(SyntaxError) -> Unicode.Scalar {
            guard let scalar = scalars.popFirst() else { throw SyntaxError() }
            guard scalar == "\\" else { return scalar }
            guard let escaped = scalars.popFirst() else { throw SyntaxError() }
            return escaped
        }
        while let scalar = scalars.first, scalar != "]" || ranges.isEmpty {
            if scalar == "-" { throw SyntaxError() }
            let low = try one()
            var high = low
            if scalars.first == "-" {
                scalars.removeFirst()
                high = try one()
            }
            if low <= high { ranges.append(low.value...high.value) }
        }
        guard scalars.popFirst() == "]" else { throw SyntaxError() }
        return .oneOf(ranges, isNegated: isNegated)
    }

    private static func matches(_ tokens: ArraySlice<Token>, _ name: ArraySlice<Unicode.Scalar>) -> Bool {
        guard let token = tokens.first else { return name.isEmpty }
        let rest = tokens.dropFirst()
        switch token {
        case .scalar(let scalar): return name.first == scalar && matches(rest, name.dropFirst())
        case .anyOne: return !name.isEmpty && matches(rest, name.dropFirst())
        case .oneOf(let ranges, let isNegated):
            guard let first = name.first else { return false }
            return ranges.contains { $0.contains(first.value) } != isNegated && matches(rest, name.dropFirst())
        case .alternatives(let alternatives): return alternatives.contains { matches(($0 + rest)[...], name) }
        case .anyNumber:
            for start in name.startIndex...name.endIndex where matches(rest, name[start...]) { return true }
            return false
        }
    }
}
