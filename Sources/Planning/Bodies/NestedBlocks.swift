import Diagnostics
import Evaluation
import HCLSyntax
import ProviderKit
import Values

/// One nested block.
struct NestedItem {
    /// Empty where its type has none.
    var label: String
    var value: Value
    var writeOnly: [(String, Value)]
}

/// Nested blocks: written as blocks, as `dynamic` ones, or as an argument.
extension BodyDecoder {
    mutating func blocks(
        _ schema: NestedBlockSchema, _ shape: BodyShape, in body: Body, file: String, iterators: [String: Value],
        writeOnly: inout [(String, Value)]
    ) -> Value {
        // Old providers' blocks may be written as arguments: `ingress = []`.
        if schema.mayBeArgument, let attribute = body.attribute(schema.name) {
            guard
                let value = accepted(attribute.expression, of: schema.name, as: schema.impliedType, file: file, iterators: iterators)
            else { return .unknown(schema.impliedType) }
            let span = SourceSpan(file: file, range: attribute.expression.range)
            if let count = schema.count(of: value) { checkCount(count, schema, extra: { _ in span }, at: span) }
            return schema.markingSensitive(value, shape)
        }
        var items: [NestedItem] = []
        var isUnknown = false
        for block in body.blocks {
            if block.type.name == schema.name {
                items.append(item(block.labels.first?.name ?? "", block.body, shape, iterators: iterators))
            } else if block.type.name == "dynamic", block.labels.first?.name == schema.name {
                guard let expanded = dynamic(block, schema, shape, iterators: iterators) else {
                    isUnknown = true
                    continue
                }
                items.append(contentsOf: expanded)
            }
        }
        if isUnknown { return .unknown(schema.impliedType, .notNull) }
        checkCount(
            items.count, schema,
            extra: { limit in
                let extra = body.blocks.filter { $0.type.name == schema.name }.dropFirst(limit).first
                return extra.map { $0.body.span($0.headerRange) } ?? body.span(body.range)
            }, at: body.span(SourceRange(start: body.range.start, end: body.range.start)))
        if let hidden = writeOnlyPart(of: items, schema) { writeOnly.append((schema.name, hidden)) }
        return collected(items, schema, shape, in: body)
    }

    mutating func item(_ label: String, _ body: Body, _ shape: BodyShape, iterators: [String: Value]) -> NestedItem {
        var hidden: [(String, Value)] = []
        let value = object(body, shape, iterators: iterators, writeOnly: &hidden)
        return NestedItem(label: label, value: value, writeOnly: hidden)
    }

    /// What is write-only in blocks, where it stands: as an object, as objects by label, or in the order in which they are written. Nil where
    /// there is nothing.
    private func writeOnlyPart(of items: [NestedItem], _ schema: NestedBlockSchema) -> Value? {
        guard items.contains(where: { !$0.writeOnly.isEmpty }) else { return nil }
        switch schema.nesting {
        case .single, .group: return items.first.map { .object($0.writeOnly) }
        case .list, .set: return .tuple(items.map { .object($0.writeOnly) })
        case .map: return .object(items.map { ($0.label, .object($0.writeOnly)) })
        }
    }

    private mutating func collected(
        _ items: [NestedItem], _ schema: NestedBlockSchema, _ shape: BodyShape, in body: Body
    ) -> Value {
        let inner = shape.impliedType
        let values = items.map(\.value)
        let written: Value
        switch schema.nesting {
        case .single: return values.first ?? .null(inner)
        case .group:
            return values.first ?? .object(shape: shape.shape, slots: ContiguousArray(shape.members.map { $0.absentValue }))
        case .list:
            guard inner.holdsDynamic else { return .list(values, of: inner) }
            written = .tuple(values)
        case .set:
            // Nothing said of a block that is also computed means: whatever it is.
            if items.isEmpty, schema.isComputed { return .null(schema.impliedType) }
            guard inner.holdsDynamic else { return .set(values, of: inner) }
            written = .tuple(values)
        case .map:
            guard inner.holdsDynamic else { return .map(items.map { ($0.label, $0.value) }, of: inner) }
            written = .object(items.map { ($0.label, $0.value) })
        }
        // What is of any type is of one type in all of them.
        do throws(ConversionError) {
            return try written.converted(to: schema.impliedType)
        } catch {
            let first = body.blocks.first { $0.type.name == schema.name || $0.labels.first?.name == schema.name }
            diagnostics.append(
                .error(
                    "Inconsistent \(schema.name) blocks", "The \"\(schema.name)\" blocks do not fit together: \(error.description).",
                    at: first.map { $0.body.span($0.headerRange) } ?? body.span(body.range)))
            return .unknown(schema.impliedType)
        }
    }

    /// - Parameters:
    ///   - extra: where the first one beyond a limit is.
    ///   - place: where there are too few.
    private mutating func checkCount(_ count: Int, _ schema: NestedBlockSchema, extra: (Int) -> SourceSpan, at place: SourceSpan) {
        let limit = schema.nesting == .single || schema.nesting == .group ? 1 : schema.maximumItems
        if limit > 0, count > limit {
            diagnostics.append(
                .error(
                    limit == 1 ? "Duplicate \(schema.name) block" : "Too many \(schema.name) blocks",
                    limit == 1
                        ? "Only one \(schema.name) block is allowed."
                        : "No more than \(limit) \"\(schema.name)\" blocks are allowed.",
                    at: extra(limit)))
        }
        if count < schema.minimumItems {
            diagnostics.append(
                .error(
                    "Insufficient \(schema.name) blocks", "At least \(schema.minimumItems) \"\(schema.name)\" blocks are required.",
                    at: place))
        }
    }
}

extension NestedBlockSchema {
    /// Whether a list of objects may be written in place of its blocks.
    var mayBeArgument: Bool { isComputed || nesting == .list || nesting == .set }

    /// How many blocks an argument in their place stands for; nil where that is not known yet.
    fileprivate func count(of value: Value) -> Int? {
        switch value.node {
        case .null: 0
        case .list(let elements): elements.values.count
        case .set(let elements):
            // Elements not known yet may turn out equal.
            value.isWhollyKnown || elements.values.count <= 1 ? elements.values.count : nil
        case .map(let map): map.entries.count
        case .object: 1
        default: nil
        }
    }
}
