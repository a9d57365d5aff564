/// What a script said.
struct Frame: Equatable, Sendable {
    enum Kind: UInt8, Sendable {
        /// A unit begins; its number is the name.
        case begin = 98  // b
        case emitted = 101  // e
        case emittedFile = 69  // E
        case remembered = 114  // r
        case rememberedFile = 82  // R
        case gone = 103  // g
        case changed = 99  // c
        /// What had changed is put back.
        case unchanged = 117  // u
        /// Output of a facts script.
        case facts = 102  // f
        /// Line of the manifest that failed.
        case line = 108  // l
        /// Waits until a new connection has come through; the name is the file that waits.
        case confirm = 107  // k
        /// Ended; the name is the exit status.
        case end = 120  // x
    }

    var kind: Kind
    var name: String
    var value: [UInt8]
}

/// Cuts a stream into frames, in whatever pieces it comes. Never trusts a length: what does not fit is passed over.
struct FrameParser {
    private let header: [UInt8]
    private var buffer: [UInt8] = []
    private var start = 0
    /// Longest name and value that are believed.
    private let limit: Int

    init(token: String, limit: Int = 64 << 20) {
        header = Array(token.utf8) + [UInt8(ascii: " ")]
        self.limit = limit
    }

    mutating func parse(_ bytes: [UInt8]) -> [Frame] {
        buffer.append(contentsOf: bytes)
        var frames: [Frame] = []
        while let frame = next() { frames.append(frame) }
        if start > 1 << 16 || start == buffer.count {
            buffer.removeFirst(start)
            start = 0
        }
        return frames
    }

    private mutating func next() -> Frame? {
        while true {
            guard let found = findHeader() else { return nil }
            start = found
            let fields = found + header.count
            guard let lineEnd = buffer[fields...].prefix(32).firstIndex(of: UInt8(ascii: "\n")) else {
                // A header is short: a longer line is none.
                if buffer.count - fields > 32 {
                    start = fields
                    continue
                }
                return nil
            }
            guard let (kind, nameLength, valueLength) = header(buffer[fields..<lineEnd]) else {
                start = fields
                continue
            }
            let name = lineEnd + 1
            let value = name + nameLength + 1
            let end = value + valueLength
            guard buffer.count > end else { return nil }
            guard buffer[value - 1] == UInt8(ascii: "\n"), buffer[end] == UInt8(ascii: "\n") else {
                start = fields
                continue
            }
            start = end + 1
            return Frame(
                kind: kind, name: String(decoding: buffer[name..<(value - 1)], as: UTF8.self), value: Array(buffer[value..<end]))
        }
    }

    private func findHeader() -> Int? {
        guard let first = header.first else { return nil }
        var index = start
        while let candidate = buffer[index...].firstIndex(of: first) {
            guard buffer.count - candidate >= header.count else { return nil }
            if buffer[candidate..<(candidate + header.count)].elementsEqual(header) { return candidate }
            index = candidate + 1
        }
        return nil
    }

    private func header(_ bytes: ArraySlice<UInt8>) -> (Frame.Kind, Int, Int)? {
        let fields = bytes.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
        guard fields.count == 3, fields[0].count == 1, let code = fields[0].first, let kind = Frame.Kind(rawValue: code),
            let name = number(fields[1]), let value = number(fields[2])
        else { return nil }
        return (kind, name, value)
    }

    private func number(_ digits: ArraySlice<UInt8>) -> Int? {
        guard !digits.isEmpty, digits.count <= 9, digits.allSatisfy({ $0 >= 48 && $0 <= 57 }) else { return nil }
        let value = digits.reduce(0) { $0 * 10 + Int($1 - 48) }
        return value <= limit ? value : nil
    }
}

/// Base64 as `base64` prints it, with line ends; nil where it is none.
func decodedBase64(_ text: [UInt8]) -> [UInt8]? {
    var result: [UInt8] = []
    result.reserveCapacity(text.count / 4 * 3)
    var bits: UInt32 = 0
    var count = 0
    var padding = 0
    for byte in text {
        let digit: UInt8
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): digit = byte - UInt8(ascii: "A")
        case UInt8(ascii: "a")...UInt8(ascii: "z"): digit = byte - UInt8(ascii: "a") + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = byte - UInt8(ascii: "0") + 52
        case UInt8(ascii: "+"): digit = 62
        case UInt8(ascii: "/"): digit = 63
        case UInt8(ascii: "="):
            padding += 1
            continue
        case 0x0A, 0x0D: continue
        default: return nil
        }
        if padding > 0 { return nil }
        bits = bits << 6 | UInt32(digit)
        count += 1
        if count == 4 {
            result.append(UInt8(truncatingIfNeeded: bits >> 16))
            result.append(UInt8(truncatingIfNeeded: bits >> 8))
            result.append(UInt8(truncatingIfNeeded: bits))
            bits = 0
            count = 0
        }
    }
    switch count {
    case 0: break
    case 2: result.append(UInt8(truncatingIfNeeded: bits >> 4))
    case 3:
        result.append(UInt8(truncatingIfNeeded: bits >> 10))
        result.append(UInt8(truncatingIfNeeded: bits >> 2))
    default: return nil
    }
    return padding <= 2 && (count + padding) % 4 == 0 ? result : nil
}
