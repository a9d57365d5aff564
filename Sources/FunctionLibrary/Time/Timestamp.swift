/// A moment with the offset that it was written with, read and written as RFC 3339.
struct Timestamp {
    /// Nanoseconds since 1970 in UTC.
    var instant: FunctionInstant
    /// East of UTC, in seconds.
    var offset: Int

    init(_ instant: FunctionInstant, offset: Int = 0) {
        self.instant = instant
        self.offset = offset
    }

    func adding(_ nanoseconds: Int64) -> Timestamp {
        let billion: Int64 = 1_000_000_000
        let sum = Int64(instant.nanoseconds) + nanoseconds % billion
        let carry = sum >= billion ? 1 : sum < 0 ? -1 : 0 as Int64
        let seconds = instant.seconds &+ nanoseconds / billion &+ carry
        return Timestamp(FunctionInstant(seconds: seconds, nanoseconds: Int32(sum - carry * billion)), offset: offset)
    }

    /// Calendar date and time of day where it was written.
    var fields: (year: Int, month: Int, day: Int, hour: Int, minute: Int, second: Int, weekday: Int) {
        let local = Int(instant.seconds) + offset
        var days = local / 86400
        var rest = local % 86400
        if rest < 0 {
            rest += 86400
            days -= 1
        }
        let date = Calendar.date(ofDay: days)
        let weekday = ((days + 4) % 7 + 7) % 7
        return (date.year, date.month, date.day, rest / 3600, rest / 60 % 60, rest % 60, weekday)
    }

    /// Whole seconds; `Z` where there is no offset.
    var text: String {
        let fields = fields
        let date = "\(padded(fields.year, 4))-\(padded(fields.month, 2))-\(padded(fields.day, 2))"
        let time = "\(padded(fields.hour, 2)):\(padded(fields.minute, 2)):\(padded(fields.second, 2))"
        return "\(date)T\(time)\(offset == 0 ? "Z" : offsetText(separator: ":"))"
    }

    func offsetText(separator: String) -> String {
        let minutes = abs(offset) / 60
        return "\(offset < 0 ? "-" : "+")\(padded(minutes / 60, 2))\(separator)\(padded(minutes % 60, 2))"
    }
}

func padded(_ number: Int, _ width: Int) -> String {
    let digits = String(number.magnitude)
    return (number < 0 ? "-" : "") + String(repeating: "0", count: max(width - digits.utf8.count, 0)) + digits
}

/// The Gregorian calendar, extended backwards.
enum Calendar {
    static func isLeap(_ year: Int) -> Bool { year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) }

    static func dayCount(year: Int, month: Int) -> Int {
        month == 2 ? (isLeap(year) ? 29 : 28) : [4, 6, 9, 11].contains(month) ? 30 : 31
    }

    /// Days since 1970-01-01. Years are counted from March, so that the leap day comes last.
    static func day(year: Int, month: Int, day: Int) -> Int {
        let year = month <= 2 ? year - 1 : year
        let era = (year >= 0 ? year : year - 399) / 400
        let yearOfEra = year - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    static func date(ofDay day: Int) -> (year: Int, month: Int, day: Int) {
        let shifted = day + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
    }
}
