import Values

extension Function {
    static let trimming: [Function] = [
        Function("trim", [.string("str"), .string("cutset")], returns: .string, "Without the given characters at either end.") { call in
            let cutset = Set(try call.string(1).unicodeScalars)
            return .string(try call.string(0).trimmed { cutset.contains($0) })
        },
        Function("trimspace", [.string("str")], returns: .string, "Without white space at either end.") { call in
            .string(try call.string(0).trimmed { $0.properties.isWhitespace })
        },
        Function("trimprefix", [.string("str"), .string("prefix")], returns: .string, "Without this beginning, if it has it.") { call in
            let (text, prefix) = (try call.string(0), try call.string(1))
            guard text.utf8.starts(with: prefix.utf8) else { return .string(text) }
            return .string(String(decoding: text.utf8.dropFirst(prefix.utf8.count), as: UTF8.self))
        },
        Function("trimsuffix", [.string("str"), .string("suffix")], returns: .string, "Without this end, if it has it.") { call in
            let (text, suffix) = (try call.string(0), try call.string(1))
            guard text.hasBytesAtEnd(suffix) else { return .string(text) }
            return .string(String(decoding: text.utf8.dropLast(suffix.utf8.count), as: UTF8.self))
        },
        Function("chomp", [.string("str")], returns: .string, "Without line ends at its end.") { call in
            let bytes = Array(try call.string(0).utf8)
            let end = bytes.lastIndex { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
            return .string(String(decoding: bytes[..<(end.map { $0 + 1 } ?? 0)], as: UTF8.self))
        },
        Function(
            "indent", [.number("spaces"), .string("str")], returns: .string, "Every line but the first moved to the right."
        ) { call in
            let spaces = try call.whole(0)
            guard spaces >= 0 else { throw FunctionError("the number of spaces must not be negative") }
            let text = try call.string(1)
            let lines = text.utf8.count { $0 == UInt8(ascii: "\n") }
            let (added, overflow) = lines.multipliedReportingOverflow(by: spaces)
            if lines == 0 { return .string(text) }
            if overflow || added > TextLimit.result - min(text.utf8.count, TextLimit.result) {
                throw FunctionError.argument(0, TextLimit.exceeded.message)
            }
            return .string(try text.replacingBytes("\n", with: "\n" + String(repeating: " ", count: spaces)))
        },
    ]
}

extension String {
    fileprivate func trimmed(_ isCut: (Unicode.Scalar) -> Bool) -> String {
        let scalars = unicodeScalars
        guard let first = scalars.firstIndex(where: { !isCut($0) }), let last = scalars.lastIndex(where: { !isCut($0) }) else {
            return ""
        }
        return String(scalars[first...last])
    }
}
