import Values

extension Function {
    /// Functions of the built-in provider `time`.
    static let ofTime: [Function] = [
        Function(
            "provider::time::rfc3339_parse", [.string("timestamp")], returns: parts(adding: ("unix", .number)),
            "The parts of a moment in RFC 3339 form."
        ) { call in
            let text = try call.string(0)
            // What is wrong with it in particular is not said by the reference either.
            guard let moment = try? Timestamp(text) else {
                throw FunctionError.argument(0, "Error parsing RFC3339 timestamp: \(quoted(text)) is not a valid RFC3339 timestamp")
            }
            return object(of: moment, adding: ("unix", .int(Int(moment.instant.seconds))))
        },
        Function(
            "provider::time::unix_timestamp_parse", [.number("unix_timestamp")], returns: parts(adding: ("rfc3339", .string)),
            "The parts of a moment that is given in seconds since 1970."
        ) { call in
            let seconds = try call.whole(0)
            // Beyond these years no date has a text.
            guard (-62_167_219_200...253_402_300_799).contains(seconds) else {
                throw FunctionError.argument(0, "the moment must be within the years 0 to 9999")
            }
            let moment = Timestamp(FunctionInstant(seconds: Int64(seconds)))
            return object(of: moment, adding: ("rfc3339", .string(moment.text)))
        },
        Function(
            "provider::time::duration_parse", [.string("duration")],
            returns: object(["hours", "microseconds", "milliseconds", "minutes", "nanoseconds", "seconds"].map { ($0, .number) }),
            "A duration such as 1h30m in each of several units."
        ) { call in
            let text = try call.string(0)
            guard let nanoseconds = try? DurationText.nanoseconds(text) else {
                throw FunctionError.argument(0, "Error parsing duration string: \(quoted(text)) is not a valid duration string")
            }
            func whole(_ unit: Int64) -> Value { .int(Int(nanoseconds / unit)) }
            func fraction(_ unit: Int64) throws -> Value {
                let number = Double(nanoseconds / unit) + Double(nanoseconds % unit) / Double(unit)
                guard let number = Number(number) else { throw FunctionError("no such number") }
                return .number(number)
            }
            return .object([
                ("hours", try fraction(3_600_000_000_000)), ("minutes", try fraction(60_000_000_000)),
                ("seconds", try fraction(1_000_000_000)), ("milliseconds", whole(1_000_000)), ("microseconds", whole(1_000)),
                ("nanoseconds", whole(1)),
            ])
        },
    ]

    private static let common: [(String, ValueType)] = [
        ("day", .number), ("hour", .number), ("iso_week", .number), ("iso_year", .number), ("minute", .number), ("month", .number),
        ("month_name", .string), ("second", .number), ("weekday", .number), ("weekday_name", .string), ("year", .number),
        ("year_day", .number),
    ]

    private static func parts(adding more: (String, ValueType)) -> ValueType { object(common + [more]) }

    private static func object(_ attributes: [(String, ValueType)]) -> ValueType {
        .object(ObjectType(attributes.map { ObjectType.Attribute(name: $0.0, type: $0.1) }))
    }

    private static let months = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
    ]
    private static let weekdays = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]

    private static func object(of moment: Timestamp, adding more: (String, Value)) -> Value {
        let fields = moment.fields
        func day(_ year: Int, _ month: Int, _ day: Int) -> Int { Calendar.day(year: year, month: month, day: day) }
        let today = day(fields.year, fields.month, fields.day)
        // A week belongs to the year that its Thursday is in.
        let thursday = today - (fields.weekday + 6) % 7 + 3
        let isoYear = Calendar.date(ofDay: thursday).year
        return .object([
            ("year", .int(fields.year)), ("month", .int(fields.month)), ("day", .int(fields.day)), ("hour", .int(fields.hour)),
            ("minute", .int(fields.minute)), ("second", .int(fields.second)), ("month_name", .string(months[fields.month - 1])),
            ("weekday", .int(fields.weekday)), ("weekday_name", .string(weekdays[fields.weekday])),
            ("year_day", .int(today - day(fields.year, 1, 1) + 1)), ("iso_year", .int(isoYear)),
            ("iso_week", .int((thursday - day(isoYear, 1, 1)) / 7 + 1)), more,
        ])
    }
}
