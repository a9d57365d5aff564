/// A URL with the words of its query that are meant for whoever fetches taken out.
struct PackageURL {
    /// What is asked for, without those words.
    var url: String
    private var words: [String: String] = [:]

    init(_ text: String) {
        guard let question = text.firstIndex(of: "?") else {
            url = text
            return
        }
        var kept: [Substring] = []
        for pair in text[text.index(after: question)...].split(separator: "&") {
            let name = String(pair.prefix { $0 != "=" })
            if ["archive", "checksum", "depth", "ref", "sshkey", "filename"].contains(name) {
                words[name] = Self.decoded(pair.dropFirst(name.count + 1))
            } else {
                kept.append(pair)
            }
        }
        url = text[..<question] + (kept.isEmpty ? "" : "?" + kept.joined(separator: "&"))
    }

    subscript(_ word: String) -> String? { words[word] }

    /// The path, decoded: of `file:///a%20b`, `/a b`.
    var path: String {
        guard let start = url.firstRange(of: "://")?.upperBound else { return url }
        let end = url[start...].firstIndex { $0 == "?" || $0 == "#" } ?? url.endIndex
        return url[start..<end].firstIndex(of: "/").map { Self.decoded(url[$0..<end]) } ?? ""
    }

    static func decoded(_ text: some StringProtocol) -> String {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            let digits = rest.prefix(2)
            if byte == UInt8(ascii: "%"), digits.count == 2, let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 16) {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
