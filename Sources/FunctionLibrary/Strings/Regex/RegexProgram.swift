/// A pattern as instructions for the machine.
struct RegexProgram: Sendable {
    enum Instruction: Sendable {
        case scalar(Unicode.Scalar)
        /// A scalar that folds to this one.
        case folded(Unicode.Scalar)
        case oneOf(Int)
        case assertion(RegexAssertion)
        /// Notes the position.
        case save(Int)
        case jump(Int)
        /// The first is preferred.
        case split(Int, Int)
        case match
    }

    private(set) var instructions: [Instruction] = []
    private(set) var classes: [RegexClass] = []
    let groupCount: Int

    /// More would take more memory than any pattern is worth.
    private static let largest = 200_000

    init(_ tree: RegexTree, groupCount: Int, pattern: String) throws(RegexSyntaxError) {
        self.groupCount = groupCount
        guard emit(.group(tree, index: 0)) else { throw RegexSyntaxError(message: "expression too large", part: pattern) }
        instructions.append(.match)
    }

    /// False where the program becomes too large.
    private mutating func emit(_ tree: RegexTree) -> Bool {
        if instructions.count > Self.largest { return false }
        switch tree {
        case .empty: break
        case .scalar(let scalar, let ignoresCase):
            instructions.append(ignoresCase ? .folded(scalar.caseFolded) : .scalar(scalar))
        case .oneOf(let set):
            instructions.append(.oneOf(classes.count))
            classes.append(set)
        case .assertion(let assertion): instructions.append(.assertion(assertion))
        case .group(let inner, let index):
            instructions.append(.save(index * 2))
            guard emit(inner) else { return false }
            instructions.append(.save(index * 2 + 1))
        case .sequence(let parts):
            for part in parts where !emit(part) { return false }
        case .alternatives(let parts): return emitAlternatives(parts)
        case .repeated(let inner, let least, let most, let isGreedy): return emitRepeated(inner, least, most, isGreedy)
        }
        return true
    }

    private mutating func emitAlternatives(_ parts: [RegexTree]) -> Bool {
        var jumps: [Int] = []
        for (index, part) in parts.enumerated() {
            let isLast = index == parts.count - 1
            let split = instructions.count
            if !isLast { instructions.append(.match) }
            guard emit(part) else { return false }
            if !isLast {
                jumps.append(instructions.count)
                instructions.append(.match)
                instructions[split] = .split(split + 1, instructions.count)
            }
        }
        for jump in jumps { instructions[jump] = .jump(instructions.count) }
        return true
    }

    private mutating func emitRepeated(_ inner: RegexTree, _ least: Int, _ most: Int?, _ isGreedy: Bool) -> Bool {
        guard let most else {
            for _ in 0..<max(least - 1, 0) where !emit(inner) { return false }
            if least > 0 { return emitPlus(inner, isGreedy) }
            // What can match nothing must be tried once before the loop, or the order of preference is lost.
            if inner.isNullable { return emitOptional(isGreedy) { $0.emitPlus(inner, isGreedy) } }
            let split = instructions.count
            instructions.append(.match)
            guard emit(inner) else { return false }
            instructions.append(.jump(split))
            instructions[split] = choice(split + 1, instructions.count, isGreedy)
            return true
        }
        for _ in 0..<least where !emit(inner) { return false }
        // x{2,5} is xx(x(x(x)?)?)?: each optional part leads behind all of them.
        var splits: [Int] = []
        for _ in least..<most {
            splits.append(instructions.count)
            instructions.append(.match)
            guard emit(inner) else { return false }
        }
        for split in splits { instructions[split] = choice(split + 1, instructions.count, isGreedy) }
        return true
    }

    private mutating func emitPlus(_ inner: RegexTree, _ isGreedy: Bool) -> Bool {
        let start = instructions.count
        guard emit(inner) else { return false }
        instructions.append(choice(start, instructions.count + 1, isGreedy))
        return true
    }

    private mutating func emitOptional(_ isGreedy: Bool, _ body: (inout RegexProgram) -> Bool) -> Bool {
        let split = instructions.count
        instructions.append(.match)
        guard body(&self) else { return false }
        instructions[split] = choice(split + 1, instructions.count, isGreedy)
        return true
    }

    private func choice(_ inside: Int, _ behind: Int, _ isGreedy: Bool) -> Instruction {
        isGreedy ? .split(inside, behind) : .split(behind, inside)
    }
}
