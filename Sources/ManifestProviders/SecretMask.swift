/// Texts in which secrets are covered.
///
/// What is looked for is not the secrets in the texts but the texts in the secrets: the texts are short, their windows of eight bytes are
/// put into a table once, and each secret, in each of its forms, is gone through once against that table. So the effort grows with the length
/// of the texts and of the secrets and not with their product, nothing as large as a secret is kept, and no number of words has to be left out:
/// a certificate's key of a megabyte is looked for as thoroughly as a password.
struct SecretMask {
    /// What stands in the place of a secret.
    static let word = "(sensitive value)"
    /// Fewer bytes in common are chance.
    private static let window = 8
    /// Below this, what remains of a secret of which a part was found could be guessed: its whole line goes.
    private static let short = 64

    private let bytes: [UInt8]
    private let ranges: [Range<Int>]
    private let windows: [Set<UInt64>]
    /// Tells most windows that the texts do not have, without a look into the set.
    private var filter = [UInt64](repeating: 0, count: 1 << 12)
    /// Windows that short and long secrets have in common with the texts.
    private var shortHits: Set<UInt64> = []
    private var longHits: Set<UInt64> = []
    /// Values and words too short for a window that the texts have, by their length.
    private var wordHits = [Set<UInt64>](repeating: [], count: window)
    /// Short secrets, their lines and their words in all their forms, which are covered without the rest of the line.
    private var parts: Set<[UInt8]> = []

    init(_ texts: [String]) {
        var bytes: [UInt8] = []
        var ranges: [Range<Int>] = []
        for text in texts {
            let start = bytes.count
            bytes += text.utf8
            ranges.append(start..<bytes.count)
        }
        var windows = [Set<UInt64>](repeating: [], count: Self.window + 1)
        for range in ranges {
            var key: UInt64 = 0
            for (count, byte) in bytes[range].enumerated() {
                key = key << 8 | UInt64(byte)
                for length in 3...Self.window where count + 1 >= length { windows[length].insert(Self.last(length, of: key)) }
            }
        }
        for key in windows[Self.window] {
            let bit = Self.bit(key)
            filter[bit >> 6] |= 1 << (bit & 63)
        }
        self.bytes = bytes
        self.ranges = ranges
        self.windows = windows
    }

    /// Has it covered in all its forms: its lines, its words, and what of it is eight bytes and longer.
    mutating func cover(_ secret: String) {
        let whole = Array(secret.utf8)
        let isShort = whole.count < Self.short
        let hits = look(for: whole, isByWords: !isShort)
        // A line's and a word's encoded forms are within those of the whole, which is written in all three ways of base64.
        let encoded = SecretForms.encoded(whole).reduce(into: hits) {
            $0.formUnion(look(for: $1.bytes, isByWords: !isShort && $1.keepsBlanks))
        }
        if isShort { shortHits.formUnion(encoded) } else { longHits.formUnion(encoded) }
        if isShort {
            add(whole)
            for line in whole.split(separator: UInt8(ascii: "\n")) where line.count >= 6 { add(Array(line)) }
            for word in Self.words(whole) { add(Array(word)) }
        } else {
            for word in Self.words(whole) where word.count < Self.window { addWord(word) }
        }
    }

    private mutating func add(_ part: [UInt8]) {
        for form in [part] + SecretForms.encoded(part).map(\.bytes) {
            if form.count < Self.window { addWord(form[...]) } else { parts.insert(form) }
        }
        // With what fills up the last group.
        let digits = SecretForms.base64(part, shift: 0)
        if digits.count % 4 > 0 { parts.insert(digits + [UInt8](repeating: UInt8(ascii: "="), count: 4 - digits.count % 4)) }
    }

    private mutating func addWord(_ word: ArraySlice<UInt8>) {
        let key = word.reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        if word.count >= 3, windows[word.count].contains(key) { wordHits[word.count].insert(key) }
    }

    /// Windows of a text that the given ones have too.
    ///
    /// - Parameter isByWords: within words only, since a long text has runs of blanks and of small words in common with any other.
    private func look(for text: [UInt8], isByWords: Bool) -> Set<UInt64> {
        var hits: Set<UInt64> = []
        var key: UInt64 = 0
        var count = 0
        for byte in text {
            if isByWords, Self.endsWord(byte) {
                count = 0
                continue
            }
            key = key << 8 | UInt64(byte)
            count += 1
            if count < Self.window { continue }
            let bit = Self.bit(key)
            if filter[bit >> 6] & (1 << (bit & 63)) != 0, windows[Self.window].contains(key) { hits.insert(key) }
        }
        return hits
    }

    // MARK: The texts

    /// The texts, covered.
    var texts: [String] {
        var isCovered = [Bool](repeating: false, count: bytes.count)
        for range in ranges {
            var key: UInt64 = 0
            var run: Range<Int>?
            for place in range {
                key = key << 8 | UInt64(bytes[place])
                let count = place - range.lowerBound + 1
                for length in 3..<Self.window where count >= length && wordHits[length].contains(Self.last(length, of: key)) {
                    for covered in place - length + 1...place { isCovered[covered] = true }
                }
                if count < Self.window { continue }
                let start = place - Self.window + 1
                if longHits.contains(key) { for covered in start...place { isCovered[covered] = true } }
                if shortHits.contains(key) {
                    run = (run?.lowerBound ?? start)..<place + 1
                } else if let ended = run {
                    cover(ended, in: range, &isCovered)
                    run = nil
                }
            }
            if let run { cover(run, in: range, &isCovered) }
        }
        return ranges.map { written($0, isCovered) }
    }

    /// Covers what was found of a short secret, with the whole of its lines where it is only a piece.
    private func cover(_ run: Range<Int>, in range: Range<Int>, _ isCovered: inout [Bool]) {
        var (start, end) = (run.lowerBound, run.upperBound)
        // The sign that fills up base64 is in no window.
        var padded = end
        while padded < range.upperBound, bytes[padded] == UInt8(ascii: "=") { padded += 1 }
        if parts.contains(Array(bytes[start..<padded])) {
            end = padded
        } else if !parts.contains(Array(bytes[start..<end])) {
            while start > range.lowerBound, bytes[start - 1] != UInt8(ascii: "\n") { start -= 1 }
            while end < range.upperBound, bytes[end] != UInt8(ascii: "\n") { end += 1 }
        }
        for place in start..<end { isCovered[place] = true }
    }

    private func written(_ range: Range<Int>, _ isCovered: [Bool]) -> String {
        var result: [UInt8] = []
        var place = range.lowerBound
        var wasCovered = false
        while place < range.upperBound {
            // A character goes as a whole.
            var end = place + 1
            while end < range.upperBound, bytes[end] & 0xC0 == 0x80 { end += 1 }
            if isCovered[place..<end].contains(true) {
                if !wasCovered { result += Self.word.utf8 }
                wasCovered = true
            } else {
                result += bytes[place..<end]
                wasCovered = false
            }
            place = end
        }
        return String(decoding: result, as: UTF8.self)
    }

    // MARK: Bytes

    private static func last(_ length: Int, of key: UInt64) -> UInt64 { length == 8 ? key : key & ((1 << (UInt64(length) * 8)) - 1) }

    private static func bit(_ key: UInt64) -> Int { Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) >> 46) }

    private static func endsWord(_ byte: UInt8) -> Bool {
        byte <= 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") || byte == UInt8(ascii: "`")
    }

    /// Words of six bytes and more: between blanks and quotes, and between those, `=` and `:`.
    private static func words(_ text: [UInt8]) -> [ArraySlice<UInt8>] {
        let wide = text.split(whereSeparator: endsWord)
        let narrow = text.split { endsWord($0) || $0 == UInt8(ascii: "=") || $0 == UInt8(ascii: ":") }
        return (wide + narrow).filter { $0.count >= 6 }
    }
}
