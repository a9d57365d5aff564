import Values

extension Function {
    static let formatting: [Function] = [
        Function(
            "format", [.string("format")], rest: .any("args", [.null, .unknown]), returns: .string, "Text with values in its verbs' places."
        ) { call in
            let text = try call.string(0)
            let arguments = Array(call.arguments.dropFirst())
            if !arguments.allSatisfy(\.isWhollyKnown) {
                var refinement = Refinement.notNull
                if let verb = text.utf8.firstIndex(of: UInt8(ascii: "%")), verb > text.startIndex {
                    refinement.prefix = text[..<verb].asSafePrefix
                }
                return .unknown(.string, refinement)
            }
            let format = try FormatString(text)
            let result = try format.applied(to: arguments)
            if format.argumentCount < arguments.count {
                throw FunctionError.argument(format.argumentCount + 1, format.tooManyArguments)
            }
            return .string(result)
        },
        Function(
            "formatlist", [.string("format")], rest: .any("args", [.null, .unknown]), returns: .list(.string),
            "A text for each element of the lists among the arguments."
        ) { call in
            let arguments = Array(call.arguments.dropFirst())
            var rows: (count: Int, argument: Int)?
            for (index, argument) in arguments.enumerated() {
                switch argument.node {
                case .unknown(let unknown):
                    switch unknown.type {
                    case .bool, .number, .string, .map, .object: break
                    case .list, .set, .tuple, .dynamic: return call.unknown
                    }
                // Elements that are not known yet may turn out equal.
                case .set where !argument.isWhollyKnown: return call.unknown
                case .list, .set, .tuple:
                    let count = argument.elements?.count ?? 0
                    if let rows, rows.count != count {
                        throw FunctionError.argument(
                            index + 1,
                            "argument \(index + 1) has length \(count), which is inconsistent with argument \(rows.argument) of length \(rows.count)"
                        )
                    }
                    if rows == nil { rows = (count, index + 1) }
                default: break
                }
            }
            if rows?.count == 0 { return .list([], of: .string) }
            let format: FormatString
            do {
                format = try FormatString(try call.string(0))
            } catch let error as FunctionError where !arguments.isEmpty {
                throw FunctionError("error on format iteration 0: \(error.message)")
            }
            var results: [Value] = []
            var length = 0
            for row in 0..<(rows?.count ?? 1) {
                let values = arguments.map { argument in argument.elements.map { $0[row] } ?? argument }
                if !values.allSatisfy(\.isWhollyKnown) {
                    results.append(.unknown(.string, .notNull))
                    continue
                }
                do {
                    let text = try format.applied(to: values)
                    if format.argumentCount < values.count { throw FunctionError(format.tooManyArguments) }
                    length += text.utf8.count
                    if length > TextLimit.result { throw TextLimit.exceeded }
                    results.append(.string(text))
                } catch let error as FunctionError where !arguments.isEmpty {
                    throw FunctionError("error on format iteration \(row): \(error.message)")
                }
            }
            return .list(results, of: .string)
        },
    ]
}

extension Substring {
    /// As much of it as will stay what it is, whatever follows: a last character that others could join is left out.
    fileprivate var asSafePrefix: String {
        guard let last = unicodeScalars.last else { return "" }
        if last.isASCII, "-_:;/\\,.(){}[]|?!~ \t@#$%^&*+\"'".unicodeScalars.contains(last) { return String(self).normalizedToNFC() }
        return String(dropLast()).normalizedToNFC()
    }
}
