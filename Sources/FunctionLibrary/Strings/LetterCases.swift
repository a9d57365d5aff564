import Values

extension Function {
    static let letterCases: [Function] = [
        Function("upper", [.string("str")], returns: .string, "Every letter in upper case.") { call in
            .string(try call.string(0).mappingScalars { $0.simpleUppercase })
        },
        Function("lower", [.string("str")], returns: .string, "Every letter in lower case.") { call in
            .string(try call.string(0).mappingScalars { $0.simpleLowercase })
        },
        Function("title", [.string("str")], returns: .string, "The first letter of each word in upper case.") { call in
            var previous: Unicode.Scalar = " "
            return .string(
                try call.string(0).mappingScalars { scalar in
                    defer { previous = scalar }
                    return previous.separatesWords ? scalar.simpleTitlecase : scalar
                })
        },
        Function("strrev", [.string("str")], returns: .string, "The characters in reverse order.") { call in
            .string(String(try call.string(0).reversed()))
        },
    ]
}

extension String {
    fileprivate func mappingScalars(_ transform: (Unicode.Scalar) -> Unicode.Scalar) -> String {
        var result = String.UnicodeScalarView()
        for scalar in unicodeScalars { result.append(transform(scalar)) }
        return String(result)
    }
}

/// Unicode's *simple* case mappings, one scalar to one, as the reference has them: `ß` stays `ß`.
extension Unicode.Scalar {
    var simpleUppercase: Unicode.Scalar { single(properties.uppercaseMapping) ?? greekWithIota(add: 8) ?? self }
    var simpleTitlecase: Unicode.Scalar { single(properties.titlecaseMapping) ?? greekWithIota(add: 8) ?? self }
    /// The dotted capital I is the only one whose full lower case is longer.
    var simpleLowercase: Unicode.Scalar { value == 0x130 ? "i" : single(properties.lowercaseMapping) ?? self }

    private func single(_ mapping: String) -> Unicode.Scalar? {
        let scalars = mapping.unicodeScalars
        guard let first = scalars.first, scalars.index(after: scalars.startIndex) == scalars.endIndex else { return nil }
        return first
    }

    /// Greek letters with a subscript iota: their full upper case is two letters, their simple one is the title case form.
    private func greekWithIota(add: UInt32) -> Unicode.Scalar? {
        switch value {
        case 0x1F80...0x1F87, 0x1F90...0x1F97, 0x1FA0...0x1FA7: Unicode.Scalar(value + add)
        case 0x1FB3, 0x1FC3, 0x1FF3: Unicode.Scalar(value + 9)
        default: nil
        }
    }

    /// Letters, digits and underscores make words; beyond ASCII everything does but white space.
    fileprivate var separatesWords: Bool {
        if isASCII {
            return switch self {
            case "0"..."9", "a"..."z", "A"..."Z", "_": false
            default: true
            }
        }
        switch properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber: return false
        default: return properties.isWhitespace
        }
    }
}
