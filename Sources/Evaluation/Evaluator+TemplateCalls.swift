import Diagnostics
import HCLSyntax
import Values

/// `templatefile` and `templatestring`: functions that evaluate, and whose faults have a place of their own, within the template.
extension Evaluator {
    func templateFile(_ values: [Value]) throws(FunctionCallError) -> Value {
        try checkCall("templatefile", "path", values)
        let path = values[0]
        if path.isUnknown { return Value.unknown(.string, .notNull).marked(path.marks) }
        guard let text = path.stringValue else {
            throw FunctionCallError(argument: 0, parameter: "path", message: "string required")
        }
        let bytes: [UInt8]
        do throws(FunctionCallError) {
            bytes = try functions.readTemplate(text)
        } catch {
            var error = error
            (error.argument, error.parameter) = (0, "path")
            throw error
        }
        let source = TemplateSource(name: text, bytes: bytes)
        if let message = source.syntaxFault { throw FunctionCallError(message: message) }
        return try render(source, values[1], marks: path.marks)
    }

    func templateText(_ values: [Value], _ arguments: [Expression]) throws(FunctionCallError) -> Value {
        try checkCall("templatestring", "template", values)
        func fault(_ message: String) -> FunctionCallError { FunctionCallError(argument: 0, parameter: "template", message: message) }
        if let reason = arguments.first?.whyNoTemplateReference { throw fault("invalid template expression: \(reason)") }
        if values[0].isUnknown { return Value.unknown(.string, .notNull).marked(values[0].marks) }
        guard let text = values[0].stringValue else { throw fault("invalid template value: a string is required") }
        let source = TemplateSource(name: "<templatestring argument>", bytes: Array(text.utf8))
        if let message = source.syntaxFault { throw fault("invalid template: \(message)") }
        return try render(source, values[1], marks: values[0].marks)
    }

    private func checkCall(_ name: String, _ first: String, _ values: [Value]) throws(FunctionCallError) {
        if values.count < 2 {
            throw FunctionCallError(
                message: "Function \"\(name)\" expects 2 argument(s). Missing value for \"\(values.isEmpty ? first : "vars")\".",
                isArity: true)
        }
        if values.count > 2 {
            throw FunctionCallError(argument: 2, message: "Function \"\(name)\" expects only 2 argument(s).", isArity: true)
        }
        // A template that reads a template could read itself.
        if functions is TemplateFunctions {
            throw FunctionCallError(message: "cannot recursively call \(name) from inside another template function")
        }
        if name == "templatefile", values[0].isNull {
            throw FunctionCallError(argument: 0, parameter: first, message: "argument must not be null")
        }
        if values[1].isNull { throw FunctionCallError(argument: 1, parameter: "vars", message: "argument must not be null") }
    }

    private func render(_ source: TemplateSource, _ variables: Value, marks: Value.Marks) throws(FunctionCallError) -> Value {
        func fault(_ message: String) -> FunctionCallError { FunctionCallError(argument: 1, parameter: "vars", message: message) }
        if variables.isUnknown { return Value.unknown(.string, .notNull).marked(marks.union(variables.marks)) }
        guard let entries = variables.entries else { throw fault("invalid vars value: must be a map") }
        for (key, _) in entries {
            let starts = key.unicodeScalars.first.map { $0.properties.isIDStart || $0 == "_" } ?? false
            if !starts || !key.unicodeScalars.allSatisfy({ $0.properties.isIDContinue || $0 == "-" }) {
                throw fault(
                    "invalid template variable name \"\(key)\": must start with a letter, followed by zero or more letters, digits, and underscores"
                )
            }
        }
        let names = Dictionary(entries.map { ($0.key, $0.value.marked(variables.marks)) }) { _, last in last }
        for traversal in traversals(in: Expression(.template(source.parts), range: .empty)) where names[traversal.root.name] == nil {
            let known = names.keys.sorted { $0.precedesByBytes($1) }
            var missing = fault(
                "vars map does not contain key \"\(traversal.root.name)\", referenced at \(source.place(of: traversal.root.range))")
            if let near = nearestName(traversal.root.name, among: known) {
                missing.hints = ["Did you mean \"\(near)\"?"]
            } else if !known.isEmpty {
                missing.hints = ["The keys that it has are: \(known.joined(separator: ", "))."]
            }
            throw missing
        }
        let inner = Evaluator(
            file: source.name, scope: NamedValues(names, noun: "variable"), functions: TemplateFunctions(base: functions))
        do throws(DiagnosticError) {
            return try inner.templateString(source.parts).marked(marks)
        } catch {
            throw FunctionCallError(message: error.diagnostics.first.map(source.told) ?? "the template is at fault")
        }
    }
}

/// A template's text and what was read of it.
private struct TemplateSource {
    let name: String
    let parts: [TemplatePart]
    private let sources: SourceMap
    private let faults: [Diagnostic]

    init(name: String, bytes: [UInt8]) {
        self.name = name
        let parsed = parseTemplate(bytes, path: name)
        parts = parsed.tree
        faults = parsed.diagnostics.filter { $0.severity == .error }
        var sources = SourceMap()
        sources.add(path: name, bytes: bytes)
        self.sources = sources
    }

    /// Its first fault, with the place; nil if there is none.
    var syntaxFault: String? { faults.first.map(told) }

    func place(of range: SourceRange) -> String { sources.placeText(of: SourceSpan(file: name, range: range)) }

    /// A fault in the template within a sentence about the call.
    func told(_ fault: Diagnostic) -> String {
        let place = fault.subject.map { sources.placeText(of: $0) + ": " } ?? ""
        let hints = fault.hints.map { " " + $0 }.joined()
        return "\(place)\(fault.summary); \(fault.detail)\(hints)"
    }
}

extension Expression {
    /// Why it cannot be what `templatestring` renders; nil for a reference, by names and indices.
    fileprivate var whyNoTemplateReference: String? {
        switch kind {
        case .traversal, .splat: nil
        case .index(let source, _), .relative(let source, _): source.whyNoTemplateReference
        case .template(let parts):
            if parts.count == 1, case .interpolation = parts[0] {
                "the reference must be written directly, without any interpolation around it, for its value to be read as a template"
            } else {
                "a template that is written out here needs no function: write it as a string"
            }
        default: "must be a direct reference to a single string from elsewhere, containing valid template syntax"
        }
    }
}

/// Inside a template no other template may be read: it could be itself.
private struct TemplateFunctions: FunctionCalling {
    let base: any FunctionCalling
    var names: [String] { base.names }
    func has(_ name: String) -> Bool { base.has(name) }
    func call(_ name: String, _ arguments: [Value]) throws(FunctionCallError) -> Value { try base.call(name, arguments) }
    func readTemplate(_ path: String) throws(FunctionCallError) -> [UInt8] {
        throw FunctionCallError(message: "cannot read a template from inside another one")
    }
    func knowsProvider(_ name: String) -> Bool { base.knowsProvider(name) }
    func isImpure(_ name: String) -> Bool { base.isImpure(name) }
}
