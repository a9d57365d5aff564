/// `YYYY-MM-DD'T'hh:mm:ssZ`: runs of one letter are verbs, text in single quotes is text.
struct DateFormat {
    private enum Piece {
        case text(String)
        case verb(letter: UInt8, count: Int)
    }

    private var pieces: [Piece] = []

    /// - Throws: `FunctionError` in the reference's words.
    init(_ format: String) throws {
        let bytes = Array(format.utf8)
        var position = 0
        func isLetter(_ byte: UInt8) -> Bool { (65...90).contains(byte) || (97...122).contains(byte) }
        while position < bytes.count {
            let byte = bytes[position]
            var end = position + 1
            if byte == UInt8(ascii: "'") {
                pieces.append(.text(try Self.quoted(bytes, from: position, &end)))
            } else if isLetter(byte) {
                while end < bytes.count, bytes[end] == byte { end += 1 }
                try Self.check(byte, count: end - position)
                pieces.append(.verb(letter: byte, count: end - position))
            } else {
                while end < bytes.count, !isLetter(bytes[end]), bytes[end] != UInt8(ascii: "'") { end += 1 }
                pieces.append(.text(String(decoding: bytes[position..<end], as: UTF8.self)))
            }
            position = end
        }
    }

    /// Up to the closing quote; two quotes are one, and two by themselves one, too.
    private static func quoted(_ bytes: [UInt8], from start: Int, _ end: inout Int) throws -> String {
        let quote = UInt8(ascii: "'")
        if end < bytes.count, bytes[end] == quote {
            end += 1
            return "'"
        }
        var text: [UInt8] = []
        while end < bytes.count {
            if bytes[end] == quote {
                guard end + 1 < bytes.count, bytes[end + 1] == quote else {
                    end += 1
                    return String(decoding: text, as: UTF8.self)
                }
                end += 1
            }
            text.append(bytes[end])
            end += 1
        }
        throw FunctionError.argument(0, "unterminated literal '")
    }

    private static func check(_ letter: UInt8, count: Int) throws {
        let (counts, rule): (Set<Int>, String) =
            switch Character(Unicode.Scalar(letter)) {
            case "Y": ([2, 4], "year must either be \"YY\" or \"YYYY\"")
            case "M": ([1, 2, 3, 4], "month must be \"M\", \"MM\", \"MMM\", or \"MMMM\"")
            case "D": ([1, 2], "day of month must either be \"D\" or \"DD\"")
            case "E": ([3, 4], "day of week must either be \"EEE\" or \"EEEE\"")
            case "h": ([1, 2], "24-hour must either be \"h\" or \"hh\"")
            case "H": ([1, 2], "12-hour must either be \"H\" or \"HH\"")
            case "A": ([2], "must be \"AA\"")
            case "a": ([2], "must be \"aa\"")
            case "m": ([1, 2], "minute must either be \"m\" or \"mm\"")
            case "s": ([1, 2], "second must either be \"s\" or \"ss\"")
            case "Z": ([1, 3, 4, 5], "timezone must be Z, ZZZZ, or ZZZZZ")
            default: ([], "")
            }
        if counts.contains(count) { return }
        let verb = "\"" + String(repeating: Character(Unicode.Scalar(letter)), count: count) + "\""
        throw FunctionError.argument(0, "invalid date format verb \(verb)\(rule.isEmpty ? "" : ": " + rule)")
    }

    func text(of time: Timestamp) -> String {
        let fields = time.fields
        return pieces.map { piece in
            switch piece {
            case .text(let text): text
            case .verb(let letter, let count): Self.text(letter, count, fields, time)
            }
        }.joined()
    }

    private static func text(
        _ letter: UInt8, _ count: Int, _ fields: (year: Int, month: Int, day: Int, hour: Int, minute: Int, second: Int, weekday: Int),
        _ time: Timestamp
    ) -> String {
        switch Character(Unicode.Scalar(letter)) {
        case "Y": return count == 2 ? padded(fields.year % 100, 2) : padded(fields.year, 4)
        case "M" where count > 2: return count == 3 ? String(months[fields.month - 1].prefix(3)) : months[fields.month - 1]
        case "M": return padded(fields.month, count)
        case "D": return padded(fields.day, count)
        case "E": return count == 3 ? String(weekdays[fields.weekday].prefix(3)) : weekdays[fields.weekday]
        case "h": return padded(fields.hour, count)
        case "H": return padded(fields.hour % 12 == 0 ? 12 : fields.hour % 12, count)
        case "A": return fields.hour < 12 ? "AM" : "PM"
        case "a": return fields.hour < 12 ? "am" : "pm"
        case "m": return padded(fields.minute, count)
        case "s": return padded(fields.second, count)
        default:
            if count == 1 { return time.offset == 0 ? "Z" : time.offsetText(separator: ":") }
            if count == 3, time.offset == 0 { return "UTC" }
            return time.offsetText(separator: count == 5 ? ":" : "")
        }
    }

    private static let months = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
    ]
    private static let weekdays = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]
}
