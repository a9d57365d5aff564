import FoundationEssentials
import Glibc

/// A moment in whole seconds, as a calendar shows it at an offset from UTC.
struct CivilTime: Equatable {
    /// Seconds since 1970-01-01T00:00:00Z.
    var unix: Int
    /// Seconds east of Greenwich.
    var offset: Int

    init(unix: Int, offset: Int = 0) {
        self.unix = unix
        self.offset = offset
    }

    static func now() -> CivilTime {
        CivilTime(unix: Glibc.time(nil))
    }

    /// Since 1970.
    static func milliseconds() -> Int { Int((FoundationEssentials.Date().timeIntervalSince1970 * 1000).rounded(.down)) }

    // MARK: Calendar

    struct Date: Equatable { var year: Int, month: Int, day: Int }

    private var local: Int { unix + offset }
    private var secondOfDay: Int { ((local % 86_400) + 86_400) % 86_400 }
    var hour: Int { secondOfDay / 3_600 }
    var minute: Int { secondOfDay / 60 % 60 }
    var second: Int { secondOfDay % 60 }

    /// The proleptic Gregorian calendar, in eras of 400 years that begin on the first of March.
    var date: Date {
        let days = (local - secondOfDay) / 86_400 + 719_468
        let era = (days >= 0 ? days : days - 146_096) / 146_097
        let dayOfEra = days - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        let month = shifted < 10 ? shifted + 3 : shifted - 9
        return Date(year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month: month, day: dayOfYear - (153 * shifted + 2) / 5 + 1)
    }

    /// Days since 1970-01-01 of a date; months and days beyond their range run over into the next.
    static func days(year: Int, month: Int, day: Int) -> Int {
        let months = year * 12 + month - 1
        let normal = months >= 0 ? months / 12 : -((11 - months) / 12)
        let monthOfYear = months - normal * 12 + 1
        let shiftedYear = monthOfYear <= 2 ? normal - 1 : normal
        let era = (shiftedYear >= 0 ? shiftedYear : shiftedYear - 399) / 400
        let yearOfEra = shiftedYear - era * 400
        let dayOfYear = (153 * (monthOfYear > 2 ? monthOfYear - 3 : monthOfYear + 9) + 2) / 5
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468 + day - 1
    }

    /// A distance from one moment to another, in one unit.
    enum Unit: String, CaseIterable {
        case days, hours, minutes, months, seconds, years

        /// The whole range of years that can be written: no distance within it is longer.
        var longest: Int {
            switch self {
            case .years: 10_000
            case .months: 120_000
            case .days: 3_660_000
            case .hours: 87_840_000
            case .minutes: 5_270_400_000
            case .seconds: 316_224_000_000
            }
        }
    }

    /// So many units on. Years, months and days keep the time of day: 31 January and a month is 2 or 3 March. Nil beyond the years 0 to
    /// 9999, which are all that the text has room for.
    func adding(_ amount: Int, _ unit: Unit) -> CivilTime? {
        guard (-unit.longest...unit.longest).contains(amount) else { return nil }
        let date = date
        let moved: Int
        switch unit {
        case .years: moved = Self.days(year: date.year + amount, month: date.month, day: date.day)
        case .months: moved = Self.days(year: date.year, month: date.month + amount, day: date.day)
        case .days: moved = Self.days(year: date.year, month: date.month, day: date.day + amount)
        case .hours: return adding(seconds: amount * 3_600)
        case .minutes: return adding(seconds: amount * 60)
        case .seconds: return adding(seconds: amount)
        }
        return CivilTime(unix: moved * 86_400 + secondOfDay - offset, offset: offset).withinYears
    }

    private func adding(seconds: Int) -> CivilTime? { CivilTime(unix: unix + seconds, offset: offset).withinYears }
    private var withinYears: CivilTime? { (0...9_999).contains(date.year) ? self : nil }

    // MARK: RFC 3339

    var text: String {
        func digits(_ number: Int, _ width: Int) -> String {
            let text = String(abs(number))
            return String(repeating: "0", count: max(0, width - text.count)) + text
        }
        let date = date
        let zone =
            offset == 0
            ? "Z" : "\(offset < 0 ? "-" : "+")\(digits(offset / 3_600, 2)):\(digits(offset / 60 % 60, 2))"
        return
            "\(digits(date.year, 4))-\(digits(date.month, 2))-\(digits(date.day, 2))T\(digits(hour, 2)):\(digits(minute, 2)):\(digits(second, 2))\(zone)"
    }

    /// Nil where the text is no RFC 3339 timestamp. Fractions of a second are cut off.
    init?(_ text: String) {
        var rest = Array(text.utf8)[...]
        func number(_ width: Int) -> Int? {
            guard rest.count >= width else { return nil }
            var value = 0
            for byte in rest.prefix(width) {
                guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
                value = value * 10 + Int(byte - UInt8(ascii: "0"))
            }
            rest = rest.dropFirst(width)
            return value
        }
        func take(_ characters: String) -> Bool {
            guard let first = rest.first, characters.utf8.contains(first) else { return false }
            rest = rest.dropFirst()
            return true
        }
        guard let year = number(4), take("-"), let month = number(2), take("-"), let day = number(2), take("Tt"), let hour = number(2),
            take(":"),
            let minute = number(2), take(":"), let second = number(2)
        else { return nil }
        if take(".") {
            guard number(1) != nil else { return nil }
            while number(1) != nil {}
        }
        var offset = 0
        if !take("Zz") {
            let sign = rest.first == UInt8(ascii: "-") ? -1 : 1
            guard take("+-"), let hours = number(2), take(":"), let minutes = number(2), hours < 24, minutes < 60 else { return nil }
            offset = sign * (hours * 3_600 + minutes * 60)
        }
        guard rest.isEmpty, (1...12).contains(month), day >= 1, hour < 24, minute < 60, second < 60 else { return nil }
        let days = Self.days(year: year, month: month, day: day)
        self.init(unix: days * 86_400 + hour * 3_600 + minute * 60 + second - offset, offset: offset)
        // The thirtieth of February runs over into March.
        guard date == Date(year: year, month: month, day: day) else { return nil }
    }
}
