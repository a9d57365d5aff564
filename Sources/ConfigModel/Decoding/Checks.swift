import Addresses
import Diagnostics
import Evaluation
import HCLSyntax

/// `check` blocks.
extension ModuleDecoder {
    private static let checkSchema = BodySchema(blocks: [.init(type: "data", labels: ["type", "name"]), .init(type: "assert")])

    mutating func decodeCheck(_ block: Block) {
        let name = block.labels[0].name
        let span = block.body.span(block.headerRange)
        Self.checkSchema.check(block.body, header: block.headerRange, into: &diagnostics)
        checkName(block.labels[0], file: block.body.file, summary: "Invalid check block name")
        checkScope = name
        defer { checkScope = nil }
        let dataSource = checkData(block)
        var assertions: [ConditionBlock] = []
        var found: [Reference] = []
        let asserts = block.body.blocks.filter { $0.type.name == "assert" }
        for assertion in asserts {
            guard let (condition, references) = checkedCondition(assertion, noun: "assert", []) else { continue }
            assertions.append(condition)
            found += references
        }
        if asserts.isEmpty { report("Zero assert blocks", "Check blocks must have at least one assert block.", at: span) }
        if let earlier = checks.first(where: { $0.name == name }) {
            report(
                "Duplicate check \"\(name)\" configuration",
                "A check block named \"\(name)\" was already declared at \(place(earlier.span)). Check blocks must be unique within each module.",
                at: span)
            return
        }
        checks.append(CheckBlock(name: name, dataSource: dataSource, assertions: assertions, references: found, span: span))
    }

    /// The data source of a check, which becomes a resource of the module that only the check may refer to.
    private mutating func checkData(_ check: Block) -> ResourceName? {
        let blocks = check.body.blocks.filter { $0.type.name == "data" && $0.labels.count == 2 }
        guard let block = blocks.first else { return nil }
        for extra in blocks.dropFirst() {
            report(
                "Multiple data resource blocks",
                "This check block already has a data resource defined at \(place(block.body.span(block.headerRange))).",
                at: extra.body.span(extra.headerRange))
        }
        for argument in ["count", "for_each"] {
            guard let attribute = block.body.attribute(argument) else { continue }
            report(
                "Invalid \"\(argument)\" attribute",
                "The \"count\" and \"for_each\" meta-arguments are not supported within nested data blocks.",
                at: block.body.span(attribute.name.range))
            return nil
        }
        for lifecycle in block.body.blocks where lifecycle.type.name == "lifecycle" {
            report(
                "Invalid lifecycle block",
                "Nested data blocks do not support \"lifecycle\" blocks as the lifecycle is managed by the containing block.",
                at: lifecycle.body.span(lifecycle.headerRange))
        }
        let name = ResourceName(.data, type: ResourceType(block.labels[0].name), name: block.labels[1].name)
        checkName(block.labels[0], file: block.body.file, summary: "Invalid data source name")
        checkName(block.labels[1], file: block.body.file, summary: "Invalid data resource name")
        if let earlier = resources.first(where: { $0.name == name }) {
            report(
                "Duplicate data \"\(name.type.rawValue)\" configuration",
                "A \(name.type.rawValue) data resource named \"\(name.name)\" was already declared at \(place(earlier.span)). Resource names must be unique per type in each module, including within check blocks.",
                at: block.body.span(block.headerRange))
            return nil
        }
        resources.append(resourceBlock(MergedBlock(base: block), name))
        return name
    }
}
