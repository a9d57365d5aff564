/// Makes new inputs of old ones. The same seed makes the same inputs.
struct Mutator {
    private let corpus: Corpus
    private let pieces: [[UInt8]]
    var random: SeededRandom

    init(corpus: Corpus, dictionary: [String], seed: UInt64) {
        self.corpus = corpus
        pieces =
            dictionary.map { Array($0.utf8) } + [
                [0xFF], [0xC3], [0x00], [0xE2, 0x80], [0xED, 0xA0, 0x80], [0xEF, 0xBB, 0xBF], [0xF4, 0x90, 0x80, 0x80], [0x0D, 0x0A],
                [0x0D],
            ]
        random = SeededRandom(state: seed)
    }

    mutating func next() -> [UInt8] {
        var bytes = corpus.inputs.randomElement(using: &random) ?? []
        for _ in 0..<Int.random(in: 1...8, using: &random) { mutate(&bytes) }
        return bytes.count > 1 << 17 ? Array(bytes.prefix(1 << 17)) : bytes
    }

    private mutating func mutate(_ bytes: inout [UInt8]) {
        let place = Int.random(in: 0...bytes.count, using: &random)
        let end = min(bytes.count, place + Int.random(in: 0...24, using: &random))
        switch Int.random(in: 0..<20, using: &random) {
        case 0...5: bytes.insert(contentsOf: piece(), at: place)
        case 6, 7: if place < bytes.count { bytes.remove(at: place) }
        case 8, 9: if place < bytes.count { bytes[place] = UInt8.random(in: 0...255, using: &random) }
        case 10, 11: bytes.removeSubrange(place..<end)
        case 12, 13: bytes.insert(contentsOf: bytes[place..<end], at: Int.random(in: 0...bytes.count, using: &random))
        case 14: bytes.replaceSubrange(place..<end, with: piece())
        case 15:
            // Deep or long: the same over and over.
            let times = [3, 50, 500, 5_000].randomElement(using: &random) ?? 3
            let piece = Bool.random(using: &random) ? piece() : Array(bytes[place..<end])
            bytes.insert(contentsOf: Array(repeatElement(piece, count: times).joined()), at: place)
        case 16: bytes.removeSubrange(place...)
        default:
            let other = corpus.inputs.randomElement(using: &random) ?? []
            let start = Int.random(in: 0...other.count, using: &random)
            bytes.insert(contentsOf: other[start..<Int.random(in: start...other.count, using: &random)], at: place)
        }
    }

    private mutating func piece() -> [UInt8] { pieces.randomElement(using: &random) ?? [] }
}

/// A small generator with a seed, so that a run can be repeated.
struct SeededRandom: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
