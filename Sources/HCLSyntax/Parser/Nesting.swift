import Diagnostics

/// How deep a configuration may nest. Both limits are far beyond what people write, and keep a hostile file from exhausting the stack:
/// here, in everything that walks the tree recursively later, and when the tree is released.
enum NestingLimit {
    /// Brackets, blocks and templates within each other: the parser recurses for each.
    static let depth = 200
    /// Levels of an expression's tree, long chains of operators included, which the parser reads in loops.
    static let height = 1_000
}

extension Parser {
    /// Runs `read` one level deeper.
    mutating func nested<Result>(_ read: (inout Parser) throws(SyntaxFailure) -> Result) throws(SyntaxFailure) -> Result {
        guard depth < NestingLimit.depth else {
            defer { hasGivenUp = true }
            throw failure(
                "Nesting too deep", "This is more than \(NestingLimit.depth) levels of brackets, blocks or templates within each other.",
                at: range, hints: ["Name an inner part in a local value and refer to it."])
        }
        depth += 1
        defer { depth -= 1 }
        return try read(&self)
    }

    /// Notes the height of an expression built from one of the height `below`.
    mutating func raise(_ below: Int, over range: SourceRange) throws(SyntaxFailure) {
        height = below + 1
        if height > NestingLimit.height {
            throw failure(
                "Expression too long", "This expression chains more than \(NestingLimit.height) operations.", at: range,
                hints: ["Name parts of it in local values, or use a collection function such as sum, join, anytrue or alltrue."])
        }
    }
}
