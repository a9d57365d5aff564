import Diagnostics

/// Line numbers of places in source files: each file is looked through once.
final class LineIndex {
    private let sources: SourceMap
    private var starts: [String: [UInt32]] = [:]

    init(_ sources: SourceMap) { self.sources = sources }

    /// `main.tf:12`; nil for a file that is not at hand.
    func place(_ span: SourceSpan) -> String? {
        guard let starts = lineStarts(span.file) else { return nil }
        var lower = 0
        var upper = starts.count
        while lower < upper {
            let middle = (lower + upper) / 2
            if starts[middle] <= span.range.start { lower = middle + 1 } else { upper = middle }
        }
        return "\(span.file):\(lower)"
    }

    private func lineStarts(_ file: String) -> [UInt32]? {
        if let known = starts[file] { return known }
        guard let bytes = sources.bytes(of: file) else { return nil }
        var found: [UInt32] = [0]
        bytes.withUnsafeBufferPointer { buffer in
            for index in buffer.indices where buffer[index] == 0x0A { found.append(UInt32(index + 1)) }
        }
        starts[file] = found
        return found
    }
}
