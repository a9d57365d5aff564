public import Diagnostics

/// A JSON value with its place, as the syntax tree of a configuration in JSON is made from it.
public struct JSONNode: Sendable {
    public indirect enum Kind: Sendable {
        case null
        case bool(Bool)
        /// Decimal text as written.
        case number(String)
        case string(JSONString)
        case array([JSONNode])
        /// In source order, names that occur twice included.
        case object([JSONProperty])
        /// What could not be read; a diagnostic has been reported.
        case invalid
    }

    public var kind: Kind
    public var range: SourceRange

    /// The opening brace or bracket: what the reference calls the place of a block.
    var opening: SourceRange {
        switch kind {
        case .array, .object: SourceRange(start: range.start, end: range.start + 1)
        default: range
        }
    }
}

/// `"name": value`.
public struct JSONProperty: Sendable {
    public var name: JSONString
    public var value: JSONNode
}

/// A string with its escapes resolved, and where each byte of it stands in the file.
public struct JSONString: Sendable {
    public var bytes: [UInt8]
    /// With the quotes.
    public var range: SourceRange
    /// Of every byte, and of the end; nil where nothing is escaped and the bytes stand as they are.
    var offsets: [UInt32]?

    public var text: String { String(decoding: bytes, as: UTF8.self) }

    /// The place in the file of a part of the text.
    func place(of part: SourceRange) -> SourceRange {
        SourceRange(start: offset(part.start), end: offset(part.end))
    }

    private func offset(_ index: UInt32) -> UInt32 {
        guard let offsets else { return range.start + 1 + min(index, UInt32(bytes.count)) }
        return offsets[min(Int(index), bytes.count)]
    }
}

extension JSONNode {
    /// `resource.aws_vpc.main` and the like for every object and array, the innermost first, as diagnostics name them.
    public var sections: [SourceMap.Section] {
        var found: [SourceMap.Section] = []
        collect("", into: &found)
        return found
    }

    private func collect(_ title: String, into found: inout [SourceMap.Section]) {
        switch kind {
        case .object(let properties):
            for property in properties {
                property.value.collect(title.isEmpty ? property.name.text : "\(title).\(property.name.text)", into: &found)
            }
        case .array(let items):
            for (index, item) in items.enumerated() { item.collect("\(title)[\(index)]", into: &found) }
        default: return
        }
        // What stands at its bracket is told of by what is around it.
        if !title.isEmpty { found.append(SourceMap.Section(title: title, range: SourceRange(start: range.start + 1, end: range.end))) }
    }
}
