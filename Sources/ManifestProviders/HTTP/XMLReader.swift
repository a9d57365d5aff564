import Values

/// Reads an XML answer of a service into the shape that JSON answers have: elements by name, lists where the names say so, texts as strings.
///
/// Lists are elements whose children are all called `item`, `member` or `entry`, or all after their parent (`Subnets` of `Subnet`, `TagList` of
/// `Tag`), and whatever is repeated. An empty element is null. Attributes and namespaces are passed over; entities are resolved, but none
/// can be defined.
struct XMLReader {
    struct Failure: Error { let message: String }

    private let bytes: [UInt8]
    private var index = 0
    private static let depthLimit = 128

    private struct Element {
        var name: String
        var children: [(name: String, value: Value)] = []
        var text: [UInt8] = []
    }

    /// The root element's name and value.
    static func read(_ bytes: [UInt8]) throws(Failure) -> (name: String, value: Value) {
        var reader = XMLReader(bytes: bytes)
        return try reader.document()
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    private mutating func document() throws(Failure) -> (name: String, value: Value) {
        var open: [Element] = []
        while index < bytes.count {
            guard bytes[index] == UInt8(ascii: "<") else {
                let start = index
                while index < bytes.count, bytes[index] != UInt8(ascii: "<") { index += 1 }
                if !open.isEmpty { open[open.count - 1].text += try resolved(bytes[start..<index]) }
                continue
            }
            if starts(with: "<!--") {
                try skip(past: "-->")
            } else if starts(with: "<![CDATA[") {
                index += 9
                let start = index
                try skip(past: "]]>")
                if !open.isEmpty { open[open.count - 1].text += bytes[start..<(index - 3)] }
            } else if starts(with: "<?") {
                try skip(past: "?>")
            } else if starts(with: "<!") {
                try skip(past: ">")
            } else if starts(with: "</") {
                index += 2
                let name = self.name()
                try skip(past: ">")
                guard let element = open.popLast(), element.name == name else { throw Failure(message: "</\(name)> closes nothing") }
                let value = Self.value(of: element)
                if open.isEmpty { return (element.name, value) }
                open[open.count - 1].children.append((element.name, value))
            } else {
                index += 1
                let name = self.name()
                if name.isEmpty { throw Failure(message: "an element without a name") }
                let isEmpty = try attributes()
                if isEmpty {
                    if open.isEmpty { return (name, .null(.string)) }
                    open[open.count - 1].children.append((name, .null(.string)))
                } else {
                    if open.count == Self.depthLimit { throw Failure(message: "more than \(Self.depthLimit) levels") }
                    open.append(Element(name: name))
                }
            }
        }
        throw Failure(message: "it ends early")
    }

    private static func value(of element: Element) -> Value {
        if element.children.isEmpty {
            let text = String(decoding: element.text, as: UTF8.self)
            if text.allSatisfy(\.isWhitespace) { return .null(.string) }
            return .string(text)
        }
        if isList(element) { return .tuple(element.children.map(\.value)) }
        var order: [String] = []
        var groups: [String: [Value]] = [:]
        for child in element.children {
            if groups[child.name] == nil { order.append(child.name) }
            groups[child.name, default: []].append(child.value)
        }
        return .object(
            order.map { name in
                let values = groups[name] ?? []
                return (name, values.count == 1 ? values[0] : .tuple(values))
            })
    }

    private static func isList(_ element: Element) -> Bool {
        guard let name = element.children.first?.name, element.children.allSatisfy({ $0.name == name }) else { return false }
        if name == "item" || name == "member" || name == "entry" { return true }
        for suffix in ["Set", "List", "s"] where element.name.hasSuffix(suffix) {
            let stem = element.name.dropLast(suffix.count)
            if !stem.isEmpty, name.hasPrefix(stem) || (stem.hasSuffix("ie") && name.hasPrefix(stem.dropLast(2) + "y")) { return true }
        }
        return false
    }

    private func starts(with text: StaticString) -> Bool {
        let count = text.utf8CodeUnitCount
        guard bytes.count - index >= count else { return false }
        for offset in 0..<count where bytes[index + offset] != text.utf8Start[offset] { return false }
        return true
    }

    private mutating func skip(past text: StaticString) throws(Failure) {
        while index < bytes.count {
            if starts(with: text) {
                index += text.utf8CodeUnitCount
                return
            }
            index += 1
        }
        throw Failure(message: "it ends early")
    }

    /// Without the namespace's prefix.
    private mutating func name() -> String {
        let start = index
        while index < bytes.count, !Self.endsName(bytes[index]) { index += 1 }
        let whole = bytes[start..<index]
        let local = whole.lastIndex(of: UInt8(ascii: ":")).map { whole[($0 + 1)...] } ?? whole
        return String(decoding: local, as: UTF8.self)
    }

    private static func endsName(_ byte: UInt8) -> Bool {
        byte <= 0x20 || byte == UInt8(ascii: ">") || byte == UInt8(ascii: "/") || byte == UInt8(ascii: "=") || byte == UInt8(ascii: "<")
    }

    /// To the end of the tag; whether it closed itself.
    private mutating func attributes() throws(Failure) -> Bool {
        var quote: UInt8 = 0
        while index < bytes.count {
            let byte = bytes[index]
            index += 1
            if quote != 0 {
                if byte == quote { quote = 0 }
                continue
            }
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "'"): quote = byte
            case UInt8(ascii: ">"): return index >= 2 && bytes[index - 2] == UInt8(ascii: "/")
            default: break
            }
        }
        throw Failure(message: "it ends early")
    }

    private func resolved(_ text: ArraySlice<UInt8>) throws(Failure) -> [UInt8] {
        guard text.contains(UInt8(ascii: "&")) else { return Array(text) }
        var result: [UInt8] = []
        var rest = text
        while let start = rest.firstIndex(of: UInt8(ascii: "&")) {
            result += rest[..<start]
            guard let end = rest[start...].prefix(12).firstIndex(of: UInt8(ascii: ";")) else {
                throw Failure(message: "an entity without an end")
            }
            let entity = String(decoding: rest[(start + 1)..<end], as: UTF8.self)
            switch entity {
            case "amp": result.append(UInt8(ascii: "&"))
            case "lt": result.append(UInt8(ascii: "<"))
            case "gt": result.append(UInt8(ascii: ">"))
            case "quot": result.append(UInt8(ascii: "\""))
            case "apos": result.append(UInt8(ascii: "'"))
            default:
                let digits = entity.dropFirst()
                let code =
                    entity.hasPrefix("#x") || entity.hasPrefix("#X")
                    ? UInt32(digits.dropFirst(), radix: 16) : entity.hasPrefix("#") ? UInt32(digits) : nil
                guard let code, let scalar = Unicode.Scalar(code) else { throw Failure(message: "the unknown entity &\(entity);") }
                result += Array(String(Character(scalar)).utf8)
            }
            rest = rest[(end + 1)...]
        }
        return result + rest
    }
}
