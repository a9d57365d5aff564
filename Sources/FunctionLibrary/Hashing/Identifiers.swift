import Values

extension Function {
    static let identifiers: [Function] = [
        Function("uuid", [], returns: .string, refinement: .none, isImpure: true, "A random UUID, another one each time.") { call in
            guard var bytes = call.environment.randomBytes(16) else { return call.unknown }
            stamp(&bytes, version: 4)
            return .string(uuidText(bytes))
        },
        Function(
            "uuidv5", [.string("namespace"), .string("name")], returns: .string, "The UUID of a name within a namespace."
        ) { call in
            let namespace = try call.string(0)
            let space: [UInt8]
            do {
                space = try namespaces[namespace] ?? uuidBytes(namespace)
            } catch let error as FunctionError {
                throw FunctionError("uuidv5() doesn't support namespace \(namespace) (\(error.message))")
            }
            var bytes = Array(Digest.sha1.bytes(of: space + Array(try call.string(1).utf8)).prefix(16))
            stamp(&bytes, version: 5)
            return .string(uuidText(bytes))
        },
    ]
}

/// Those that the standard names; they differ in one byte.
private let namespaces: [String: [UInt8]] = Dictionary(
    uniqueKeysWithValues: [("dns", 0x10), ("url", 0x11), ("oid", 0x12), ("x500", 0x14)].map { name, byte in
        (name, [0x6B, 0xA7, 0xB8, byte, 0x9D, 0xAD, 0x11, 0xD1, 0x80, 0xB4, 0x00, 0xC0, 0x4F, 0xD4, 0x30, 0xC8])
    })

private func stamp(_ bytes: inout [UInt8], version: UInt8) {
    bytes[6] = bytes[6] & 0x0F | version << 4
    bytes[8] = bytes[8] & 0x3F | 0x80
}

private func uuidText(_ bytes: [UInt8]) -> String {
    [0..<4, 4..<6, 6..<8, 8..<10, 10..<16].map { hexadecimalText(bytes[$0]) }.joined(separator: "-")
}

/// Plain, in braces, with `urn:uuid:`, or without dashes.
private func uuidBytes(_ text: String) throws -> [UInt8] {
    var symbols = Array(text.utf8)
    switch symbols.count {
    case 36, 32: break
    case 45:
        guard text.lowercased().hasPrefix("urn:uuid:") else {
            throw FunctionError("invalid urn prefix: \(quoted(String(decoding: symbols.prefix(9), as: UTF8.self)))")
        }
        symbols.removeFirst(9)
    case 38: symbols = Array(symbols.dropFirst().dropLast())
    default: throw FunctionError("invalid UUID length: \(symbols.count)")
    }
    let invalid = FunctionError("invalid UUID format")
    if symbols.count == 36 {
        guard [8, 13, 18, 23].allSatisfy({ symbols[$0] == UInt8(ascii: "-") }) else { throw invalid }
        symbols.removeAll { $0 == UInt8(ascii: "-") }
    }
    let digits = symbols.compactMap { Character(Unicode.Scalar($0)).hexDigitValue }
    guard symbols.count == 32, digits.count == 32 else { throw invalid }
    return stride(from: 0, to: 32, by: 2).map { UInt8(digits[$0] * 16 + digits[$0 + 1]) }
}
