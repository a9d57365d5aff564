import Diagnostics
import Evaluation
import HCLSyntax
import Values

/// `variable`, `locals` and `output` blocks.
extension ModuleDecoder {
    private static let reservedVariables: Set<String> = [
        "source", "version", "providers", "count", "for_each", "lifecycle", "depends_on", "locals",
    ]

    private var variableSchema: BodySchema {
        var schema = BodySchema(
            arguments: ["description", "default", "type", "sensitive", "ephemeral", "nullable"], blocks: [.init(type: "validation")])
        if purpose != .module { schema.arguments.append("key") }
        return schema
    }

    mutating func decodeVariable(_ merged: MergedBlock) {
        let name = merged.base.labels[0].name
        for block in [merged.base] + merged.overrides { variableSchema.check(block.body, header: block.headerRange, into: &diagnostics) }
        checkName(merged.base.labels[0], file: merged.file, summary: "Invalid variable name")
        if Self.reservedVariables.contains(name), purpose == .module {
            report(
                "Invalid variable name", "The variable name \"\(name)\" is reserved due to its special meaning inside module blocks.",
                at: SourceSpan(file: merged.file, range: merged.base.labels[0].range))
        }
        if case .kind = purpose, !interfaceFiles.contains(merged.file) {
            report(
                "Variable outside a kind's interface",
                "A composition takes its variables from the interface of its kind and declares none.",
                at: merged.span, hints: ["Use a local value, or add the variable to the interface."])
            return
        }
        var variable = Variable(
            name: name, type: .dynamic, hasType: false, defaultValue: nil,
            description: constantString(merged.attribute("description")) ?? "",
            isSensitive: constantBool(merged.attribute("sensitive")) ?? false,
            isEphemeral: constantBool(merged.attribute("ephemeral")) ?? false,
            isNullable: constantBool(merged.attribute("nullable")) ?? true, validations: [],
            isKey: purpose == .module ? false : constantBool(merged.attribute("key")) ?? false, span: merged.span)
        var typeIsGood = true
        if let attribute = merged.attribute("type") {
            variable.hasType = true
            if let type = variableType(attribute) { variable.type = type } else { typeIsGood = false }
        }
        if let attribute = merged.attribute("default"), let value = constant(attribute.expression) {
            variable.defaultValue = typeIsGood ? defaultValue(value, of: variable, attribute, merged) : value
        }
        for block in merged.blocks("validation") { decodeValidation(block, of: &variable) }
        variables.append(variable)
    }

    private mutating func variableType(_ attribute: LocatedAttribute) -> ValueType? {
        // Shorthands of old configurations, with and without quotes.
        if case .traversal(let name, let steps) = attribute.attribute.expression.kind, steps.isEmpty {
            if name.name == "list" { return .list(.dynamic) }
            if name.name == "map" { return .map(.dynamic) }
        }
        if let text = attribute.attribute.expression.literalText {
            switch text {
            case "string", "list", "map":
                let instead = text == "string" ? "" : " and write \(text)(string) instead to say that its elements are strings"
                report(
                    "Invalid quoted type constraints", "Type constraints in quotes are a form of Terraform 0.11 and earlier.",
                    at: attribute.valueSpan, hints: ["Remove the quotes around \"\(text)\"\(instead)."])
            default:
                report(
                    "Invalid legacy variable type hint",
                    "To provide a full type expression, remove the surrounding quotes and give the type expression directly.",
                    at: attribute.valueSpan)
            }
            return nil
        }
        do {
            return try typeConstraint(of: attribute.attribute.expression, file: attribute.file)
        } catch {
            diagnostics += error.diagnostics
            return nil
        }
    }

    private mutating func defaultValue(_ value: Value, of variable: Variable, _ attribute: LocatedAttribute, _ merged: MergedBlock)
        -> Value?
    {
        let span = attribute.valueSpan
        if value.isNull, !variable.isNullable {
            report("Invalid default value for variable", "A null default value is not valid when nullable=false.", at: span)
            return nil
        }
        do {
            return try value.converted(to: variable.type)
        } catch {
            let override = merged.overrides.last { $0.body.attribute("type") != nil }
            report(
                "Invalid default value for variable",
                override == nil
                    ? "This default value is not compatible with the variable's type constraint: \(error.description)."
                    : "Overriding this variable's type constraint has made its default value invalid: \(error.description).",
                at: override.map { $0.body.span($0.headerRange) } ?? span)
            // It has a default, if a faulty one: calls need not set it.
            return .null(variable.type)
        }
    }

    private mutating func decodeValidation(_ block: Block, of variable: inout Variable) {
        guard let condition = conditionBlock(block) else { return }
        let inCondition = references(in: condition.condition)
        if !inCondition.contains(where: { $0.subject == .variable(variable.name) }) {
            report(
                "Invalid variable validation condition",
                "The condition for variable \"\(variable.name)\" must refer to var.\(variable.name) in order to test incoming values.",
                at: condition.condition.span)
            return
        }
        let all = inCondition + references(in: condition.errorMessage)
        variable.references += all.filter { $0.subject != .variable(variable.name) }
        variable.validations.append(condition)
    }

    private static let conditionSchema = BodySchema(arguments: ["condition", "error_message"], required: ["condition", "error_message"])

    /// Condition and message of a block, nothing evaluated.
    mutating func conditionBlock(_ block: Block) -> ConditionBlock? {
        Self.conditionSchema.check(block.body, header: block.headerRange, into: &diagnostics)
        guard let condition = block.body.attribute("condition"), let message = block.body.attribute("error_message") else { return nil }
        return ConditionBlock(
            condition: LocatedExpression(condition.expression, file: block.body.file),
            errorMessage: LocatedExpression(message.expression, file: block.body.file), span: block.body.span(block.headerRange))
    }

    // MARK: Locals

    mutating func decodeLocal(_ local: (attribute: LocatedAttribute, order: Int)) {
        let name = local.attribute.attribute.name.name
        let expression = local.attribute.expression
        let found = references(in: expression)
        for reference in found where reference.subject == .local(name) {
            report(
                "Self-referencing local value", "Local value local.\(name) cannot use its own result as part of its expression.",
                at: reference.span)
            // The cycle is said; that it cannot be evaluated need not be.
        }
        locals.append(
            Local(
                name: name, value: expression, references: found,
                span: SourceSpan(file: local.attribute.file, range: local.attribute.attribute.range)))
    }

    // MARK: Outputs

    private static let outputSchema = BodySchema(
        arguments: ["description", "value", "depends_on", "sensitive", "ephemeral"], required: ["value"],
        blocks: [.init(type: "precondition"), .init(type: "postcondition")])

    mutating func decodeOutput(_ merged: MergedBlock) {
        let name = merged.base.labels[0].name
        var schema = Self.outputSchema
        // An override may leave the value as it was.
        if merged.overrides.contains(where: { $0.body.attribute("value") != nil }) { schema.required = [] }
        schema.check(merged.base.body, header: merged.base.headerRange, into: &diagnostics)
        schema.required = []
        for block in merged.overrides { schema.check(block.body, header: block.headerRange, into: &diagnostics) }
        checkName(merged.base.labels[0], file: merged.file, summary: "Invalid output name")
        for block in merged.blocks("postcondition") {
            report(
                "Postconditions are not allowed", "Output values can only have preconditions, not postconditions.",
                at: block.body.span(block.type.range))
        }
        guard let value = merged.attribute("value") else { return }
        var found = references(in: value.expression)
        var preconditions: [ConditionBlock] = []
        for block in merged.blocks("precondition") {
            guard let (condition, more) = checkedCondition(block, noun: "precondition", []) else { continue }
            preconditions.append(condition)
            found += more
        }
        let description = constantString(merged.attribute("description")) ?? ""
        let isSensitive = constantBool(merged.attribute("sensitive")) ?? false
        outputs.append(
            Output(
                name: name, value: value.expression,
                description: description.isEmpty ? interfaceOutputs[name]?.description ?? "" : description,
                isSensitive: isSensitive || interfaceOutputs[name]?.isSensitive ?? false,
                isEphemeral: constantBool(merged.attribute("ephemeral")) ?? false, dependsOn: dependsOn(merged),
                preconditions: preconditions,
                references: found, span: merged.span))
    }

    /// A condition with its references; it must refer to something, or it would check nothing.
    mutating func checkedCondition(_ block: Block, noun: String, _ context: NameContext) -> (ConditionBlock, [Reference])? {
        guard let condition = conditionBlock(block) else { return nil }
        let before = diagnostics.count
        let found = references(in: condition.condition, context)
        if found.isEmpty, diagnostics.count == before {
            report(
                "Invalid \(noun) expression",
                "The condition expression must refer to at least one object from elsewhere in the configuration, or else its result would not be checking anything.",
                at: condition.condition.span)
            return nil
        }
        return (condition, found + references(in: condition.errorMessage, context))
    }
}
