public import Diagnostics
public import HCLSyntax

/// A name and the steps behind it, as an expression holds it.
public struct Traversal: Sendable, Hashable {
    public var root: Identifier
    public var steps: [TraversalStep]
    public var range: SourceRange

    public init(root: Identifier, steps: [TraversalStep], range: SourceRange) {
        self.root = root
        self.steps = steps
        self.range = range
    }
}

/// Every traversal in the expression whose root no `for` in it binds, in source order.
public func traversals(in expression: Expression) -> [Traversal] {
    var finder = TraversalFinder()
    finder.visit(expression)
    return finder.found
}

/// Of all attributes and nested blocks. The iterators of `dynamic` blocks are not free in their contents, nor in their labels.
public func traversals(in body: Body) -> [Traversal] {
    var finder = TraversalFinder()
    finder.visit(body)
    return finder.found
}

struct TraversalFinder {
    var found: [Traversal] = []
    var bound: [String: Int] = [:]

    mutating func visit(_ body: Body) {
        for attribute in body.attributes {
            if attribute.isJSON { visitJSON(attribute.expression, file: body.file) } else { visit(attribute.expression) }
        }
        for block in body.blocks {
            guard block.type.name == "dynamic", let label = block.labels.first else {
                visit(block.body)
                continue
            }
            var iterator = label.name
            var labels: [Expression] = []
            for attribute in block.body.attributes {
                if attribute.name.name == "iterator", case .traversal(let name, _) = attribute.expression.kind {
                    iterator = name.name
                } else if attribute.name.name == "labels" {
                    labels.append(attribute.expression)
                } else {
                    visit(attribute.expression)
                }
            }
            bind([iterator]) { finder in
                for label in labels { finder.visit(label) }
                for content in block.body.blocks { finder.visit(content.body) }
            }
        }
    }

    /// A value that may turn out to be blocks, with `dynamic` ones among them.
    private mutating func visitJSON(_ expression: Expression, file: String) {
        switch expression.kind {
        case .tuple(let items): for item in items { visitJSON(item, file: file) }
        case .object(let items):
            for item in items {
                guard case .expression(let key) = item.key else { continue }
                if key.literalText == "dynamic",
                    let blocks = item.value.dynamicJSONBlocks(name: Identifier(name: "dynamic", range: key.range), file: file)
                {
                    visit(Body(attributes: [], blocks: blocks, range: item.value.range, file: file))
                } else {
                    visit(key)
                    visitJSON(item.value, file: file)
                }
            }
        default: visit(expression)
        }
    }

    private mutating func bind(_ names: [String], _ body: (inout TraversalFinder) -> Void) {
        for name in names { bound[name, default: 0] += 1 }
        body(&self)
        for name in names { bound[name, default: 1] -= 1 }
    }

    mutating func visit(_ expression: Expression) {
        switch expression.kind {
        case .number, .bool, .null, .invalid: break
        case .template(let parts): visit(parts)
        case .traversal(let root, let steps):
            if bound[root.name, default: 0] == 0 { found.append(Traversal(root: root, steps: steps, range: expression.range)) }
        case .relative(let source, _): visit(source)
        case .index(let source, let key):
            visit(source)
            visit(key)
        case .splat(let source, _, let each):
            visit(source)
            visit(each)
        case .call(_, let arguments, _): for argument in arguments { visit(argument) }
        case .unary(_, let operand): visit(operand)
        case .binary(_, _, let right):
            // Long chains lean to the left: followed by a loop, then visited in source order.
            var rights = [right]
            var left = expression
            while case .binary(_, let inner, let innerRight) = left.kind {
                if left.range != expression.range { rights.append(innerRight) }
                left = inner
            }
            visit(left)
            for right in rights.reversed() { visit(right) }
        case .conditional(let condition, let then, let otherwise):
            visit(condition)
            visit(then)
            visit(otherwise)
        case .tuple(let items): for item in items { visit(item) }
        case .object(let items):
            for item in items {
                if case .expression(let key) = item.key { visit(key) }
                visit(item.value)
            }
        case .forTuple(let clause, let value):
            visit(clause.collection)
            bind(clause.names) { finder in
                finder.visit(value)
                if let condition = clause.condition { finder.visit(condition) }
            }
        case .forObject(let clause, let key, let value, _):
            visit(clause.collection)
            bind(clause.names) { finder in
                finder.visit(key)
                finder.visit(value)
                if let condition = clause.condition { finder.visit(condition) }
            }
        case .parenthesized(let inner): visit(inner)
        }
    }

    private mutating func visit(_ steps: [SplatStep]) {
        for step in steps {
            switch step {
            case .attribute: break
            case .index(let key): visit(key)
            case .splat(_, let each): visit(each)
            }
        }
    }

    private mutating func visit(_ parts: [TemplatePart]) {
        for part in parts {
            switch part {
            case .literal: break
            case .interpolation(let expression): visit(expression)
            case .conditional(let condition, let then, let otherwise, _):
                visit(condition)
                visit(then)
                visit(otherwise)
            case .loop(let clause, let body, _):
                visit(clause.collection)
                bind(clause.names) { finder in finder.visit(body) }
            }
        }
    }
}

extension ForClause {
    var names: [String] { (key.map { [$0.name] } ?? []) + [value.name] }
}
