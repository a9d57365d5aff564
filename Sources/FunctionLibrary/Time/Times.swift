import Values

extension Function {
    static let times: [Function] = [
        Function(
            "timestamp", [], returns: .string, refinement: .none, isImpure: true, "When the run began to apply, in UTC."
        ) { call in
            guard let now = call.environment.applyTime else { return call.unknown }
            return .string(Timestamp(now).text)
        },
        Function("plantimestamp", [], returns: .string, "When the plan was made, in UTC.") { call in
            guard let time = call.environment.planTime else { return call.unknown }
            return .string(Timestamp(time).text)
        },
        Function(
            "timeadd", [.string("timestamp"), .string("duration")], returns: .string, "The moment that lies a duration later."
        ) { call in
            let time = try Timestamp(try call.string(0))
            return .string(time.adding(try DurationText.nanoseconds(try call.string(1))).text)
        },
        Function(
            "timecmp", [.string("timestamp_a"), .string("timestamp_b")], returns: .number, "-1, 0 or 1: which moment comes first."
        ) { call in
            let (a, b) = (try timestamp(call, 0).instant, try timestamp(call, 1).instant)
            return .int((a.seconds, a.nanoseconds) < (b.seconds, b.nanoseconds) ? -1 : a == b ? 0 : 1)
        },
        Function("formatdate", [.string("format"), .string("time")], returns: .string, "A moment as text, in a format.") { call in
            let time = try timestamp(call, 1)
            return .string(try DateFormat(try call.string(0)).text(of: time))
        },
    ]
}

private func timestamp(_ call: Call, _ index: Int) throws -> Timestamp {
    do {
        return try Timestamp(try call.string(index))
    } catch let error as FunctionError {
        throw FunctionError.argument(index, error.message)
    }
}
