public import Diagnostics
import HCLSyntax
public import Values

/// Values of the root module's variables.
public struct ResolvedVariables: Sendable {
    /// Of every declared variable that has a value, given or default: converted, and marked as its declaration says.
    public var values: [String: Value]
    public var diagnostics: [Diagnostic]
    /// Those of which a diagnostic says that they have no value.
    public var missing: [Variable] = []
    /// The files and texts that diagnostics point into, none with a secret in it.
    public var sources: SourceMap
}

/// Which variables are to have a value.
public enum VariableSelection: Sendable {
    case all
    /// All that have one, given or default: it is no fault that others have none.
    case present
    /// Those that no plan holds.
    case ephemeral
    /// Those for which the inputs have one.
    case given
}

/// Works out the values of the root module's variables. Their `validation` blocks are the planner's.
///
/// - Parameter read: the bytes of a variables file.
public func resolveVariables(
    root: Module, inputs: VariableInputs, selection: VariableSelection = .all, read: @escaping @Sendable (String) throws -> [UInt8]
) -> ResolvedVariables {
    var resolver = VariableResolver(root: root, read: read)
    for (name, text) in inputs.environment.sorted(by: { $0.key < $1.key }) where name.hasPrefix("TF_VAR_") {
        resolver.takeText(String(name.dropFirst(7)), text, from: .environment)
    }
    for file in inputs.files { resolver.takeFile(file) }
    for item in inputs.commandLine {
        switch item {
        case .assignment(let text): resolver.takeAssignment(text)
        case .file(let path): resolver.takeFile(path)
        }
    }
    resolver.reportUndeclaredInFiles()
    return resolver.resolved(selection)
}

/// A value given from outside, with where.
struct GivenValue {
    enum Origin {
        case environment, commandLine
        case file(SourceSpan)
    }

    var value: Value
    var origin: Origin
}

struct VariableResolver {
    let root: Module
    let read: @Sendable (String) throws -> [UInt8]
    let declared: [String: Variable]
    var given: [String: GivenValue] = [:]
    /// Variables whose text could not be read, which has been reported.
    var faulty: Set<String> = []
    var undeclaredInFiles: [(name: String, span: SourceSpan)] = []
    var diagnostics: [Diagnostic] = []
    var sources = SourceMap()

    init(root: Module, read: @escaping @Sendable (String) throws -> [UInt8]) {
        self.root = root
        self.read = read
        declared = Dictionary(root.variables.map { ($0.name, $0) }) { first, _ in first }
    }

    // MARK: Texts

    mutating func takeAssignment(_ text: String) {
        guard let cut = text.firstIndex(of: "=") else {
            diagnostics.append(
                .error(
                    "Invalid -var option",
                    "The given -var option \"\(text)\" is not correctly specified. Must be a variable name and value separated by an equals sign, like -var=\"key=value\"."
                ))
            return
        }
        let name = String(text[..<cut])
        if name.hasSuffix(" ") || name.hasPrefix(" ") {
            let trimmed = String(name.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
            diagnostics.append(
                .error(
                    "Invalid -var option",
                    "Variable name \"\(name)\" is invalid due to \(name.hasSuffix(" ") ? "trailing" : "leading") space.",
                    hints: ["Did you mean -var=\"\(trimmed)=…\", without the space?"]))
            return
        }
        takeText(name, String(text[text.index(after: cut)...]), from: .commandLine)
    }

    /// A value as text: kept for variables without a type and those of a primitive type, parsed as an expression for the others.
    mutating func takeText(_ name: String, _ text: String, from origin: GivenValue.Origin) {
        guard let variable = declared[name] else {
            // The environment serves many configurations: what is not for this one is nobody's fault.
            guard case .commandLine = origin else { return }
            var hints = ["To use this value, add a \"variable\" block to the configuration."]
            if let near = nearestName(name, among: root.variables.map(\.name)) { hints = ["Did you mean \"\(near)\"?"] }
            diagnostics.append(
                .error(
                    "Value for undeclared variable",
                    "A variable named \"\(name)\" was assigned on the command line, but the root module does not declare a variable of that name.",
                    hints: hints))
            return
        }
        faulty.remove(name)
        guard variable.hasType, !variable.type.isPrimitive else {
            given[name] = GivenValue(value: .string(text), origin: origin)
            return
        }
        let path = "<value for var.\(name)>"
        let parsed = parseExpression(Array(text.utf8), path: path)
        var faults = parsed.diagnostics
        if !faults.hasErrors {
            do {
                given[name] = GivenValue(value: try constantValue(of: LocatedExpression(parsed.tree, file: path)), origin: origin)
                return
            } catch {
                faults = error.diagnostics
            }
        }
        faulty.insert(name)
        if variable.isSensitive {
            // Neither an excerpt nor the parser's words may show a secret.
            diagnostics.append(
                .error(
                    "Invalid value for input variable", "The text given for var.\(name), which is sensitive, is not an expression.",
                    at: variable.span))
        } else {
            sources.add(path: path, bytes: Array(text.utf8))
            diagnostics += faults
        }
    }

    // MARK: Results

    mutating func reportUndeclaredInFiles() {
        for (index, undeclared) in undeclaredInFiles.enumerated() {
            if index == 2, undeclaredInFiles.count > 3 {
                diagnostics.append(
                    .warning(
                        "Values for undeclared variables",
                        "In addition to the other similar warnings shown, \(undeclaredInFiles.count - 2) other variables are assigned in variables files without being declared."
                    ))
                return
            }
            let near = nearestName(undeclared.name, among: root.variables.map(\.name))
            diagnostics.append(
                .warning(
                    "Value for undeclared variable",
                    "The root module does not declare a variable named \"\(undeclared.name)\" but a value was found in file \"\(undeclared.span.file)\".",
                    at: undeclared.span,
                    hints: [
                        near.map { "Did you mean \"\($0)\"?" } ?? "To use this value, add a \"variable\" block to the configuration."
                    ]))
        }
    }

    func resolved(_ selection: VariableSelection) -> ResolvedVariables {
        var diagnostics = diagnostics
        var values: [String: Value] = [:]
        var missing: [Variable] = []
        for variable in root.variables where !faulty.contains(variable.name) {
            switch selection {
            case .all, .present: break
            case .ephemeral: if !variable.isEphemeral { continue }
            case .given: if given[variable.name] == nil { continue }
            }
            do {
                guard let value = try value(of: variable) else {
                    if case .present = selection { continue }
                    missing.append(variable)
                    diagnostics.append(
                        .error(
                            "No value for required variable",
                            "The root module input variable \"\(variable.name)\" is not set, and has no default value.", at: variable.span,
                            hints: ["Use a -var or -var-file command line argument to provide a value for this variable."]))
                    continue
                }
                var marks: Value.Marks = []
                if variable.isSensitive { marks.insert(.sensitive) }
                if variable.isEphemeral { marks.insert(.ephemeral) }
                values[variable.name] = value.marked(marks)
            } catch {
                diagnostics += error.diagnostics
            }
        }
        return ResolvedVariables(values: values, diagnostics: diagnostics, missing: missing, sources: sources)
    }

    private func value(of variable: Variable) throws(DiagnosticError) -> Value? {
        guard let given = given[variable.name] else { return variable.defaultValue }
        let converted: Value
        do {
            converted = try given.value.converted(to: variable.type)
        } catch {
            throw DiagnosticError(unsuitable(variable, given, because: error.description))
        }
        guard converted.isNull, !variable.isNullable else { return converted }
        if let fallback = variable.defaultValue { return fallback }
        throw DiagnosticError(
            .error(
                "Required variable not set",
                "The value given for var.\(variable.name) is not suitable: a required variable that is not nullable may not be set to null.",
                at: place(of: given, variable)))
    }

    private func unsuitable(_ variable: Variable, _ given: GivenValue, because reason: String) -> Diagnostic {
        let how =
            switch given.origin {
            case .environment: " set using the TF_VAR_\(variable.name) environment variable"
            case .commandLine: " set using -var=\"\(variable.name)=...\""
            case .file(let span): variable.isSensitive ? ", which is sensitive, set in \(span.file)" : ""
            }
        return .error(
            "Invalid value for input variable", "The value given for var.\(variable.name)\(how) is not suitable: \(reason).",
            at: place(of: given, variable))
    }

    /// The place in a file, unless an excerpt of it would show a secret; else the declaration.
    private func place(of given: GivenValue, _ variable: Variable) -> SourceSpan {
        if case .file(let span) = given.origin, !variable.isSensitive { return span }
        return variable.span
    }
}
