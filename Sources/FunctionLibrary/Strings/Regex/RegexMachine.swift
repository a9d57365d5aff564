/// Runs a program over a text, all alternatives side by side in the order of preference (Pike's machine), so that time is at most
/// proportional to text times program.
struct RegexMachine {
    private let program: RegexProgram
    private let text: [Unicode.Scalar]
    private let slotCount: Int
    private var current: Threads
    private var upcoming: Threads

    init(_ program: RegexProgram, _ text: [Unicode.Scalar]) {
        self.program = program
        self.text = text
        slotCount = program.groupCount * 2
        current = Threads(program, text)
        upcoming = Threads(program, text)
    }

    /// The leftmost match that begins at `start` or later; what stands before it counts for assertions.
    mutating func firstMatch(from start: Int) -> RegularExpression.Match? {
        var best: [Int]?
        current.order.removeAll(keepingCapacity: true)
        for index in current.mark.indices {
            current.mark[index] = 0
            upcoming.mark[index] = 0
        }
        var position = start
        while position <= text.count {
            if current.order.isEmpty {
                if best != nil { break }
                position = skipAhead(from: position)
            }
            if best == nil {
                var slots = [Int](repeating: -1, count: slotCount)
                current.add(0, at: position, &slots)
            }
            upcoming.order.removeAll(keepingCapacity: true)
            step(at: position, &best)
            swap(&current, &upcoming)
            position += 1
        }
        guard let best else { return nil }
        return (0..<program.groupCount).map { group in
            best[group * 2] >= 0 && best[group * 2 + 1] >= 0 ? best[group * 2]..<best[group * 2 + 1] : nil
        }
    }

    /// A pattern that begins with a known scalar need not be tried where that is not.
    private func skipAhead(from position: Int) -> Int {
        guard program.instructions.count > 1, case .scalar(let first) = program.instructions[1] else { return position }
        return text[position...].firstIndex(of: first) ?? text.count
    }

    /// Moves all threads over the scalar at a position.
    private mutating func step(at position: Int, _ best: inout [Int]?) {
        let scalar = position < text.count ? text[position] : nil
        for index in current.order {
            let isTaken: Bool
            switch program.instructions[index] {
            case .scalar(let wanted): isTaken = scalar == wanted
            case .folded(let wanted): isTaken = scalar.map { $0 == wanted || $0.caseFolded == wanted } ?? false
            case .oneOf(let set): isTaken = scalar.map { program.classes[set].contains($0) } ?? false
            case .match:
                best = slots(of: index)
                // Whatever is less preferred is of no interest any more.
                return
            case .assertion, .save, .jump, .split: isTaken = false
            }
            if isTaken {
                var slots = slots(of: index)
                upcoming.add(index + 1, at: position + 1, &slots)
            }
        }
    }

    private func slots(of index: Int) -> [Int] { Array(current.slots[(index * slotCount)..<((index + 1) * slotCount)]) }
}

/// Instructions reached at one position, most preferred first, each with what the groups have matched on its way.
private struct Threads {
    private let program: RegexProgram
    private let text: [Unicode.Scalar]
    private let slotCount: Int
    var order: [Int] = []
    /// The position at which an instruction was last added, offset by one.
    var mark: [Int]
    var slots: [Int]
    private var stack: [Frame] = []

    private enum Frame {
        case visit(Int)
        case restore(slot: Int, value: Int)
    }

    init(_ program: RegexProgram, _ text: [Unicode.Scalar]) {
        self.program = program
        self.text = text
        slotCount = program.groupCount * 2
        mark = Array(repeating: 0, count: program.instructions.count)
        self.slots = Array(repeating: -1, count: program.instructions.count * slotCount)
    }

    /// Adds an instruction and all that are reached from it without reading.
    mutating func add(_ first: Int, at position: Int, _ slots: inout [Int]) {
        stack.append(.visit(first))
        while let frame = stack.popLast() {
            switch frame {
            case .restore(let slot, let value): slots[slot] = value
            case .visit(let index):
                if mark[index] == position + 1 { continue }
                mark[index] = position + 1
                switch program.instructions[index] {
                case .jump(let target): stack.append(.visit(target))
                case .split(let preferred, let other):
                    stack.append(.visit(other))
                    stack.append(.visit(preferred))
                case .save(let slot):
                    stack.append(.restore(slot: slot, value: slots[slot]))
                    slots[slot] = position
                    stack.append(.visit(index + 1))
                case .assertion(let assertion):
                    if holds(assertion, at: position) { stack.append(.visit(index + 1)) }
                case .scalar, .folded, .oneOf, .match:
                    order.append(index)
                    for slot in 0..<slotCount { self.slots[index * slotCount + slot] = slots[slot] }
                }
            }
        }
    }

    private func holds(_ assertion: RegexAssertion, at position: Int) -> Bool {
        switch assertion {
        case .textStart: position == 0
        case .textEnd: position == text.count
        case .lineStart: position == 0 || text[position - 1] == "\n"
        case .lineEnd: position == text.count || text[position] == "\n"
        case .wordBoundary: isWord(position - 1) != isWord(position)
        case .noWordBoundary: isWord(position - 1) == isWord(position)
        }
    }

    private func isWord(_ position: Int) -> Bool {
        guard text.indices.contains(position) else { return false }
        return switch text[position] {
        case "a"..."z", "A"..."Z", "0"..."9", "_": true
        default: false
        }
    }
}
