/// A byte, or a repetition of what stood some way back.
enum DeflateToken {
    case literal(UInt8)
    /// Length 3 to 258, distance 1 to 32768.
    case match(length: Int, distance: Int)
}

/// Finds repetitions with hash chains and lazy evaluation: a match is put off by one byte to see whether a longer one follows.
///
/// Window, chain lengths and the points where a block ends are those of the reference's compressor.
struct DeflateMatcher {
    private static let windowSize = 32768
    private static let shortest = 4
    private static let longest = 258
    /// A previous match of this length shortens the search to a quarter.
    private static let good = 8
    private static let hashBits: UInt32 = 17
    private static let tokensPerBlock = 1 << 14

    private let bytes: [UInt8]
    private let effort: Deflate.Effort
    private var index = 0
    /// Where the buffer begins that a compressor reading a stream would have, and what it has read.
    private var base = 0
    private var end = 0
    private var blockStart: Int? = 0
    private var heads = [Int32](repeating: 0, count: 1 << 17)
    private var previous = [Int32](repeating: 0, count: windowSize)
    private var length = shortest - 1
    private var distance = 0
    private var hasByte = false
    private var tokens: [DeflateToken] = []

    init(_ bytes: [UInt8], _ effort: Deflate.Effort) {
        self.bytes = bytes
        self.effort = effort
    }

    /// Gives each block's tokens with the bytes that they stand for, nil where those have left the window.
    mutating func compress(_ emit: ([DeflateToken], ArraySlice<UInt8>?) -> Void) {
        while end < bytes.count {
            run(isLast: false, emit)
            if index - base >= 2 * Self.windowSize - (Self.shortest + Self.longest) {
                base += Self.windowSize
                if let start = blockStart, start < base { blockStart = nil }
            }
            end = min(bytes.count, base + 2 * Self.windowSize)
        }
        run(isLast: true, emit)
    }

    private mutating func run(isLast: Bool, _ emit: ([DeflateToken], ArraySlice<UInt8>?) -> Void) {
        while true {
            let lookahead = end - index
            if lookahead < Self.shortest + Self.longest {
                if !isLast { return }
                if lookahead == 0 {
                    if hasByte { tokens.append(.literal(bytes[index - 1])) }
                    hasByte = false
                    if !tokens.isEmpty { endBlock(at: index, emit) }
                    return
                }
            }
            let head = index < end - (Self.shortest - 1) ? insert(index) : -1
            let previousLength = length
            let previousDistance = distance
            length = Self.shortest - 1
            distance = 0
            let lowest = max(index - Self.windowSize, base)
            if head >= lowest, lookahead > previousLength, previousLength < effort.lazy {
                findMatch(from: head, previousLength: previousLength, lookahead: lookahead)
            }
            if previousLength >= Self.shortest, length <= previousLength {
                tokens.append(.match(length: previousLength, distance: previousDistance))
                let next = index + previousLength - 1
                index += 1
                while index < next {
                    if index < end - (Self.shortest - 1) { _ = insert(index) }
                    index += 1
                }
                hasByte = false
                length = Self.shortest - 1
                if tokens.count == Self.tokensPerBlock { endBlock(at: index, emit) }
            } else {
                if hasByte {
                    tokens.append(.literal(bytes[index - 1]))
                    if tokens.count == Self.tokensPerBlock { endBlock(at: index, emit) }
                }
                index += 1
                hasByte = true
            }
        }
    }

    private mutating func endBlock(at end: Int, _ emit: ([DeflateToken], ArraySlice<UInt8>?) -> Void) {
        emit(tokens, blockStart.map { bytes[$0..<end] })
        blockStart = end
        tokens.removeAll(keepingCapacity: true)
    }

    /// Enters a position into its chain.
    /// - Returns: the position before it with the same hash, -1 if there is none. Positions are kept plus one.
    private mutating func insert(_ position: Int) -> Int {
        let word = (0..<4).reduce(UInt32(0)) { $0 << 8 | UInt32(bytes[position + $1]) }
        let hash = Int((word &* 0x1E35_A7BD) >> (32 - Self.hashBits))
        let head = heads[hash]
        previous[position & (Self.windowSize - 1)] = head
        heads[hash] = Int32(position + 1)
        return Int(head) - 1
    }

    private mutating func findMatch(from head: Int, previousLength: Int, lookahead: Int) {
        let most = min(Self.longest, lookahead)
        let nice = min(effort.nice, most)
        var tries = effort.chain
        var best = Self.shortest - 1
        let lowest = index - Self.windowSize
        var candidate = head
        while tries > 0 {
            tries -= 1
            if bytes[candidate + best] == bytes[index + best] {
                var count = 0
                while count < most, bytes[candidate + count] == bytes[index + count] { count += 1 }
                // A short match far back costs more than it saves.
                if count > best, count > Self.shortest || index - candidate <= 4096 {
                    best = count
                    length = count
                    distance = index - candidate
                    if count >= nice { return }
                }
            }
            if candidate == lowest { return }
            candidate = Int(previous[candidate & (Self.windowSize - 1)]) - 1
            if candidate < lowest || candidate < base { return }
        }
    }
}
