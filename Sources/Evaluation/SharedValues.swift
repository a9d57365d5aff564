import Diagnostics
public import HCLSyntax
import Values

/// Values of the sub-expressions of one repeated body that are the same for all its instances (no `each`, `count` or `self` in
/// them), so that N readers of a splat over N cost N and not N². Not Sendable: it belongs to one evaluation.
public final class SharedValues {
    /// Where the expressions stand: a place in another file is another expression.
    public let file: String
    private let keys: Set<UInt64>
    private var values: [UInt64: Value] = [:]
    /// Those that hold unknowns, and when they were worked out.
    private var unknown: Set<UInt64> = []
    private var asOf = 0

    /// - Parameters:
    ///   - body: a resource's or module call's body with `count` or `for_each`.
    ///   - names: arguments of it that stand in another file.
    ///   - isImpureFunction: whether a function gives something else each time it is called.
    public init(body: Body, except names: some Collection<String> = [String](), isImpureFunction: @escaping (String) -> Bool) {
        file = body.file
        var body = body
        body.attributes.removeAll { names.contains($0.name.name) }
        var finder = ShareableFinder(file: body.file, isImpureFunction: isImpureFunction)
        finder.visit(body, bound: [])
        keys = finder.keys
    }

    private static func key(_ range: SourceRange) -> UInt64 { UInt64(range.start) << 32 | UInt64(range.end) }

    func shares(_ range: SourceRange) -> Bool { !keys.isEmpty && keys.contains(Self.key(range)) }

    subscript(_ range: SourceRange) -> Value? {
        get { values[Self.key(range)] }
        set {
            values[Self.key(range)] = newValue
            if newValue?.isWhollyKnown == false { unknown.insert(Self.key(range)) }
        }
    }

    /// What was not known at an earlier point of the run may be known now, and is evaluated anew.
    public func renew(asOf progress: Int) {
        guard progress != asOf else { return }
        asOf = progress
        for key in unknown { values[key] = nil }
        unknown.removeAll(keepingCapacity: true)
    }

    /// What it depends on has changed: everything is evaluated anew.
    public func removeAll() {
        values.removeAll(keepingCapacity: true)
        unknown.removeAll(keepingCapacity: true)
    }

    /// Finds the largest shareable sub-expressions worth remembering.
    private struct ShareableFinder {
        let file: String
        let isImpureFunction: (String) -> Bool
        var keys: Set<UInt64> = []

        mutating func visit(_ body: Body, bound: Set<String>) {
            for attribute in body.attributes { visit(attribute.expression, bound: bound) }
            for block in body.blocks where block.body.file == file {
                if block.type.name == "dynamic" {
                    // The iterator is bound per element; contents are left alone.
                    for attribute in block.body.attributes where attribute.name.name == "for_each" {
                        visit(attribute.expression, bound: bound)
                    }
                } else {
                    visit(block.body, bound: bound)
                }
            }
        }

        mutating func visit(_ expression: Expression, bound: Set<String>) {
            if isConstantAcrossInstances(expression) {
                if isWorthSharing(expression) { keys.insert(SharedValues.key(expression.range)) }
                return
            }
            for child in expression.children { visit(child, bound: bound) }
        }

        private func isConstantAcrossInstances(_ expression: Expression) -> Bool {
            if PurityCheck(expression, isImpureFunction).isImpure { return false }
            return traversals(in: expression).allSatisfy { !["each", "count", "self"].contains($0.root.name) }
        }

        private func isWorthSharing(_ expression: Expression) -> Bool {
            switch expression.kind {
            case .number, .bool, .null, .invalid: false
            case .template(let parts): parts.count > 1
            case .traversal(_, let steps): steps.count > 2
            default: true
            }
        }
    }
}

extension Expression {
    /// Sub-expressions that are evaluated in the same scope: not the inside of a `for`.
    var children: [Expression] {
        switch kind {
        case .number, .bool, .null, .invalid, .traversal: []
        case .template(let parts):
            parts.compactMap { if case .interpolation(let inner) = $0 { inner } else { nil } }
        case .relative(let source, _): [source]
        case .index(let source, let key): [source, key]
        case .splat(let source, _, _): [source]
        case .call(let name, let arguments, _): ["try", "can"].contains(name.name) ? [] : arguments
        case .unary(_, let operand): [operand]
        case .binary(_, let left, let right): [left, right]
        case .conditional(let condition, let then, let otherwise): [condition, then, otherwise]
        case .tuple(let items): items
        case .object(let items):
            items.flatMap { item in
                if case .expression(let key) = item.key { [key, item.value] } else { [item.value] }
            }
        case .forTuple(let clause, _), .forObject(let clause, _, _, _): [clause.collection]
        case .parenthesized(let inner): [inner]
        }
    }
}
