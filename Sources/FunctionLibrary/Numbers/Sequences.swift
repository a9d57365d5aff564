import Values

extension Function {
    static let sequences: [Function] = [
        Function(
            "range", [], rest: .number("params"), returns: .list(.number), "Numbers from a start up to a limit, by a step."
        ) { call in
            let (start, end, step) = try bounds(call)
            if end < start, step.sign > 0 {
                throw FunctionError.argument(1, "end must be greater than start when step is positive")
            }
            if end > start, step.sign < 0 {
                throw FunctionError.argument(1, "end must be less than start when step is negative")
            }
            if step.isZero, start != end { throw tooMany }
            var values: [Value] = []
            var number = start
            while step.sign > 0 ? number < end : number > end {
                if values.count >= longestRange { throw tooMany }
                values.append(.number(number))
                number = try number + step
            }
            return .list(values, of: .number)
        },
        Function(
            "sum", [.any("list")],
            typed: { arguments in
                let list = arguments[0]
                if list.isUnknown { return .number }
                switch list.type {
                case .list, .set, .tuple: break
                case .map, .object:
                    throw FunctionError.argument(0, "argument must be list, set, or tuple. Received \(list.type.friendlyName)")
                default: throw FunctionError.argument(0, "cannot sum noniterable")
                }
                return .number
            }, "The sum of the numbers."
        ) { call in
            let values = try call.elements(0)
            if values.isEmpty { throw FunctionError.argument(0, "cannot sum an empty list") }
            guard call[0].isWhollyKnown else { return call.unknown }
            var total: Number?
            for value in values {
                guard !value.isNull, let converted = try? value.converted(to: .number), let number = converted.numberValue else {
                    // Whatever stopped the conversion, this is what the reference says.
                    throw FunctionError.argument(0, "argument must be list, set, or tuple of number values")
                }
                total = try total.map { sum throws(NumberError) in try sum + number } ?? number
            }
            return .number(total ?? .zero)
        },
    ]
}

private let longestRange = 1024
private let tooMany = FunctionError(
    "more than \(longestRange) values were generated; either decrease the difference between start and end or use a smaller step")

/// One argument: a limit; two: start and limit; three: and a step.
private func bounds(_ call: Call) throws -> (start: Number, end: Number, step: Number) {
    func direction(_ start: Number, _ end: Number) -> Number { end < start ? -Number.one : .one }
    switch call.count {
    case 1:
        let end = try call.number(0)
        return (.zero, end, direction(.zero, end))
    case 2:
        let (start, end) = (try call.number(0), try call.number(1))
        return (start, end, direction(start, end))
    case 3: return (try call.number(0), try call.number(1), try call.number(2))
    default: throw FunctionError("must have one, two, or three arguments")
    }
}
