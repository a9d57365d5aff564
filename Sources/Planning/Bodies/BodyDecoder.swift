import Addresses
import Diagnostics
import Evaluation
import HCLSyntax
import ProviderKit
import Values

/// The names of a block schema's attributes and blocks, in the order of an object's slots; worked out once a schema.
final class BodyShape {
    let schema: BlockSchema
    let shape: Shape
    let members: [Member]
    let impliedType: ValueType

    enum Member {
        case attribute(AttributeSchema)
        case block(NestedBlockSchema, BodyShape)
    }

    init(_ schema: BlockSchema) {
        self.schema = schema
        var members: [(String, Member)] = schema.attributes.map { ($0.name, .attribute($0)) }
        for block in schema.blocks where schema.attribute(block.name) == nil {
            members.append((block.name, .block(block, BodyShape(block.block))))
        }
        members.sort { $0.0.precedesByBytes($1.0) }
        shape = Shape(sortedNames: members.map(\.0))
        self.members = members.map(\.1)
        impliedType = schema.impliedType
    }

    func member(_ name: String) -> Member? { shape.index(of: name).map { members[$0] } }
}

/// Turns a body into the object that its schema describes, collecting every fault on the way.
struct BodyDecoder {
    /// The evaluator for a file.
    let evaluator: (String) -> Evaluator
    private(set) var diagnostics: [Diagnostic] = []
    /// Provider settings are never stored, so they may be ephemeral.
    var allowsEphemeral = false

    init(evaluator: @escaping (String) -> Evaluator) { self.evaluator = evaluator }

    /// Write-only arguments come apart.
    ///
    /// - Parameter files: of the arguments that an override file replaced.
    mutating func decode(_ body: Body, _ shape: BodyShape, files: [String: String] = [:]) -> Desired {
        var writeOnly: [(String, Value)] = []
        let configuration = object(body, shape, files: files, iterators: [:], writeOnly: &writeOnly)
        return Desired(configuration: configuration, writeOnly: .object(writeOnly))
    }

    private mutating func object(
        _ body: Body, _ shape: BodyShape, files: [String: String] = [:], iterators: [String: Value],
        writeOnly: inout [(String, Value)]
    ) -> Value {
        var slots: ContiguousArray<Value> = []
        slots.reserveCapacity(shape.members.count)
        for member in shape.members {
            switch member {
            case .attribute(let schema):
                let value = attribute(schema, in: body, file: files[schema.name] ?? body.file, iterators: iterators)
                if schema.isWriteOnly {
                    if !value.isNull { writeOnly.append((schema.name, value)) }
                    slots.append(.null(schema.type))
                } else {
                    slots.append(value)
                }
            case .block(let schema, let inner):
                let file = files[schema.name] ?? body.file
                slots.append(blocks(schema, inner, in: body, file: file, iterators: iterators, writeOnly: &writeOnly))
            }
        }
        refuseUnexpected(body, shape, files)
        return .object(shape: shape.shape, slots: slots)
    }

    private mutating func attribute(_ schema: AttributeSchema, in body: Body, file: String, iterators: [String: Value]) -> Value {
        guard let attribute = body.attribute(schema.name) else {
            if schema.isRequired {
                diagnostics.append(
                    .error(
                        "Missing required argument", "The argument \"\(schema.name)\" is required, but no definition was found.",
                        at: body.span(SourceRange(start: body.range.start, end: body.range.start))))
                return .unknown(schema.type)
            }
            return .null(schema.type)
        }
        let span = SourceSpan(file: file, range: attribute.expression.range)
        if !schema.isSettable {
            diagnostics.append(
                .error(
                    "Value for unconfigurable attribute",
                    "Can't configure a value for \"\(schema.name)\": its value will be decided automatically based on the result of applying this configuration.",
                    at: span))
            return .unknown(schema.type)
        }
        do {
            let value = try evaluator(file).binding(iterators).value(of: attribute.expression)
            var converted = try value.converted(to: schema.type)
            if converted.isNull, schema.isRequired {
                diagnostics.append(
                    .error(
                        "Missing required argument", "The argument \"\(schema.name)\" is required, but its value is null.", at: span))
                return .unknown(schema.type)
            }
            if value.holdsEphemeral, !schema.isWriteOnly, !allowsEphemeral {
                diagnostics.append(
                    .error(
                        "Invalid use of ephemeral value",
                        "Ephemeral values are not valid for \"\(schema.name)\", because it is not a write-only attribute and must be persisted to state.",
                        at: span))
                return .unknown(schema.type)
            }
            if refusesInfinity(converted, of: schema.name, at: span) { return .unknown(schema.type) }
            if schema.isSensitive { converted = converted.marked(.sensitive) }
            return converted
        } catch let error as DiagnosticError {
            diagnostics.append(contentsOf: error.diagnostics)
        } catch let error as ConversionError {
            // Nearly always its name in quotes, or one of its attributes.
            let hints =
                schema.isContainer
                ? ["Write the resource that it is on as a whole, without quotes, such as \(schema.name) = host.NAME."] : []
            diagnostics.append(
                .error(
                    "Incorrect attribute value type", "Inappropriate value for attribute \"\(schema.name)\": \(error.description).",
                    at: span, hints: hints))
        } catch {
            diagnostics.append(.error("Incorrect attribute value type", "\(error)", at: span))
        }
        return .unknown(schema.type)
    }

    /// What is recorded, and what providers are asked, has no way to write an infinite number.
    private mutating func refusesInfinity(_ value: Value, of name: String, at span: SourceSpan) -> Bool {
        guard let path = value.firstInfinity else { return false }
        diagnostics.append(
            .error(
                "Infinite number",
                "Inappropriate value for attribute \"\(Path([.attribute(name)] + path.steps))\": cannot serialize infinity as JSON.",
                at: span,
                hints: [Self.infinityHint]))
        return true
    }

    static let infinityHint = "A division by zero gives an infinite number; check the divisor, or use null where there is no value."

    // MARK: Nested blocks

    private mutating func blocks(
        _ schema: NestedBlockSchema, _ shape: BodyShape, in body: Body, file: String, iterators: [String: Value],
        writeOnly: inout [(String, Value)]
    ) -> Value {
        var items: [(label: String, value: Value)] = []
        var isUnknown = false
        // Old providers' blocks may be written as arguments: `ingress = []`.
        if schema.isComputed || schema.nesting == .list || schema.nesting == .set, let attribute = body.attribute(schema.name) {
            do {
                let value = try evaluator(file).binding(iterators).value(of: attribute.expression)
                let converted = try value.converted(to: schema.impliedType)
                let span = SourceSpan(file: file, range: attribute.expression.range)
                return refusesInfinity(converted, of: schema.name, at: span) ? .unknown(schema.impliedType) : converted
            } catch let error as DiagnosticError {
                diagnostics.append(contentsOf: error.diagnostics)
            } catch {
                diagnostics.append(
                    .error(
                        "Incorrect attribute value type", "Inappropriate value for attribute \"\(schema.name)\": \(error).",
                        at: SourceSpan(file: file, range: attribute.expression.range)))
            }
            return .unknown(schema.impliedType)
        }
        for block in body.blocks {
            if block.type.name == schema.name {
                items.append((block.labels.first?.name ?? "", object(block.body, shape, iterators: iterators, writeOnly: &writeOnly)))
            } else if block.type.name == "dynamic", block.labels.first?.name == schema.name {
                guard let expanded = dynamic(block, in: body, shape, iterators: iterators, writeOnly: &writeOnly) else {
                    isUnknown = true
                    continue
                }
                items.append(contentsOf: expanded)
            }
        }
        if isUnknown { return .unknown(schema.impliedType, .notNull) }
        checkCount(items.count, schema, body)
        let inner = shape.impliedType
        switch schema.nesting {
        case .single: return items.first?.value ?? .null(inner)
        case .group:
            return items.first?.value
                ?? .object(shape: shape.shape, slots: ContiguousArray(shape.members.map { $0.absentValue }))
        case .list: return .list(conformed(items.map(\.value), inner), of: inner)
        case .set:
            // Nothing said of a block that is also computed means: whatever it is.
            if items.isEmpty, schema.isComputed { return .null(schema.impliedType) }
            return .set(conformed(items.map(\.value), inner), of: inner)
        case .map: return .map(items.map { ($0.label, $0.value) }, of: inner)
        }
    }

    private func conformed(_ values: [Value], _ type: ValueType) -> [Value] {
        guard type.holdsDynamic else { return values }
        return values
    }

    private mutating func checkCount(_ count: Int, _ schema: NestedBlockSchema, _ body: Body) {
        let limit = schema.nesting == .single || schema.nesting == .group ? 1 : schema.maximumItems
        if limit > 0, count > limit {
            let extra = body.blocks.filter { $0.type.name == schema.name }.dropFirst(limit).first
            diagnostics.append(
                .error(
                    limit == 1 ? "Duplicate \(schema.name) block" : "Too many \(schema.name) blocks",
                    limit == 1
                        ? "Only one \(schema.name) block is allowed."
                        : "No more than \(limit) \"\(schema.name)\" blocks are allowed.",
                    at: extra.map { $0.body.span($0.headerRange) } ?? body.span(body.range)))
        }
        if count < schema.minimumItems {
            diagnostics.append(
                .error(
                    "Insufficient \(schema.name) blocks", "At least \(schema.minimumItems) \"\(schema.name)\" blocks are required.",
                    at: body.span(SourceRange(start: body.range.start, end: body.range.start))))
        }
    }

    /// Nil: what it repeats is not known.
    private mutating func dynamic(
        _ block: Block, in body: Body, _ shape: BodyShape, iterators: [String: Value], writeOnly: inout [(String, Value)]
    ) -> [(label: String, value: Value)]? {
        guard let forEach = block.body.attribute("for_each"), let content = block.body.blocks.first(where: { $0.type.name == "content" })
        else {
            diagnostics.append(
                .error(
                    "Missing required argument", "A \"dynamic\" block needs the argument \"for_each\" and a nested block \"content\".",
                    at: block.body.span(block.headerRange)))
            return []
        }
        var name = block.labels.first?.name ?? ""
        if let iterator = block.body.attribute("iterator"), case .traversal(let written, _) = iterator.expression.kind {
            name = written.name
        }
        let collection: Value
        do throws(DiagnosticError) {
            collection = try evaluator(block.body.file).binding(iterators).value(of: forEach.expression)
        } catch {
            diagnostics.append(contentsOf: error.diagnostics)
            return nil
        }
        if collection.isUnknown { return nil }
        let pairs: [(Value, Value)]
        switch collection.node {
        case .list(let list): pairs = list.values.enumerated().map { (.int($0.offset), $0.element) }
        case .tuple(let values): pairs = values.enumerated().map { (.int($0.offset), $0.element) }
        case .set(let set): pairs = set.values.map { ($0, $0) }
        case .map(let map): pairs = map.entries.map { (.string($0.key), $0.value) }
        case .object(let object): pairs = zip(object.shape.names, object.slots).map { (.string($0), $1) }
        default:
            diagnostics.append(
                .error(
                    "Invalid dynamic for_each value",
                    "Cannot use a \(collection.isNull ? "null" : collection.type.friendlyName) value in for_each. An iterable collection is required.",
                    at: block.body.span(forEach.expression.range)))
            return []
        }
        var items: [(label: String, value: Value)] = []
        for (key, value) in pairs {
            var inner = iterators
            inner[name] = .object([("key", key.marked(collection.marks)), ("value", value.marked(collection.marks))])
            var label = ""
            if let labels = block.body.attribute("labels"),
                let list = try? evaluator(block.body.file).binding(inner).value(of: labels.expression).elements
            {
                label = list.first?.stringValue ?? ""
            }
            items.append((label, object(content.body, shape, iterators: inner, writeOnly: &writeOnly)))
        }
        return items
    }

    // MARK: What does not belong

    private mutating func refuseUnexpected(_ body: Body, _ shape: BodyShape, _ files: [String: String]) {
        for attribute in body.attributes where shape.member(attribute.name.name) == nil {
            let names = shape.schema.attributes.filter(\.isSettable).map(\.name)
            var detail = "An argument named \"\(attribute.name.name)\" is not expected here."
            if let near = nearestName(attribute.name.name, among: names) { detail += " Did you mean \"\(near)\"?" }
            let file = files[attribute.name.name] ?? body.file
            diagnostics.append(.error("Unsupported argument", detail, at: SourceSpan(file: file, range: attribute.name.range)))
        }
        for block in body.blocks {
            let name = block.type.name == "dynamic" ? block.labels.first?.name ?? "" : block.type.name
            switch shape.member(name) {
            case .block: break
            case .attribute(let attribute):
                diagnostics.append(
                    .error(
                        "Unsupported block type",
                        "Blocks of type \"\(name)\" are not expected here. Did you mean to define argument \"\(attribute.name)\"? If so, use the equals sign to assign it a value.",
                        at: block.body.span(block.headerRange)))
            case nil:
                var detail = "Blocks of type \"\(name)\" are not expected here."
                if let near = nearestName(name, among: shape.schema.blocks.map(\.name)) { detail += " Did you mean \"\(near)\"?" }
                diagnostics.append(.error("Unsupported block type", detail, at: block.body.span(block.headerRange)))
            }
        }
    }
}

extension BodyShape.Member {
    /// What stands in the slot where nothing is written.
    var absentValue: Value {
        switch self {
        case .attribute(let schema): .null(schema.type)
        case .block(let schema, let shape):
            switch schema.nesting {
            case .single: .null(shape.impliedType)
            case .group: .object(shape: shape.shape, slots: ContiguousArray(shape.members.map(\.absentValue)))
            case .list: .list([], of: shape.impliedType)
            case .set: .set([Value](), of: shape.impliedType)
            case .map: .map([], of: shape.impliedType)
            }
        }
    }
}

extension BodyShape {
    /// What was read, with marks as they are recorded. A provider reads with values of which some are sensitive, and what comes out
    /// is marked more widely than the record is: where nothing has changed the record's own marks stand, or every read would find a change.
    /// What has changed keeps all marks, so that nothing becomes known that should not.
    func marking(_ read: Value, asRecorded prior: Value) -> Value {
        let marked = read.withMarks(at: prior.unmarkedDeep().1)
        guard marked != prior, case .object(let now) = marked.node, case .object(let old) = prior.node, now.slots.count == old.slots.count,
            now.slots.count == members.count
        else { return markingSensitive(marked) }
        var slots = now.slots
        for slot in slots.indices where slots[slot] != old.slots[slot] {
            if slots[slot].withoutMarks([.sensitive]) == old.slots[slot].withoutMarks([.sensitive]) { slots[slot] = old.slots[slot] }
        }
        return markingSensitive(Value.object(shape: now.shape, slots: slots).marked(marked.marks))
    }

    /// Marks the schema's sensitive attributes in an object of this shape.
    func markingSensitive(_ value: Value) -> Value {
        guard case .object(let object) = value.node, object.slots.count == members.count else { return value }
        var slots = object.slots
        var changed = false
        for (slot, member) in members.enumerated() {
            if case .attribute(let schema) = member, schema.isSensitive, !slots[slot].isSensitive {
                slots[slot] = slots[slot].marked(.sensitive)
                changed = true
            }
        }
        return changed ? Value.object(shape: object.shape, slots: slots).marked(value.marks) : value
    }
}
