import Values

extension Function {
    static let searching: [Function] = [
        Function(
            "startswith", [.string("str", [.unknown]), .string("prefix")], returns: .bool, "Whether the string begins with the prefix."
        ) { call in
            let prefix = try call.string(1)
            if case .unknown(let unknown) = call[0].node {
                if prefix.isEmpty { return .true }
                // What is known of its beginning may be enough.
                let known = unknown.refinement.prefix ?? ""
                if known.utf8.count >= prefix.utf8.count { return .bool(known.utf8.starts(with: prefix.utf8)) }
                return call.unknown
            }
            return .bool(try call.string(0).utf8.starts(with: prefix.utf8))
        },
        Function("endswith", [.string("str"), .string("suffix")], returns: .bool, "Whether the string ends with the suffix.") { call in
            .bool(try call.string(0).hasBytesAtEnd(try call.string(1)))
        },
        Function(
            "strcontains", [.string("str"), .string("substr")], returns: .bool, refinement: .none, "Whether the one string is in the other."
        ) { call in
            .bool(try call.string(0).containsBytes(try call.string(1)))
        },
        Function(
            "substr", [.string("str"), .number("offset"), .number("length")], returns: .string,
            "So many characters from an offset; a negative offset counts from the end, a length of -1 is all the rest."
        ) { call in
            let text = try call.string(0)
            var offset = try call.whole(1)
            let length = try call.whole(2)
            if offset < 0 {
                offset += text.count
            } else if length == 0 {
                return .string("")
            }
            let rest = offset > 0 ? text.dropFirst(offset) : text[...]
            // A length of 0 after a negative offset is all the rest, too: the reference counts to it and never gets there.
            return .string(String(length > 0 ? rest.prefix(length) : rest))
        },
        Function(
            "replace", [.string("str"), .string("substr"), .string("replace")], returns: .string,
            "Every occurrence replaced; between slashes, of a regular expression."
        ) { call in
            let (text, part, replacement) = (try call.string(0), try call.string(1), try call.string(2))
            let bytes = part.utf8
            if bytes.count > 1, bytes.first == UInt8(ascii: "/"), bytes.last == UInt8(ascii: "/") {
                let pattern = String(decoding: bytes.dropFirst().dropLast(), as: UTF8.self)
                let expression: RegularExpression
                do throws(RegexSyntaxError) {
                    expression = try RegularExpression.compiled(pattern)
                } catch {
                    throw FunctionError("error parsing regexp: \(error.message): `\(error.part)`")
                }
                return .string(try expression.replacingAll(in: text, with: replacement))
            }
            return .string(try text.replacingBytes(part, with: replacement))
        },
    ]
}
