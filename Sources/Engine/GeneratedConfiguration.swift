public import Addresses
public import ConfigModel
public import Diagnostics
import Evaluation
import FunctionLibrary
import HCLSyntax
public import Planning
import ProviderKit
import Values

/// Resource blocks for objects that are taken over and that nobody has declared: every argument that can be set, as it is.
public struct GeneratedConfiguration: Sendable {
    /// In the order of their names.
    public let blocks: [(name: ResourceName, text: String)]
    private let ids: [String]

    public init(_ objects: [UnconfiguredObject]) {
        let sorted = objects.sorted { $0.name < $1.name }
        ids = sorted.map(\.id)
        blocks = sorted.map { object in
            var writer = BlockWriter()
            writer.text = "resource \(quotedLiteral(object.name.type.rawValue)) \(quotedLiteral(object.name.name)) {\n"
            if let provider = object.provider { writer.text += "provider = \(provider)\n" }
            writer.body(object.schema, object.attributes)
            writer.text += "}"
            return (object.name, String(decoding: formatted(Array(writer.text.utf8)), as: UTF8.self))
        }
    }

    /// What stands in the file.
    public var file: String {
        let heading = "# __generated__ by Ashlar\n# Please review these resources and move them into your main configuration files.\n"
        return heading
            + zip(ids, blocks).map { id, block in "\n# __generated__ by Ashlar from \(quotedLiteral(id))\n\(block.text)\n" }.joined()
    }
}

private struct BlockWriter {
    var text = ""

    mutating func body(_ schema: BlockSchema, _ value: Value) {
        for attribute in schema.attributes where Self.isWritten(attribute) {
            let given = value[attribute.name] ?? .null(attribute.type)
            if attribute.isSensitive || given.holdsSensitive {
                text += "\(attribute.name) = null # sensitive\n"
            } else {
                text += "\(attribute.name) = \(Self.expression(given))\n"
            }
        }
        for block in schema.blocks where !block.isComputed {
            let given = value[block.name] ?? .null
            switch block.nesting {
            case .single, .group: if !given.isNull { nested(block, given) }
            case .list, .set: for element in given.elements ?? [] { nested(block, element) }
            case .map: for (key, element) in given.entries ?? [] { nested(block, element, label: " " + quotedLiteral(key)) }
            }
        }
    }

    private mutating func nested(_ block: NestedBlockSchema, _ value: Value, label: String = "") {
        text += "\(block.name)\(label) {\n"
        body(block.block, value)
        text += "}\n"
    }

    /// What only the provider says, or nobody should say any more, is not configuration. Nor is an old provider's `id`, which can be set and
    /// never is.
    private static func isWritten(_ attribute: AttributeSchema) -> Bool {
        attribute.isSettable && !attribute.isDeprecated && !attribute.isWriteOnly
            && !(attribute.name == "id" && attribute.isOptional && attribute.isComputed)
    }

    private static func expression(_ value: Value) -> String {
        // A document is easier to read, and to change, as what it holds: where writing that gives the same text again.
        if let text = value.stringValue, text.first == "{" || text.first == "[",
            let document = try? Value.parsingJSON(Array(text.utf8)), (try? document.jsonText()) == text
        {
            return "jsonencode(\(expressionText(of: document)))"
        }
        return expressionText(of: value)
    }
}

extension Engine {
    /// The configuration of the working directory with one more file, whose bytes are given.
    public func load(with file: String, _ bytes: [UInt8], variables: VariableInputs) -> (
        configuration: Configuration?, sources: SourceMap, diagnostics: [Diagnostic]
    ) {
        let own = environment.sources
        let path = cleanPath(file)
        // Only what ends in .tf is configuration; a file of another name, or elsewhere, counts as if it had been moved here.
        let isHere = !path.contains("/") && path.hasSuffix(".tf")
        let name = isHere ? path : "generated-configuration.tf"
        let sources = ModuleSources(
            list: { directory in
                guard let names = own.list(directory) else { return nil }
                return cleanPath(directory) == "." && !names.contains(name) ? names + [name] : names
            },
            read: { cleanPath($0) == name ? bytes : try own.read($0) })
        var environment = environment
        environment.sources = sources
        let (configuration, map, diagnostics) = Engine(environment).loadWithFaults(variables: variables)
        // What was generated names the provider itself now; that the import block does, too, is to be mended by whoever moves it.
        let found = diagnostics.filter { $0.summary != "Invalid import provider argument" }
        return (found.hasErrors ? nil : configuration, map, found)
    }
}
