import Diagnostics
import Evaluation
import HCLSyntax
import Values

/// Expressions with names, which a type's recipes and its `object` see.
///
/// Each is worked out anew wherever its name stands, with what is known there: one that reads `response` means the latest answer, and one that
/// is used in a `create` and an `update` sees the `prior` of each.
struct Lets: Sendable {
    private(set) var table: [String: Sourced]

    init(_ table: [String: Sourced] = [:]) { self.table = table }

    subscript(name: String) -> Sourced? { table[name] }

    var names: [String] { table.keys.sorted { $0.precedesByBytes($1) } }

    /// The traversals of an expression, those of its lets' expressions in the place of their names.
    func traversals(in expression: Expression) -> [Traversal] {
        var visited: Set<String> = []
        return traversals(in: expression, &visited)
    }

    private func traversals(in expression: Expression, _ visited: inout Set<String>) -> [Traversal] {
        var found: [Traversal] = []
        for traversal in Evaluation.traversals(in: expression) {
            guard let behind = table[traversal.root.name] else {
                found.append(traversal)
                continue
            }
            if visited.insert(traversal.root.name).inserted { found += traversals(in: behind.expression, &visited) }
        }
        return found
    }

    /// The first name, in order, that follows from itself; with the names on the way.
    var circle: [String]? {
        enum Colour { case grey, black }
        var colours: [String: Colour] = [:]
        var way: [String] = []
        func visit(_ name: String) -> [String]? {
            guard let given = table[name], colours[name] != .black else { return nil }
            if colours[name] == .grey { return Array(way.drop { $0 != name }) + [name] }
            colours[name] = .grey
            way.append(name)
            for traversal in Evaluation.traversals(in: given.expression) {
                if let found = visit(traversal.root.name) { return found }
            }
            way.removeLast()
            colours[name] = .black
            return nil
        }
        for name in names { if let found = visit(name) { return found } }
        return nil
    }
}
