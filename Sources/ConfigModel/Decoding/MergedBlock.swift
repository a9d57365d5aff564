import Diagnostics
import HCLSyntax

/// A block as it stands in a primary file, with the blocks of override files that change it.
struct MergedBlock {
    var base: Block
    /// In the order in which they apply.
    var overrides: [Block] = []

    var span: SourceSpan { base.body.span(base.headerRange) }
    var file: String { base.body.file }

    /// The last definition of an argument.
    func attribute(_ name: String) -> LocatedAttribute? {
        if overrides.isEmpty {
            for attribute in base.body.attributes where attribute.name.name == name {
                return LocatedAttribute(attribute, file: base.body.file)
            }
            return nil
        }
        for block in overrides.reversed() {
            if let found = block.body.attribute(name) { return LocatedAttribute(found, file: block.body.file) }
        }
        return base.body.attribute(name).map { LocatedAttribute($0, file: base.body.file) }
    }

    /// Nested blocks of a type: an override that has any replaces all of them.
    func blocks(_ type: String) -> [Block] {
        if overrides.isEmpty, base.body.blocks.isEmpty { return [] }
        for block in overrides.reversed() {
            let found = block.body.blocks.filter { $0.type.name == type }
            if !found.isEmpty { return found }
        }
        return base.body.blocks.filter { $0.type.name == type }
    }

    /// Nested blocks of a type that are merged argument by argument, as `lifecycle` is.
    func merged(_ type: String) -> MergedBlock? {
        if overrides.isEmpty, base.body.blocks.isEmpty { return nil }
        var parts: [Block] = []
        for block in [base] + overrides {
            if let found = block.body.blocks.first(where: { $0.type.name == type }) { parts.append(found) }
        }
        guard let first = parts.first else { return nil }
        return MergedBlock(base: first, overrides: Array(parts.dropFirst()))
    }

    /// The body without the named arguments and blocks; with the files of arguments that came from override files.
    func remainder(withoutArguments arguments: Set<String>, blocks: Set<String>) -> (body: Body, files: [String: String]) {
        var body = base.body
        // Copied only where something is to be taken out.
        if body.attributes.contains(where: { arguments.contains($0.name.name) }) {
            body.attributes.removeAll { arguments.contains($0.name.name) }
        }
        if body.blocks.contains(where: { blocks.contains($0.type.name) }) { body.blocks.removeAll { blocks.contains($0.type.name) } }
        guard !overrides.isEmpty else { return (body, [:]) }
        var files: [String: String] = [:]
        for block in overrides {
            for attribute in block.body.attributes where !arguments.contains(attribute.name.name) {
                // In JSON it may stand for blocks, and then takes the place of those of its name.
                if attribute.isJSON { body.blocks.removeAll { $0.type.name == attribute.name.name } }
                if let index = body.attributes.firstIndex(where: { $0.name.name == attribute.name.name }) {
                    body.attributes[index] = attribute
                } else {
                    body.attributes.append(attribute)
                }
                files[attribute.name.name] = block.body.file
            }
            let replaced = Set(block.body.blocks.map(\.type.name)).subtracting(blocks)
            if !replaced.isEmpty {
                body.blocks.removeAll { replaced.contains($0.type.name) }
                body.attributes.removeAll { $0.isJSON && replaced.contains($0.name.name) }
                body.blocks += block.body.blocks.filter { replaced.contains($0.type.name) }
            }
        }
        return (body, files)
    }
}

/// An argument with the file it stands in.
struct LocatedAttribute {
    var attribute: Attribute
    var file: String

    init(_ attribute: Attribute, file: String) {
        self.attribute = attribute
        self.file = file
    }

    var expression: LocatedExpression { LocatedExpression(attribute.expression, file: file) }
    var nameSpan: SourceSpan { SourceSpan(file: file, range: attribute.name.range) }
    var valueSpan: SourceSpan { SourceSpan(file: file, range: attribute.expression.range) }
    /// The first part of its value.
    var startSpan: SourceSpan { SourceSpan(file: file, range: attribute.expression.startRange) }
}
