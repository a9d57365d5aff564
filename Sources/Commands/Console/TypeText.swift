import Values

/// A type as the console's `type` shows it: what is made of other types has a line for each of them.
func typeText(_ type: ValueType, indent: Int = 0) -> String {
    let outer = String(repeating: " ", count: indent)
    let inner = String(repeating: " ", count: indent + 4)
    func lines(_ name: String, _ items: [String], open: String, close: String) -> String {
        items.isEmpty ? "\(name)\(open)\(close)" : "\(name)\(open)\n" + items.map { "\(inner)\($0),\n" }.joined() + "\(outer)\(close)"
    }
    func collection(_ name: String, of element: ValueType) -> String {
        switch element {
        case .dynamic, .bool, .number, .string: "\(name)(\(typeText(element)))"
        default: lines(name, [typeText(element, indent: indent + 4)], open: "(", close: ")")
        }
    }
    switch type {
    case .dynamic: return "dynamic"
    case .bool: return "bool"
    case .number: return "number"
    case .string: return "string"
    case .list(let element): return collection("list", of: element)
    case .set(let element): return collection("set", of: element)
    case .map(let element): return collection("map", of: element)
    case .tuple(let elements): return lines("tuple", elements.map { typeText($0, indent: indent + 4) }, open: "([", close: "])")
    case .object(let object):
        return lines(
            "object", object.attributes.map { "\($0.name): \(typeText($0.type, indent: indent + 4))" }, open: "({", close: "})")
    }
}
