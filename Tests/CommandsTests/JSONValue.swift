import Foundation

/// JSON that can be compared and told.
enum JSONValue: Hashable, CustomStringConvertible {
    case null
    case bool(Bool)
    case number(Double)
    case string(String)
    case array([JSONValue])
    case object([String: JSONValue])

    init(_ text: String) throws {
        self = try JSONDecoder().decode(Decoded.self, from: Data(text.utf8)).value
    }

    /// What names an item of a list.
    var address: String? {
        guard case .object(let members) = self else { return nil }
        switch members["address"] {
        // An object that makes way has the address of its successor.
        case .string(let text): return members["deposed"] == nil ? text : text + " (deposed)"
        case .object(let inner):
            if case .string(let text)? = inner["to_display"] { return text }
            return nil
        default: return nil
        }
    }

    subscript(_ name: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members[name]
    }

    var description: String {
        switch self {
        case .null: "null"
        case .bool(let flag): "\(flag)"
        case .number(let number): "\(number)"
        case .string(let text): "\"\(text)\""
        case .array(let items): "[\(items.map(\.description).joined(separator: ", "))]"
        case .object(let members):
            "{\(members.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }.joined(separator: ", "))}"
        }
    }

    private struct Decoded: Decodable {
        let value: JSONValue

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if container.decodeNil() {
                value = .null
            } else if let flag = try? container.decode(Bool.self) {
                value = .bool(flag)
            } else if let number = try? container.decode(Double.self) {
                value = .number(number)
            } else if let text = try? container.decode(String.self) {
                value = .string(text)
            } else if let items = try? container.decode([Decoded].self) {
                value = .array(items.map(\.value))
            } else {
                value = .object(try container.decode([String: Decoded].self).mapValues(\.value))
            }
        }
    }
}

extension JSONValue {
    /// What differs in `actual`, a line each: the place, a separator, what is wrong there.
    func compare(with actual: JSONValue, at place: String, into found: inout [String]) {
        func differ(_ text: String, at place: String) { found.append("\(place)\u{1F} \(text)") }
        switch (self, actual) {
        case (.object(let a), .object(let b)):
            for key in Set(a.keys).union(b.keys).sorted() {
                switch (a[key], b[key]) {
                case (let a?, let b?): a.compare(with: b, at: "\(place).\(key)", into: &found)
                case (let a?, nil): differ("missing: \(a)", at: "\(place).\(key)")
                case (nil, let b?): differ("not expected: \(b)", at: "\(place).\(key)")
                case (nil, nil): break
                }
            }
        case (.array(let a), .array(let b)):
            if place.hasSuffix(".relevant_attributes") {
                // A set: Terraform writes it in another order each time.
                for item in Set(a).subtracting(b) { differ("missing: \(item)", at: place) }
                for item in Set(b).subtracting(a) { differ("not expected: \(item)", at: place) }
                return
            }
            let names = (a.map(\.address), b.map(\.address))
            for (index, item) in a.enumerated() {
                let label = item.address ?? "\(index)"
                let other = item.address == nil ? (index < b.count ? index : nil) : names.1.firstIndex(of: item.address)
                guard let other else {
                    differ("missing: \(item)", at: "\(place)[\(label)]")
                    continue
                }
                item.compare(with: b[other], at: "\(place)[\(label)]", into: &found)
            }
            for (index, item) in b.enumerated() where item.address == nil ? index >= a.count : !names.0.contains(item.address) {
                differ("not expected: \(item)", at: "\(place)[\(item.address ?? "\(index)")]")
            }
            let common = (names.0.filter { names.1.contains($0) }, names.1.filter { names.0.contains($0) })
            if common.0 != common.1 { differ("in another order: \(common.1)", at: place) }
        default: if self != actual { differ("expected \(self), got \(actual)", at: place) }
        }
    }
}
