/// A prefix code for symbols, from how often they occur.
struct HuffmanCode {
    /// By symbol; 0 for symbols without a code.
    private(set) var lengths: [UInt8]
    /// By symbol, lowest bit first.
    private(set) var codes: [UInt16]

    /// The best code with no length above `limit`, chosen among equals as the reference chooses.
    init(frequencies: [Int], limit: Int) {
        lengths = Array(repeating: 0, count: frequencies.count)
        codes = Array(repeating: 0, count: frequencies.count)
        var symbols = frequencies.indices.filter { frequencies[$0] != 0 }
        if symbols.count <= 2 {
            for (code, symbol) in symbols.enumerated() {
                lengths[symbol] = 1
                codes[symbol] = UInt16(code)
            }
            return
        }
        symbols.sort { (frequencies[$0], $0) < (frequencies[$1], $1) }
        let counts = Self.lengthCounts(symbols.map { frequencies[$0] }, limit: limit)
        assign(counts, symbols)
    }

    /// A code whose lengths are given.
    init(lengths: [UInt8]) {
        self.lengths = lengths
        codes = Array(repeating: 0, count: lengths.count)
        var code: UInt16 = 0
        for length in UInt8(1)...15 {
            code <<= 1
            for symbol in lengths.indices where lengths[symbol] == length {
                codes[symbol] = Self.reversed(code, length)
                code += 1
            }
        }
    }

    func bitCount(_ frequencies: [Int]) -> Int { zip(frequencies, lengths).reduce(0) { $0 + $1.0 * Int($1.1) } }

    /// The rarest symbols have the longest codes; among those of one length codes follow the symbols' order.
    private mutating func assign(_ counts: [Int], _ symbols: [Int]) {
        var rest = symbols[...]
        var code: UInt16 = 0
        for (length, count) in counts.enumerated() {
            code <<= 1
            if length == 0 || count == 0 { continue }
            for symbol in rest.suffix(count).sorted() {
                lengths[symbol] = UInt8(length)
                codes[symbol] = Self.reversed(code, UInt8(length))
                code += 1
            }
            rest = rest.dropLast(count)
        }
    }

    private static func reversed(_ code: UInt16, _ length: UInt8) -> UInt16 {
        var result: UInt16 = 0
        for bit in 0..<UInt16(length) where code >> bit & 1 != 0 { result |= 1 << (UInt16(length) - 1 - bit) }
        return result
    }

    private struct Level {
        var lastFrequency: Int
        var nextLeaf: Int
        var nextPair: Int
        var needed = 0
    }

    /// How many symbols have each length: the boundary package-merge algorithm of Katajainen, Moffat and Turpin, which keeps of
    /// each level only its last item.
    /// - Parameter frequencies: ascending, at least three.
    private static func lengthCounts(_ frequencies: [Int], limit: Int) -> [Int] {
        let never = Int.max / 4
        let count = frequencies.count
        let frequencies = frequencies + [never]
        let depth = min(limit, count - 1)
        var levels = (0...(depth + 1)).map { level in
            Level(
                lastFrequency: frequencies[1], nextLeaf: frequencies[2],
                nextPair: level == 1 ? never : frequencies[0] + frequencies[1])
        }
        // leaves[i][j]: how many leaves stand left of the ancestor at level j of the last item at level i.
        var leaves = (0...depth).map { level in (0...depth).map { $0 == level && level > 0 ? 2 : 0 } }
        levels[depth].needed = 2 * count - 4
        var level = depth
        while true {
            if levels[level].nextPair == never, levels[level].nextLeaf == never {
                // Nothing is left here, so nothing above can be made of pairs from here.
                levels[level].needed = 0
                levels[level + 1].nextPair = never
                level += 1
                continue
            }
            let before = levels[level].lastFrequency
            if levels[level].nextLeaf < levels[level].nextPair {
                levels[level].lastFrequency = levels[level].nextLeaf
                leaves[level][level] += 1
                levels[level].nextLeaf = frequencies[leaves[level][level]]
            } else {
                levels[level].lastFrequency = levels[level].nextPair
                for below in 0..<level { leaves[level][below] = leaves[level - 1][below] }
                levels[level - 1].needed = 2
            }
            levels[level].needed -= 1
            if levels[level].needed == 0 {
                if level == depth { break }
                levels[level + 1].nextPair = before + levels[level].lastFrequency
                level += 1
            } else {
                // What was taken from below is made anew first.
                while levels[level - 1].needed > 0 { level -= 1 }
            }
        }
        var counts = [0]
        for level in stride(from: depth, to: 0, by: -1) { counts.append(leaves[depth][level] - leaves[depth][level - 1]) }
        return counts
    }
}
