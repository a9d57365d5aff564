import Values

extension FactsManifest {
    /// What the script found, by key: objects of the columns, or the texts that it emitted.
    func table(_ result: UnitResult) -> Value {
        guard !columns.isEmpty else {
            return .map(result.emitted.map { ($0.key, Value.string($0.value)) }, of: .string)
        }
        let keyIndex = columns.firstIndex(of: key) ?? 0
        let sorted = columns.sorted { $0.precedesByBytes($1) }
        let shape = Shape(sortedNames: sorted)
        let places = columns.map { shape.index(of: $0) ?? 0 }
        var rows: [(String, Value)] = []
        // By bytes: a line that ends in a carriage return is a line, while "\r\n" is one Character and no line end.
        for line in (result.facts ?? "").utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: true) {
            let fields = self.fields(line)
            guard fields.count == columns.count else { continue }
            var slots = ContiguousArray(repeating: Value.null, count: fields.count)
            for (index, field) in fields.enumerated() { slots[places[index]] = .string(String(field)) }
            rows.append((String(fields[keyIndex]), .object(shape: shape, slots: slots)))
        }
        return .map(rows, of: .object(ObjectType(columns.map { ObjectType.Attribute(name: $0, type: .string) })))
    }

    /// The last column takes the rest of the line. Without a separator columns stand apart by blanks.
    private func fields(_ line: Substring.UTF8View) -> [Substring] {
        var fields: [Substring] = []
        var rest = line[...]
        func isSeparator(_ byte: UInt8) -> Bool { separator.map { byte == $0 } ?? (byte == 0x20 || byte == 0x09) }
        while fields.count < columns.count - 1 {
            if separator == nil { rest = rest.drop(while: isSeparator) }
            guard let end = rest.firstIndex(where: isSeparator) else { break }
            fields.append(Substring(rest[..<end]))
            rest = rest[rest.index(after: end)...]
        }
        if separator == nil { rest = rest.drop(while: isSeparator) }
        fields.append(Substring(rest))
        return fields
    }
}
