/// The sources that diagnostics point into, by path.
public struct SourceMap: Sendable {
    /// A part of a file that a person would name to say where something is: `resource "aws_vpc" "main"`.
    public struct Section: Sendable {
        /// As it is written in the source, without what it contains.
        public var title: String
        public var range: SourceRange

        public init(title: String, range: SourceRange) {
            self.title = title
            self.range = range
        }
    }

    struct Source: Sendable {
        let bytes: [UInt8]
        let sections: @Sendable () -> [Section]
    }

    private var sources: [String: Source] = [:]

    public init() {}

    /// Adds a file. `sections` is called only when a diagnostic that points into the file is rendered.
    public mutating func add(path: String, bytes: [UInt8], sections: @escaping @Sendable () -> [Section] = { [] }) {
        sources[path] = Source(bytes: bytes, sections: sections)
    }

    /// Adds what another map knows.
    public mutating func merge(_ other: SourceMap) {
        sources.merge(other.sources) { _, new in new }
    }

    /// The bytes of a file that has been added.
    public func bytes(of path: String) -> [UInt8]? { sources[path]?.bytes }

    subscript(path: String) -> Source? { sources[path] }
}

/// A place in a source as people count: from one.
public struct SourcePosition: Hashable, Sendable, Codable {
    public var line: Int
    /// Characters as the reader sees them (grapheme clusters), however many bytes they have.
    public var column: Int
    /// Offset from the start of the file, from zero.
    public var byte: Int

    public init(line: Int, column: Int, byte: Int) {
        self.line = line
        self.column = column
        self.byte = byte
    }
}

extension SourceMap {
    /// Where the start of a span is, or nil if its file is not known.
    public func position(of span: SourceSpan) -> SourcePosition? {
        guard let source = sources[span.file] else { return nil }
        return source.position(of: Int(span.range.start))
    }

    /// `main.tf:3,14-20` as the reference writes a place within a sentence; the file alone where it is not known.
    public func placeText(of span: SourceSpan) -> String {
        guard let source = sources[span.file] else { return span.file }
        let start = source.position(of: Int(span.range.start))
        let end = source.position(of: Int(span.range.end))
        let last = start.line == end.line ? "\(end.column)" : "\(end.line),\(end.column)"
        return "\(span.file):\(start.line),\(start.column)-\(last)"
    }
}

extension SourceMap.Source {
    func position(of offset: Int) -> SourcePosition {
        let offset = min(max(0, offset), bytes.count)
        let start = lineStart(before: offset)
        let line = 1 + bytes[..<start].count { $0 == UInt8(ascii: "\n") }
        return SourcePosition(line: line, column: 1 + String(decoding: bytes[start..<offset], as: UTF8.self).count, byte: offset)
    }

    /// The start of the line that the byte at `offset` belongs to.
    func lineStart(before offset: Int) -> Int {
        var start = min(offset, bytes.count)
        while start > 0, bytes[start - 1] != UInt8(ascii: "\n") { start -= 1 }
        return start
    }

    /// The end of the line that the byte at `offset` belongs to, its line feed excluded.
    func lineEnd(from offset: Int) -> Int {
        var end = min(offset, bytes.count)
        while end < bytes.count, bytes[end] != UInt8(ascii: "\n") { end += 1 }
        return end
    }

    /// The title of the outermost section around `offset`.
    func title(at offset: Int) -> String? {
        sections().first { Int($0.range.start) <= offset && offset < Int($0.range.end) }?.title
    }
}
