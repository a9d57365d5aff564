public import Diagnostics

extension Body {
    /// The outermost blocks, by which diagnostics say where they are.
    public var sections: [SourceMap.Section] {
        blocks.map { block in
            let title = ([block.type.name] + block.labels.map { "\"\($0.name)\"" }).joined(separator: " ")
            return SourceMap.Section(title: title, range: block.range)
        }
    }
}

extension SourceMap {
    /// Adds a parsed file, so that diagnostics that point into it show its lines and the block they are in. The tokens are not kept.
    public mutating func add(_ file: SourceFile) {
        let body = file.body
        let json = file.json
        add(path: file.path, bytes: file.bytes) { json?.sections ?? body.sections }
    }
}
