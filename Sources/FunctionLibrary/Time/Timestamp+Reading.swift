extension Timestamp {
    /// - Throws: `FunctionError` that says what is wrong in the reference's words.
    init(_ text: String) throws {
        var reader = TimestampReader(Array(text.utf8))
        do {
            self = try reader.read()
        } catch let fault as TimestampReader.Fault {
            throw FunctionError("not a valid RFC3339 timestamp: \(fault.text)")
        }
    }
}

private struct TimestampReader {
    /// What was expected and what stood there instead.
    struct Fault: Error {
        let text: String
    }

    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func read() throws -> Timestamp {
        let year = try number("year", digits: 4, in: 0...9999)
        try separator("-")
        let month = try number("month", digits: 2, in: 1...12)
        try separator("-")
        let day = try number("day of month", digits: 2, in: 0...99)
        guard next == UInt8(ascii: "T") else { throw Fault(text: "missing required time introducer 'T'") }
        position += 1
        let hourStart = position
        let hour = try number("hour", digits: 2, in: 0...23, allowsFewer: true)
        let hourDigits = position - hourStart
        try separator(":")
        let minute = try number("minute", digits: 2, in: 0...59)
        try separator(":")
        let second = try number("second", digits: 2, in: 0...59)
        let hasComma = next == UInt8(ascii: ",")
        let nanoseconds = fraction()
        let offsetStart = position
        let offset = try offsetSeconds()
        if position < bytes.count { throw bad("timestamp segment", rest(from: position)) }
        if day < 1 || day > Calendar.dayCount(year: year, month: month) { throw Fault(text: "day out of range") }
        // These pass where the reference reads and fail where it looks closer.
        if hourDigits < 2 { throw Fault(text: "hour must have exactly two digits") }
        if hasComma { throw bad("timestamp segment", ",") }
        if offset.isOutOfRange { throw bad("UTC offset", rest(from: offsetStart)) }
        let days = Calendar.day(year: year, month: month, day: day)
        let seconds = Int64(days) * 86400 + Int64(hour * 3600 + minute * 60 + second - offset.seconds)
        return Timestamp(FunctionInstant(seconds: seconds, nanoseconds: nanoseconds), offset: offset.seconds)
    }

    private var next: UInt8? { position < bytes.count ? bytes[position] : nil }
    private func rest(from start: Int) -> String { String(decoding: bytes[start...], as: UTF8.self) }
    private func isDigit(_ index: Int) -> Bool { index < bytes.count && (48...57).contains(bytes[index]) }

    /// Out of range, the reference complains of what comes *behind* the number.
    private mutating func number(
        _ what: String, digits: Int, in range: ClosedRange<Int>, allowsFewer: Bool = false
    ) throws -> Int {
        let start = position
        var value = 0
        while position - start < digits, isDigit(position) {
            value = value * 10 + Int(bytes[position] - 48)
            position += 1
        }
        let count = position - start
        if count < digits, !(allowsFewer && count > 0) { throw bad(what, rest(from: start)) }
        if !range.contains(value) { throw bad(what, rest(from: position)) }
        return value
    }

    private mutating func separator(_ text: String) throws {
        guard let next, [next].elementsEqual(text.utf8) else {
            let found = rest(from: position)
            if found.isEmpty { throw Fault(text: "end of string where \(quoted(text)) is expected") }
            throw Fault(text: "found \(quoted(found)) where \(quoted(text)) is expected")
        }
        position += 1
    }

    /// Nanoseconds; further digits are dropped.
    private mutating func fraction() -> Int32 {
        guard let next, next == UInt8(ascii: ".") || next == UInt8(ascii: ","), isDigit(position + 1) else { return 0 }
        position += 1
        var value: Int32 = 0
        var count = 0
        while isDigit(position) {
            if count < 9 { value = value * 10 + Int32(bytes[position] - 48) }
            count += 1
            position += 1
        }
        while count < 9 {
            value *= 10
            count += 1
        }
        return value
    }

    private mutating func offsetSeconds() throws -> (seconds: Int, isOutOfRange: Bool) {
        let start = position
        if next == UInt8(ascii: "Z") {
            position += 1
            return (0, false)
        }
        guard bytes.count - position >= 6, bytes[position + 3] == UInt8(ascii: ":"),
            next == UInt8(ascii: "+") || next == UInt8(ascii: "-"), [1, 2, 4, 5].allSatisfy({ isDigit(start + $0) })
        else { throw bad("UTC offset", rest(from: start)) }
        func pair(_ index: Int) -> Int { Int(bytes[start + index] - 48) * 10 + Int(bytes[start + index + 1] - 48) }
        let (hours, minutes) = (pair(1), pair(4))
        position += 6
        if hours > 24 || minutes > 60 { throw bad("UTC offset", rest(from: position)) }
        let seconds = hours * 3600 + minutes * 60
        return (bytes[start] == UInt8(ascii: "-") ? -seconds : seconds, hours > 23 || minutes > 59)
    }

    private func bad(_ what: String, _ found: String) -> Fault {
        if found.isEmpty { return Fault(text: "end of string before \(what)") }
        if what == "hour", found.utf8.contains(UInt8(ascii: ":")) { return Fault(text: "hour must be between 0 and 23 inclusive") }
        if what == "hour" || what == "minute", found.utf8.count != 2 { return Fault(text: "\(what) must have exactly two digits") }
        return Fault(text: "cannot use \(quoted(found)) as \(what)")
    }
}
