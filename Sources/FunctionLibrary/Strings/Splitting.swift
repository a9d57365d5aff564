import Values

extension Function {
    static let splitting: [Function] = [
        Function(
            "join", [.string("separator")], rest: .list("lists", of: .string, [.unknown]), returns: .string,
            "All elements of the lists with a separator between them."
        ) { call in
            guard call.count > 1 else { throw FunctionError("at least one list is required") }
            for index in 1..<call.count where !call[index].isWhollyKnown { return call.unknown }
            let separator = try call.string(0)
            var result = ""
            var isFirst = true
            for index in 1..<call.count {
                for (position, element) in try call.elements(index).enumerated() {
                    guard let text = element.stringValue else {
                        let place = call.count > 2 ? "element \(position) of list \(index)" : "element \(position)"
                        throw FunctionError.argument(index, "\(place) is null; cannot concatenate null values")
                    }
                    if !isFirst { result += separator }
                    isFirst = false
                    result += text
                    try TextLimit.check(result.utf8.count)
                }
            }
            return .string(result)
        },
        Function(
            "split", [.string("separator"), .string("str")], returns: .list(.string), "The parts between separators."
        ) { call in
            let (separator, text) = (try call.string(0), try call.string(1))
            return .list(text.split(atBytes: separator).map { Value.string($0) }, of: .string)
        },
        Function(
            "sort", [.list("list", of: .string)], returns: .list(.string), "The strings in the order of their bytes."
        ) { call in
            let elements = try call.elements(0)
            // Their number is known, their order is not.
            guard call[0].isWhollyKnown else { return .list(elements.map { _ in Value.unknown(.string) }, of: .string) }
            var texts: [String] = []
            for (position, element) in elements.enumerated() {
                guard let text = element.stringValue else {
                    throw FunctionError("given list element \(position) is null; a null string cannot be sorted")
                }
                texts.append(text)
            }
            return .list(texts.sorted { $0.precedesByBytes($1) }.map { Value.string($0) }, of: .string)
        },
        Function(
            "compact", [.list("list", of: .string)], returns: .list(.string), "Without nulls and empty strings."
        ) { call in
            guard call[0].isWhollyKnown else { return call.unknown }
            return .list(try call.elements(0).filter { !($0.stringValue ?? "").isEmpty }, of: .string)
        },
    ]
}

extension String {
    /// By an empty separator: each scalar.
    fileprivate func split(atBytes separator: String) -> [String] {
        if separator.isEmpty { return unicodeScalars.map { String($0) } }
        let bytes = Array(utf8)
        let pattern = Array(separator.utf8)
        var parts: [String] = []
        var position = 0
        while let found = bytes.firstRange(ofBytes: pattern, from: position) {
            parts.append(String(decoding: bytes[position..<found.lowerBound], as: UTF8.self))
            position = found.upperBound
        }
        parts.append(String(decoding: bytes[position...], as: UTF8.self))
        return parts
    }
}
