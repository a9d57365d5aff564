public import Diagnostics
public import HCLSyntax
public import Values

/// The type that a `type = …` expression describes: `list(string)`, `object({ a = optional(string, "x") })`, `any`.
///
/// - Throws: the reference's diagnostics "Invalid type specification" and their kin.
public func typeConstraint(of expression: Expression, file: String) throws(DiagnosticError) -> ValueType {
    try TypeReader(file: file).type(of: expression)
}

private struct TypeReader {
    let file: String

    func fault(_ detail: String, _ range: SourceRange, hints: [String] = []) -> DiagnosticError {
        DiagnosticError(.error("Invalid type specification", detail, at: SourceSpan(file: file, range: range), hints: hints))
    }

    func type(of expression: Expression) throws(DiagnosticError) -> ValueType {
        switch expression.kind {
        case .traversal(let name, let steps) where steps.isEmpty: return try named(name)
        case .call(let name, let arguments, _): return try constructed(name, arguments, range: expression.range)
        case .parenthesized(let inner): return try type(of: inner)
        case .template(let parts):
            // Old configurations quote: "string", "list", "map".
            if parts.count == 1, case .literal(let text, let range) = parts[0] {
                switch text {
                case "string": return .string
                case "list": return .list(.dynamic)
                case "map": return .map(.dynamic)
                default: return try named(Identifier(name: text, range: range))
                }
            }
            throw fault("A type is written without quotes.", expression.range)
        default:
            throw fault(
                "A type specification is either a primitive type keyword (bool, number, string), complex type constructor call (list, set, map, object, tuple), or the keyword any.",
                expression.range)
        }
    }

    private func named(_ name: Identifier) throws(DiagnosticError) -> ValueType {
        switch name.name {
        case "bool": return .bool
        case "number": return .number
        case "string": return .string
        case "any": return .dynamic
        case "list", "set", "map":
            throw fault("The \(name.name) type constructor requires one argument specifying the element type.", name.range)
        case "object":
            throw fault("The object type constructor requires one argument specifying the attribute types and values as a map.", name.range)
        case "tuple":
            throw fault("The tuple type constructor requires one argument specifying the element types as a list.", name.range)
        default:
            let near = nearestName(name.name, among: ["bool", "number", "string", "any", "list", "set", "map", "object", "tuple"])
            throw fault(
                "The keyword \"\(name.name)\" is not a valid type specification.", name.range,
                hints: near.map { ["Did you mean \"\($0)\"?"] } ?? [])
        }
    }

    private func constructed(_ name: Identifier, _ arguments: [Expression], range: SourceRange) throws(DiagnosticError) -> ValueType {
        switch name.name {
        case "list", "set", "map":
            guard arguments.count == 1 else {
                throw fault("The \(name.name) type constructor requires one argument specifying the element type.", range)
            }
            let element = try type(of: arguments[0])
            return name.name == "list" ? .list(element) : name.name == "set" ? .set(element) : .map(element)
        case "tuple":
            guard arguments.count == 1, case .tuple(let items) = arguments[0].kind else {
                throw fault("Tuple type constructor requires a list of element types.", range)
            }
            var types: [ValueType] = []
            for item in items { types.append(try type(of: item)) }
            return .tuple(types)
        case "object":
            guard arguments.count == 1, case .object(let items) = arguments[0].kind else {
                throw fault(
                    "Object type constructor requires a map whose keys are attribute names and whose values are the corresponding attribute types.",
                    range)
            }
            return .object(ObjectType(try attributes(items)))
        case "optional":
            throw fault("Keyword \"optional\" is valid only as a modifier for object type attributes.", range)
        case "bool", "number", "string", "any":
            throw fault("Primitive type keyword \"\(name.name)\" does not expect arguments.", range)
        default:
            throw fault("Keyword \"\(name.name)\" is not a valid type constructor.", name.range)
        }
    }

    private func isName(_ text: String) -> Bool {
        let parsed = parseExpression(Array(text.utf8), path: file)
        guard !parsed.diagnostics.hasErrors, case .traversal(let root, let steps) = parsed.tree.kind else {
            return ["true", "false", "null"].contains(text)
        }
        return steps.isEmpty && root.name == text
    }

    private func attributes(_ items: [ObjectItem]) throws(DiagnosticError) -> [ObjectType.Attribute] {
        var attributes: [ObjectType.Attribute] = []
        for item in items {
            let name: Identifier
            switch item.key {
            case .name(let identifier): name = identifier
            case .expression(let expression):
                guard case .template(let parts) = expression.kind, parts.count == 1, case .literal(let text, let range) = parts[0] else {
                    throw fault("Object constructor map keys must be attribute names.", expression.range)
                }
                name = Identifier(name: text, range: range)
            }
            guard isName(name.name) else { throw fault("Object constructor map keys must be attribute names.", name.range) }
            if attributes.contains(where: { $0.name == name.name }) {
                throw fault("The object type has the attribute \"\(name.name)\" more than once.", name.range)
            }
            guard case .call(let function, let arguments, _) = item.value.kind, function.name == "optional" else {
                attributes.append(.init(name: name.name, type: try type(of: item.value)))
                continue
            }
            guard let first = arguments.first else {
                throw fault("Optional attribute modifier requires the attribute type as its argument.", item.value.range)
            }
            guard arguments.count <= 2 else {
                throw fault(
                    "Optional attribute modifier expects at most two arguments: the attribute type, and a default value.", item.value.range)
            }
            let attributeType = try type(of: first)
            var fallback: Value?
            if arguments.count == 2 {
                if let traversal = traversals(in: arguments[1]).first {
                    throw DiagnosticError(
                        .error(
                            "Variables not allowed", "Variables may not be used here.",
                            at: SourceSpan(file: file, range: traversal.root.range)))
                }
                let evaluator = Evaluator(file: file, scope: NamedValues([:]), functions: NoFunctions())
                let value = try evaluator.value(of: arguments[1])
                do throws(ConversionError) {
                    fallback = try value.converted(to: attributeType)
                } catch {
                    throw DiagnosticError(
                        .error(
                            "Invalid default value for optional attribute",
                            "This default value is not compatible with the attribute's type constraint: \(error.description).",
                            at: SourceSpan(file: file, range: arguments[1].range)))
                }
            }
            attributes.append(.init(name: name.name, type: attributeType, isOptional: true, defaultValue: fallback))
        }
        return attributes
    }
}
