import Diagnostics

/// Pairs the directives of a template and joins neighbouring literals.
struct TemplateAssembly {
    /// Where the template ends: what is missing is missing there.
    let end: SourceRange
    private var frames: [Frame] = [Frame(start: .whole)]

    init(end: SourceRange) { self.end = end }

    /// A directive that has begun, and the parts read within it.
    private struct Frame {
        enum Start {
            case whole
            case condition(Expression, SourceRange)
            case loop(ForClause, SourceRange)
        }
        let start: Start
        var parts: [TemplatePart] = []
        /// Filled once `else` has been seen; `parts` are then those behind it.
        var thenParts: [TemplatePart]?
        var height = 0

        mutating func append(_ part: TemplatePart) {
            guard case .literal(let text, let range) = part else {
                parts.append(part)
                return
            }
            if text.isEmpty { return }
            if case .literal(let before, let beforeRange)? = parts.last {
                parts.removeLast()
                parts.append(.literal(before + text, beforeRange.union(range)))
            } else {
                parts.append(part)
            }
        }
    }

    mutating func assemble(_ parts: [FlatPart], reportingTo parser: inout Parser) throws(SyntaxFailure) -> [TemplatePart] {
        for part in parts {
            let top = frames.count - 1
            switch part {
            case .literal(let text, let range):
                frames[top].append(.literal(text, range))
            case .interpolation(let expression, let height):
                frames[top].append(.interpolation(expression))
                frames[top].height = max(frames[top].height, height)
            case .startIf(let condition, let range, let height):
                try begin(Frame(start: .condition(condition, range), height: height), at: range, &parser)
            case .startFor(let clause, let range, let height):
                try begin(Frame(start: .loop(clause, range), height: height), at: range, &parser)
            case .otherwise(let range):
                try beginElse(at: range, &parser)
            case .endIf(let range):
                guard case .condition(let condition, let start) = frames[top].start else { throw unexpected("endif", range, &parser) }
                let then = frames[top].thenParts ?? frames[top].parts
                let otherwise = frames[top].thenParts == nil ? [] : frames[top].parts
                try finish(
                    .conditional(condition: condition, then: then, otherwise: otherwise, start.union(range)), over: range, &parser)
            case .endFor(let range):
                guard case .loop(let clause, let start) = frames[top].start else { throw unexpected("endfor", range, &parser) }
                try finish(.loop(clause, body: frames[top].parts, start.union(range)), over: range, &parser)
            }
        }
        switch frames[frames.count - 1].start {
        case .whole:
            parser.height = frames[0].height + 1
            return frames[0].parts
        case .condition(_, let start): throw missingEnd("if", start, &parser)
        case .loop(_, let start): throw missingEnd("for", start, &parser)
        }
    }

    private mutating func begin(_ frame: Frame, at range: SourceRange, _ parser: inout Parser) throws(SyntaxFailure) {
        guard frames.count < NestingLimit.depth else {
            throw parser.failure(
                "Nesting too deep", "This is more than \(NestingLimit.depth) levels of directives within each other.", at: range)
        }
        frames.append(frame)
    }

    private mutating func beginElse(at range: SourceRange, _ parser: inout Parser) throws(SyntaxFailure) {
        let top = frames.count - 1
        guard case .condition(_, let start) = frames[top].start else { throw unexpected("else", range, &parser) }
        if frames[top].thenParts != nil {
            throw parser.failure(
                "Unexpected else directive", "Already in the else clause for the if started on line \(parser.line(of: start.start)).",
                at: range)
        }
        frames[top].thenParts = frames[top].parts
        frames[top].parts = []
    }

    private mutating func finish(_ part: TemplatePart, over range: SourceRange, _ parser: inout Parser) throws(SyntaxFailure) {
        try parser.raise(frames.removeLast().height, over: range)
        frames[frames.count - 1].append(part)
        frames[frames.count - 1].height = max(frames[frames.count - 1].height, parser.height)
    }

    private func unexpected(_ word: String, _ range: SourceRange, _ parser: inout Parser) -> SyntaxFailure {
        let detail =
            switch frames[frames.count - 1].start {
            case .whole: "The control directives within this template are unbalanced."
            case .condition(_, let start):
                "Expecting an endif directive for the if started on line \(parser.line(of: start.start))."
            case .loop(_, let start):
                "Expecting an endfor directive for the for started on line \(parser.line(of: start.start))."
            }
        return parser.failure("Unexpected \(word) directive", detail, at: range)
    }

    private func missingEnd(_ word: String, _ start: SourceRange, _ parser: inout Parser) -> SyntaxFailure {
        parser.failure(
            "Unexpected end of template", "This \(word) directive is missing its corresponding end\(word) directive.", at: start,
            hints: ["Add %{ end\(word) } where the part ends."])
    }
}
