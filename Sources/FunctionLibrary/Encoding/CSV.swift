import Values

extension Function {
    static let csv: [Function] = [
        Function(
            "csvdecode", [.string("str")], returns: .dynamic,
            "A list of objects from lines of comma-separated values; the first line names the attributes."
        ) { call in
            var reader = CSVReader(try call.string(0))
            let names = try header(&reader)
            var rows: [Value] = []
            while let fields = try reader.next() {
                if fields.count != names.count { throw reader.fault("wrong number of fields") }
                rows.append(.object(zip(names, fields).map { ($0, Value.string($1)) }))
            }
            return .list(rows, of: .object(ObjectType(names.map { ObjectType.Attribute(name: $0.normalizedToNFC(), type: .string) })))
        }
    ]
}

private func header(_ reader: inout CSVReader) throws -> [String] {
    guard let names = try reader.next() else { throw FunctionError("missing header line") }
    var seen: Set<String> = []
    for name in names where !seen.insert(name).inserted { throw FunctionError("duplicate column name \(quoted(name))") }
    return names
}

/// RFC 4180: fields between commas, quoted ones with anything in them; empty lines are skipped.
private struct CSVReader {
    private let bytes: [UInt8]
    private var position = 0
    private var line = 0

    init(_ text: String) { bytes = Array(text.utf8) }

    func fault(_ message: String) -> FunctionError { FunctionError("CSV parse error on line \(line): \(message)") }

    private func isLineEnd(_ index: Int) -> Bool {
        index >= bytes.count || bytes[index] == 10 || (bytes[index] == 13 && index + 1 < bytes.count && bytes[index + 1] == 10)
            || (bytes[index] == 13 && index + 1 == bytes.count)
    }

    private mutating func skipLineEnd() {
        if position < bytes.count, bytes[position] == 13 { position += 1 }
        if position < bytes.count, bytes[position] == 10 { position += 1 }
    }

    mutating func next() throws -> [String]? {
        repeat {
            line += 1
            if position >= bytes.count { return nil }
            if !isLineEnd(position) { break }
            skipLineEnd()
        } while true
        var fields: [String] = []
        while true {
            fields.append(try field())
            if position < bytes.count, bytes[position] == UInt8(ascii: ",") {
                position += 1
                continue
            }
            skipLineEnd()
            return fields
        }
    }

    private mutating func field() throws -> String {
        let quote = UInt8(ascii: "\"")
        guard position < bytes.count, bytes[position] == quote else {
            let start = position
            while !isLineEnd(position), bytes[position] != UInt8(ascii: ",") {
                if bytes[position] == quote { throw fault("bare \" in non-quoted-field") }
                position += 1
            }
            return String(decoding: bytes[start..<position], as: UTF8.self)
        }
        position += 1
        var text: [UInt8] = []
        while position < bytes.count {
            if bytes[position] == quote {
                position += 1
                if position < bytes.count, bytes[position] == quote {
                    text.append(quote)
                    position += 1
                    continue
                }
                guard isLineEnd(position) || bytes[position] == UInt8(ascii: ",") else {
                    throw fault("extraneous or missing \" in quoted-field")
                }
                return String(decoding: text, as: UTF8.self)
            }
            if bytes[position] == 10 { line += 1 }
            // A line end within a field is one byte, whichever it was.
            if bytes[position] == 13, position + 1 < bytes.count, bytes[position + 1] == 10 { position += 1; line += 1 }
            text.append(bytes[position])
            position += 1
        }
        throw fault("extraneous or missing \" in quoted-field")
    }
}
