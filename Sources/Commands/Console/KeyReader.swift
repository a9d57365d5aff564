/// Bytes of a terminal to keys: letters in UTF-8, control keys, escape sequences of the usual terminals.
struct KeyReader {
    private var pending: [UInt8] = []

    /// - Returns: the keys that are whole now; what is left waits for more.
    mutating func take(_ bytes: some Sequence<UInt8>) -> [LineEditor.Key] {
        pending += bytes
        var keys: [LineEditor.Key] = []
        while let first = pending.first {
            guard let (key, length) = first == 0x1B ? escape() : plain(first) else { break }
            pending.removeFirst(length)
            if let key { keys.append(key) }
        }
        return keys
    }

    /// Nil: more bytes are needed. A key of nil means nothing.
    private func plain(_ first: UInt8) -> (LineEditor.Key?, Int)? {
        switch first {
        case 0x01: return (.start, 1)
        case 0x02: return (.left, 1)
        case 0x03: return (.interrupt, 1)
        case 0x04: return (.endOfInput, 1)
        case 0x05: return (.end, 1)
        case 0x06: return (.right, 1)
        case 0x08, 0x7F: return (.backspace, 1)
        case 0x09: return (.text("  "), 1)
        case 0x0A, 0x0D: return (.enter, 1)
        case 0x0B: return (.deleteToEnd, 1)
        case 0x0C: return (.clear, 1)
        case 0x0E: return (.down, 1)
        case 0x10: return (.up, 1)
        case 0x12: return (.search, 1)
        case 0x15: return (.deleteToStart, 1)
        case 0x17: return (.deleteWord, 1)
        case ..<0x20: return (nil, 1)
        default:
            let length = first < 0x80 ? 1 : first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0xC0 ? 2 : 1
            guard pending.count >= length else { return nil }
            // What is no UTF-8 shows as such and is refused by whoever parses it.
            return (.text(String(decoding: pending[..<length], as: UTF8.self)), length)
        }
    }

    private func escape() -> (LineEditor.Key?, Int)? {
        guard pending.count >= 2 else { return nil }
        switch pending[1] {
        case UInt8(ascii: "b"): return (.wordLeft, 2)
        case UInt8(ascii: "f"): return (.wordRight, 2)
        case 0x7F: return (.deleteWord, 2)
        case UInt8(ascii: "["), UInt8(ascii: "O"):
            guard let end = pending[2...].firstIndex(where: { (0x40...0x7E).contains($0) }) else { return nil }
            return (Self.sequence(String(decoding: pending[2...end], as: UTF8.self)), end + 1)
        default: return (nil, 2)
        }
    }

    private static func sequence(_ text: String) -> LineEditor.Key? {
        switch text {
        case "A": .up
        case "B": .down
        case "C": .right
        case "D": .left
        case "H", "1~", "7~": .start
        case "F", "4~", "8~": .end
        case "3~": .delete
        case "1;5C", "1;3C", "5C": .wordRight
        case "1;5D", "1;3D", "5D": .wordLeft
        default: nil
        }
    }
}
