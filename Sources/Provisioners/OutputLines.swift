/// Cuts what comes in pieces into lines. A line that does not end is given out in parts, so that nothing is held without bound.
struct LineSplitter {
    static let longest = 64 << 10
    private var held: [UInt8] = []

    mutating func take(_ bytes: [UInt8], _ line: (String) -> Void) {
        var rest = bytes[...]
        while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
            held += rest[..<end]
            rest = rest[(end + 1)...]
            give(line)
        }
        held += rest
        while held.count > Self.longest {
            // Between two characters, not in one.
            var cut = Self.longest
            while cut > Self.longest - 4, held[cut] & 0xC0 == 0x80 { cut -= 1 }
            line(String(decoding: held[..<cut], as: UTF8.self))
            held.removeFirst(cut)
        }
    }

    /// What does not end with a new line is a line, too.
    mutating func end(_ line: (String) -> Void) { if !held.isEmpty { give(line) } }

    private mutating func give(_ line: (String) -> Void) {
        while let last = held.last, last == 0x0D || last == 0x20 || last == 0x09 { held.removeLast() }
        line(String(decoding: held, as: UTF8.self))
        held.removeAll(keepingCapacity: true)
    }
}

/// The last bytes of what was printed, for an error.
struct OutputTail: Sendable {
    let limit: Int
    private var held: [UInt8] = []
    private var isCut = false

    init(limit: Int) { self.limit = limit }

    mutating func append(_ bytes: [UInt8]) {
        held += bytes
        if held.count > 4 * limit {
            held.removeFirst(held.count - limit)
            isCut = true
        }
    }

    var text: String {
        let text = String(decoding: held.suffix(limit), as: UTF8.self)
        return isCut || held.count > limit ? "… " + text : text
    }
}
