import Values

extension Function {
    static let matching: [Function] = [
        Function(
            "regex", [.string("pattern"), .string("string")],
            typed: { arguments in
                guard let pattern = arguments[0].stringValue else { return .dynamic }
                return try RegexGroups(pattern).type
            }, "The first match of a regular expression: its text, or what its groups matched."
        ) { call in
            let groups = try RegexGroups(try call.string(0))
            let text = Array(try call.string(1).unicodeScalars)
            guard let match = groups.expression.firstMatch(in: text) else {
                throw FunctionError("pattern did not match any part of the given string")
            }
            return groups.value(match, in: text)
        },
        Function(
            "regexall", [.string("pattern"), .string("string")],
            typed: { arguments in
                guard let pattern = arguments[0].stringValue else { return .list(.dynamic) }
                return .list(try RegexGroups(pattern).type)
            }, "All matches of a regular expression."
        ) { call in
            let groups = try RegexGroups(try call.string(0))
            let text = Array(try call.string(1).unicodeScalars)
            return .list(groups.expression.allMatches(in: text).map { groups.value($0, in: text) }, of: groups.type)
        },
    ]
}

/// What a match of a pattern gives: a string; or, where it has groups, a tuple of them, or an object if they have names.
private struct RegexGroups {
    let expression: RegularExpression
    let type: ValueType

    init(_ pattern: String) throws {
        do {
            expression = try RegularExpression.compiled(pattern)
        } catch {
            throw FunctionError.argument(0, "invalid regexp pattern: \(error.message) in \(error.part)")
        }
        let groups = expression.groupNames.dropFirst()
        let names = groups.compactMap { $0 }
        if groups.isEmpty {
            type = .string
        } else if names.isEmpty {
            type = .tuple(Array(repeating: .string, count: groups.count))
        } else if names.count == groups.count {
            type = .object(Dictionary(names.map { ($0, .string) }, uniquingKeysWith: { first, _ in first }))
        } else {
            throw FunctionError.argument(0, "invalid regexp pattern: cannot mix both named and unnamed capture groups")
        }
    }

    func value(_ match: RegularExpression.Match, in text: [Unicode.Scalar]) -> Value {
        let groups = match.map { range in
            range.map { Value.string(String(String.UnicodeScalarView(text[$0]))) } ?? .null(.string)
        }
        switch type {
        case .string: return groups[0]
        case .tuple: return .tuple(groups.dropFirst())
        default: return .object(zip(expression.groupNames, groups).compactMap { name, value in name.map { ($0, value) } })
        }
    }
}
