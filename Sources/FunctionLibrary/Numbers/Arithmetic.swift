import Values

extension Function {
    static let arithmetic: [Function] = [
        Function(
            "abs", [.number("num")], returns: .number, refinement: .numberAtLeastZero, "Without its sign."
        ) { call in .number(try call.number(0).magnitude) },
        Function("ceil", [.number("num")], returns: .number, "The nearest whole number that is not less.") { call in
            .number(try call.number(0).ceil())
        },
        Function("floor", [.number("num")], returns: .number, "The nearest whole number that is not greater.") { call in
            .number(try call.number(0).floor())
        },
        Function("log", [.number("num"), .number("base")], returns: .number, "The logarithm to a base.") { call in
            .number(try call.number(0).logarithm(base: try call.number(1)))
        },
        Function("pow", [.number("num"), .number("power")], returns: .number, "A number raised to a power.") { call in
            .number(try call.number(0).power(try call.number(1)))
        },
        Function("signum", [.number("num")], returns: .number, "-1, 0 or 1.") { call in
            .number(Number(exactly: Int64(try call.whole(0).signum())))
        },
        Function("max", [], rest: .number("numbers"), returns: .number, "The greatest of the numbers.") { call in
            try extreme(call) { $0 > $1 }
        },
        Function("min", [], rest: .number("numbers"), returns: .number, "The least of the numbers.") { call in
            try extreme(call) { $0 < $1 }
        },
        Function(
            "parseint", [.any("number", [.marked]), .number("base", [.marked])],
            typed: { arguments in
                let type = arguments[0].type
                guard type == .string else {
                    throw FunctionError.argument(0, "first argument must be a string, not \(type.friendlyName)")
                }
                return .number
            }, "The whole number that a text is in a base of 2 to 62."
        ) { call in
            let marks = call[0].marks.union(call[1].marks)
            let isSecret = !call[0].marks.isEmpty
            let text = try call.string(0)
            let base: Int
            do {
                base = try call.whole(1)
            } catch let error as FunctionError {
                throw FunctionError.argument(1, error.message)
            }
            guard (2...62).contains(base) else {
                throw FunctionError.argument(1, "base must be a whole number between 2 and 62 inclusive")
            }
            guard let number = Number(integer: text, radix: base) else {
                let shown = isSecret ? "(sensitive value)" : quoted(text)
                let shownBase = call[1].isSensitive ? "(sensitive value)" : String(base)
                throw FunctionError.argument(0, "cannot parse \(shown) as a base \(shownBase) integer")
            }
            return Value.number(number).marked(marks)
        },
    ]
}

extension Refinement {
    /// As many as there can be of anything.
    static var length: Refinement {
        var refinement = numberAtLeastZero
        refinement.upperBound = Bound(value: Number(exactly: Int64.max), isInclusive: true)
        return refinement
    }

    static var numberAtLeastZero: Refinement {
        var refinement = Refinement.notNull
        refinement.lowerBound = Bound(value: .zero, isInclusive: true)
        return refinement
    }
}

private func extreme(_ call: Call, _ isBetter: (Number, Number) -> Bool) throws -> Value {
    guard call.count > 0 else { throw FunctionError("must pass at least one number") }
    var best = try call.number(0)
    for index in 1..<call.count {
        let number = try call.number(index)
        if isBetter(number, best) { best = number }
    }
    return .number(best)
}
