/// Blocks of PEM in a text; what stands around them is passed over.
struct PEM: Hashable {
    var label: String
    var bytes: [UInt8]

    /// With lines of 64 characters and a line break at the end.
    var text: String {
        var lines = ["-----BEGIN \(label)-----"]
        var rest = base64(bytes)[...]
        while !rest.isEmpty {
            lines.append(String(rest.prefix(64)))
            rest = rest.dropFirst(64)
        }
        lines.append("-----END \(label)-----")
        return lines.joined(separator: "\n") + "\n"
    }

    /// Headers within a block, which old encrypted keys have.
    var headers: [String] = []

    init(_ label: String, _ bytes: some Sequence<UInt8>) {
        self.label = label
        self.bytes = Array(bytes)
    }

    /// All blocks that are whole; a block that is not base64 counts as none.
    static func blocks(_ text: String) -> [PEM] {
        var result: [PEM] = []
        var label: String?
        var body = ""
        var headers: [String] = []
        for line in text.split(whereSeparator: \.isNewline) {
            let line = line.trimming()
            if let name = line.between("-----BEGIN ", "-----") {
                (label, body, headers) = (name, "", [])
            } else if let open = label, line == "-----END \(open)-----" {
                if let bytes = decoded(body) {
                    var block = PEM(open, bytes)
                    block.headers = headers
                    result.append(block)
                }
                label = nil
            } else if label != nil {
                if line.contains(":") { headers.append(line) } else { body += line }
            }
        }
        return result
    }
}

extension StringProtocol {
    /// Without blanks at both ends.
    func trimming() -> String {
        var rest = self[...]
        while let first = rest.first, first.isWhitespace { rest = rest.dropFirst() }
        while let last = rest.last, last.isWhitespace { rest = rest.dropLast() }
        return String(rest)
    }

    fileprivate func between(_ start: String, _ end: String) -> String? {
        guard hasPrefix(start), hasSuffix(end), count > start.count + end.count else { return nil }
        return String(dropFirst(start.count).dropLast(end.count))
    }
}

/// `bytes(fromBase64:)` where a member hides its name.
private func decoded(_ text: String) -> [UInt8]? { bytes(fromBase64: text) }
