import Diagnostics
import Values

extension JSONText {
    /// A value on lines of its own, as deep as it goes. Marks are not looked at: documents hold what is secret.
    mutating func laidOut(_ value: Value) {
        if let entries = value.entries {
            return object { json in
                for (name, inner) in entries.map({ ($0.key, $0.value) }).sorted(by: { $0.0.precedesByBytes($1.0) }) {
                    json.key(name)
                    json.laidOut(inner)
                }
            }
        }
        if let elements = value.elements { return array { json in for element in elements { json.laidOut(element) } } }
        // Texts are escaped as Terraform does. What is not known or has no end was refused before.
        raw((try? value.withoutMarks([.sensitive, .ephemeral]).jsonText()) ?? "null")
    }

    /// An attribute: where its schema says "any", the type stands beside the value.
    ///
    /// - Parameter type: nil where the schema is not known.
    mutating func attribute(_ value: Value, as type: ValueType?) {
        guard let type, type.holdsDynamic else { return laidOut(value) }
        if case .dynamic = type {
            if value.isNull, value.type == .dynamic { return null() }
            return object { json in
                json.key("value")
                json.laidOut(value)
                json.key("type")
                json.laidOut(value.type.documentForm)
            }
        }
        if value.isNull { return null() }
        switch type {
        case .list(let element), .set(let element):
            array { json in for item in value.elements ?? [] { json.attribute(item, as: element) } }
        case .tuple(let types):
            array { json in for (item, type) in zip(value.elements ?? [], types) { json.attribute(item, as: type) } }
        case .map(let element): members(of: value) { _ in element }
        case .object(let shape): members(of: value) { shape.attribute($0)?.type }
        case .dynamic, .bool, .number, .string: laidOut(value)
        }
    }

    private mutating func members(of value: Value, type: (String) -> ValueType?) {
        object { json in
            for (name, inner) in (value.entries ?? []).map({ ($0.key, $0.value) }).sorted(by: { $0.0.precedesByBytes($1.0) }) {
                json.key(name)
                json.attribute(inner, as: type(name))
            }
        }
    }

    /// Where something sensitive is.
    mutating func path(_ path: Path) {
        array { json in
            for step in path.steps {
                switch step {
                case .attribute(let name):
                    json.object { json in
                        json.pair("type", "get_attr")
                        json.pair("value", name)
                    }
                case .index(let index): json.indexing(.int(index), "number")
                case .key(let key): json.indexing(.string(key), "string")
                // No path leads into a set: all of it is sensitive.
                case .element: return
                }
            }
        }
    }

    private mutating func indexing(_ key: Value, _ type: String) {
        object { json in
            json.pair("type", "index")
            json.key("value")
            json.object { json in
                json.key("value")
                json.laidOut(key)
                json.pair("type", type)
            }
        }
    }
}
