/// The beginning of an output stream: everything up to the loader's announcement is not the script's (a login shell's greeting,
/// the lecture of `sudo`, its prompt) and is kept only to explain why the loader never came.
struct StreamHead {
    private let announcement: [UInt8]
    private var held: [UInt8] = []
    /// The announcement's line has been read: what comes now is the script's.
    private(set) var isPassed = false
    /// What stood behind the announcement on its line.
    private(set) var word = ""

    private static let limit = 64 << 10

    init(announcement: [UInt8]) {
        self.announcement = announcement
    }

    /// Text before the announcement.
    var preamble: [UInt8] { held }

    /// The script's part of `bytes`, which come in any pieces.
    mutating func pass(_ bytes: UnsafeRawBufferPointer) -> [UInt8] {
        if isPassed { return [UInt8](bytes) }
        // Looks again only at as much as may hold the first part of an announcement.
        let from = max(0, held.count - announcement.count - 24)
        held.append(contentsOf: bytes)
        guard let start = held.firstIndex(of: announcement, from: from) else {
            if held.count > Self.limit { held.removeFirst(held.count - Self.limit / 2) }
            return []
        }
        let after = start + announcement.count
        guard let end = held[after...].firstIndex(of: UInt8(ascii: "\n")) else { return [] }
        isPassed = true
        word = String(decoding: held[after..<end], as: UTF8.self).trimmingSpaces()
        let rest = [UInt8](held[(end + 1)...])
        held.removeSubrange(start...)
        return rest
    }

    /// How often `text` is in the preamble.
    func count(of text: [UInt8]) -> Int {
        var (count, from) = (0, 0)
        while let found = held.firstIndex(of: text, from: from) {
            count += 1
            from = found + text.count
        }
        return count
    }
}

extension [UInt8] {
    func firstIndex(of needle: [UInt8], from: Int) -> Int? {
        guard let first = needle.first, count - from >= needle.count else { return nil }
        var index = from
        while index <= count - needle.count {
            guard let candidate = self[index...(count - needle.count)].firstIndex(of: first) else { return nil }
            if self[candidate..<candidate + needle.count].elementsEqual(needle) { return candidate }
            index = candidate + 1
        }
        return nil
    }
}

/// The last bytes of a stream.
struct StreamTail {
    static let limit = 64 << 10
    private var held: [UInt8] = []

    mutating func append(_ bytes: [UInt8]) {
        held.append(contentsOf: bytes)
        if held.count > 4 * Self.limit { held.removeFirst(held.count - Self.limit) }
    }

    var bytes: [UInt8] { Array(held.suffix(Self.limit)) }
}
