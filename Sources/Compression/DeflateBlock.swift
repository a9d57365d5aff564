/// One block: its tokens in whichever of the three forms is shortest.
struct DeflateBlock {
    private let tokens: [DeflateToken]
    private var literalFrequencies = [Int](repeating: 0, count: 286)
    private var distanceFrequencies = [Int](repeating: 0, count: 30)
    private let literalCount: Int
    private let distanceCount: Int

    private static let endOfBlock = 256

    init(_ tokens: [DeflateToken]) {
        self.tokens = tokens
        for token in tokens {
            switch token {
            case .literal(let byte): literalFrequencies[Int(byte)] += 1
            case .match(let length, let distance):
                literalFrequencies[257 + Self.lengths.code(of: length)] += 1
                distanceFrequencies[Self.distances.code(of: distance)] += 1
            }
        }
        literalFrequencies[Self.endOfBlock] = 1
        literalCount = (literalFrequencies.lastIndex { $0 != 0 } ?? 0) + 1
        let distances = distanceFrequencies.lastIndex { $0 != 0 }
        // A code without any symbol cannot be written.
        if distances == nil { distanceFrequencies[0] = 1 }
        distanceCount = (distances ?? 0) + 1
    }

    /// - Parameter literal: the bytes themselves, if they are still at hand.
    func write(to writer: inout BitWriter, literal: ArraySlice<UInt8>?) {
        let literals = HuffmanCode(frequencies: literalFrequencies, limit: 15)
        let distances = HuffmanCode(frequencies: distanceFrequencies, limit: 15)
        let header = CodeLengths(Array(literals.lengths[..<literalCount]) + Array(distances.lengths[..<distanceCount]))
        let canStore = literal.map { $0.count <= 65535 } ?? false
        // Bits behind the codes are the same in both forms; only a comparison with stored bytes needs them.
        let extra = canStore ? extraBits : 0
        let fixedSize =
            3 + Self.fixedLiterals.bitCount(literalFrequencies) + Self.fixedDistances.bitCount(distanceFrequencies) + extra
        let dynamicSize =
            17 + header.bitCount + literals.bitCount(literalFrequencies) + distances.bitCount(distanceFrequencies) + extra
        if let literal, canStore, (literal.count + 5) * 8 < min(fixedSize, dynamicSize) {
            Self.writeStoredHeader(count: literal.count, isLast: false, to: &writer)
            writer.bytes += literal
        } else if dynamicSize < fixedSize {
            writer.write(4, count: 3)
            writer.write(literalCount - 257, count: 5)
            writer.write(distanceCount - 1, count: 5)
            header.write(to: &writer)
            writeTokens(to: &writer, literals, distances)
        } else {
            writer.write(2, count: 3)
            writeTokens(to: &writer, Self.fixedLiterals, Self.fixedDistances)
        }
    }

    static func writeStoredHeader(count: Int, isLast: Bool, to writer: inout BitWriter) {
        writer.write(isLast ? 1 : 0, count: 3)
        writer.align()
        writer.write(UInt16(count), count: 16)
        writer.write(~UInt16(count), count: 16)
    }

    private var extraBits: Int {
        tokens.reduce(0) { sum, token in
            guard case .match(let length, let distance) = token else { return sum }
            return sum + Self.lengths.extra[Self.lengths.code(of: length)] + Self.distances.extra[Self.distances.code(of: distance)]
        }
    }

    private func writeTokens(to writer: inout BitWriter, _ literals: HuffmanCode, _ distances: HuffmanCode) {
        func write(_ code: HuffmanCode, _ symbol: Int) { writer.write(code.codes[symbol], count: Int(code.lengths[symbol])) }
        for token in tokens {
            switch token {
            case .literal(let byte): write(literals, Int(byte))
            case .match(let length, let distance):
                let lengthCode = Self.lengths.code(of: length)
                write(literals, 257 + lengthCode)
                writer.write(length - Self.lengths.bases[lengthCode], count: Self.lengths.extra[lengthCode])
                let distanceCode = Self.distances.code(of: distance)
                write(distances, distanceCode)
                writer.write(distance - Self.distances.bases[distanceCode], count: Self.distances.extra[distanceCode])
            }
        }
        write(literals, Self.endOfBlock)
    }

    /// Numbers as a code and bits behind it.
    private struct Ranges {
        let bases: [Int]
        let extra: [Int]

        init(extra: [Int], first: Int) {
            var base = first
            let bases = extra.map { bits in
                defer { base += 1 << bits }
                return base
            }
            self.init(bases: bases, extra: extra)
        }

        init(bases: [Int], extra: [Int]) {
            self.bases = bases
            self.extra = extra
        }

        func code(of number: Int) -> Int {
            var (low, high) = (0, bases.count)
            while high - low > 1 {
                let middle = (low + high) / 2
                if bases[middle] <= number { low = middle } else { high = middle }
            }
            return low
        }
    }

    private static let lengths: Ranges = {
        let ranges = Ranges(extra: Array(repeating: 0, count: 8) + (1...5).flatMap { Array(repeating: $0, count: 4) } + [0], first: 3)
        // The longest length has a code of its own, beneath what the code before it could reach.
        return Ranges(bases: ranges.bases.dropLast() + [258], extra: ranges.extra)
    }()
    private static let distances = Ranges(extra: [0, 0] + (0...13).flatMap { [$0, $0] }, first: 1)
    private static let fixedLiterals = HuffmanCode(
        lengths: (0..<288).map { $0 < 144 ? 8 : $0 < 256 ? 9 : $0 < 280 ? 7 : 8 })
    private static let fixedDistances = HuffmanCode(lengths: Array(repeating: 5, count: 30))
}

/// The lengths of a block's two codes, shortened by repetitions and coded themselves.
private struct CodeLengths {
    private var symbols: [(symbol: Int, extra: Int)] = []
    private var frequencies = [Int](repeating: 0, count: 19)
    private let code: HuffmanCode
    private let count: Int

    private static let order = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]
    private static let extraBits = [16: 2, 17: 3, 18: 7]

    init(_ lengths: [UInt8]) {
        var position = 0
        while position < lengths.count {
            let length = Int(lengths[position])
            var run = lengths[position...].prefix { $0 == lengths[position] }.count
            position += run
            if length == 0 {
                while run >= 11 {
                    let repeated = min(run, 138)
                    symbols.append((18, repeated - 11))
                    run -= repeated
                }
                if run >= 3 {
                    symbols.append((17, run - 3))
                    run = 0
                }
            } else {
                symbols.append((length, 0))
                run -= 1
                while run >= 3 {
                    let repeated = min(run, 6)
                    symbols.append((16, repeated - 3))
                    run -= repeated
                }
            }
            for _ in 0..<run { symbols.append((length, 0)) }
        }
        for (symbol, _) in symbols { frequencies[symbol] += 1 }
        let frequencies = frequencies
        code = HuffmanCode(frequencies: frequencies, limit: 7)
        count = max((Self.order.lastIndex { frequencies[$0] != 0 } ?? 0) + 1, 4)
    }

    var bitCount: Int { 3 * count + code.bitCount(frequencies) + frequencies[16] * 2 + frequencies[17] * 3 + frequencies[18] * 7 }

    func write(to writer: inout BitWriter) {
        writer.write(count - 4, count: 4)
        for symbol in Self.order[..<count] { writer.write(code.lengths[symbol], count: 3) }
        for (symbol, extra) in symbols {
            writer.write(code.codes[symbol], count: Int(code.lengths[symbol]))
            if let bits = Self.extraBits[symbol] { writer.write(extra, count: bits) }
        }
    }
}
