import ConfigModel
import Diagnostics
import HCLSyntax
import ProviderKit
import Values

extension PublishedConfiguration {
    /// What an expression in JSON is where nothing is evaluated: the text itself, templates and all, is its constant value in the reference.
    func textInJSON(_ located: LocatedExpression) -> String? {
        guard located.file.hasSuffix(".json"), let bytes = configuration.sources.bytes(of: located.file) else { return nil }
        let range = located.expression.range
        guard range.start < range.end, Int(range.end) <= bytes.count else { return nil }
        // What is no value of JSON is described as in native syntax.
        return try? Value.parsingJSON(Array(bytes[Int(range.start)..<Int(range.end)])).jsonText()
    }
}

extension Body {
    /// Arguments in JSON that stand for blocks, as blocks; what is wrong in them has been reported.
    func resolvingJSON(_ schema: BlockSchema?) -> Body {
        guard let schema, mayHoldJSONBlocks else { return self }
        return resolvingJSONBlocks { name in schema.block(name).map { ($0.nesting == .map ? ["key"] : [], true) } }.tree
    }
}
