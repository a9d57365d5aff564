import ConfigModel
import Diagnostics
import Evaluation
import Foundation
import HCLSyntax
import Values

/// A backend with what it was told, in the configuration and by `init`.
struct BackendSettings: Equatable {
    var kind: BackendKind
    /// As text, whatever their types; what is not there was not said, or null.
    var values: [String: String] = [:]

    /// Where there is no `backend` block.
    static let standard = BackendSettings(kind: .sqlite)

    /// What a block says, or what is wrong with it.
    init(_ block: Block) throws(DiagnosticError) {
        let body = block.body
        let name = block.labels.first?.name ?? ""
        guard let kind = BackendKind(rawValue: name) else { throw Self.unsupported(name, at: body.span(block.headerRange)) }
        self.init(kind: kind)
        var faults: [Diagnostic] = body.blocks.map { nested in
            .error(
                "Unsupported block type", "Blocks of type \"\(nested.type.name)\" are not expected here.",
                at: nested.body.span(nested.headerRange))
        }
        for attribute in body.attributes {
            do throws(DiagnosticError) {
                try set(attribute, in: body)
            } catch {
                faults += error.diagnostics
            }
        }
        if !faults.isEmpty { throw DiagnosticError(faults) }
    }

    init(kind: BackendKind, values: [String: String] = [:]) {
        self.kind = kind
        self.values = values
    }

    private static func unsupported(_ name: String, at place: SourceSpan?) -> DiagnosticError {
        if BackendKind.foreign.contains(name) {
            return DiagnosticError(
                .error(
                    "Unsupported backend type", "States in the backend \"\(name)\" are not supported yet.", at: place,
                    hints: ["Keep the state in a file: backend \"local\", or no backend block at all."]))
        }
        let near = nearestName(name, among: BackendKind.allCases.map(\.rawValue)).map { ["Did you mean \"\($0)\"?"] } ?? []
        return DiagnosticError(
            .error("Unsupported backend type", "There is no backend type named \"\(name)\".", at: place, hints: near))
    }

    private mutating func set(_ attribute: Attribute, in body: Body) throws(DiagnosticError) {
        let name = attribute.name.name
        guard let setting = kind.settings.first(where: { $0.name == name }) else {
            let near = nearestName(name, among: kind.settings.map(\.name)).map { " Did you mean \"\($0)\"?" } ?? ""
            throw DiagnosticError(
                .error(
                    "Unsupported argument", "An argument named \"\(name)\" is not expected here.\(near)",
                    at: body.span(attribute.name.range)))
        }
        let expression = LocatedExpression(attribute.expression, file: body.file)
        try set(setting, to: try constantValue(of: expression), at: expression.span)
    }

    private mutating func set(_ setting: BackendKind.Setting, to value: Value, at place: SourceSpan?) throws(DiagnosticError) {
        let noun: String
        let type: ValueType
        switch setting.type {
        case .string: (noun, type) = ("string", .string)
        case .number: (noun, type) = ("number", .number)
        case .bool: (noun, type) = ("bool", .bool)
        }
        guard let typed = try? value.withoutMarks([.sensitive]).converted(to: type), typed.isWhollyKnown,
            let text = typed.isNull ? .some(nil) : (try? typed.converted(to: .string)).map(\.stringValue)
        else {
            throw DiagnosticError(
                .error(
                    "Incorrect attribute value type", "Inappropriate value for attribute \"\(setting.name)\": \(noun) required.", at: place)
            )
        }
        values[setting.name] = text
    }

    // MARK: On the command line

    /// `-backend-config=FILE` or `-backend-config=KEY=VALUE`, the later going before the earlier.
    ///
    /// - Parameter sources: gets the files that are read.
    mutating func add(_ option: String, directory: String, sources: inout SourceMap) throws(DiagnosticError) {
        // A file's name may have an equals sign only behind what could be no key.
        guard let equals = option.firstIndex(of: "="), !option[..<equals].contains("/") else {
            return try addFile(option, directory: directory, sources: &sources)
        }
        let name = option[..<equals].trimmingCharacters(in: .whitespaces)
        guard let setting = kind.settings.first(where: { $0.name == name }) else { throw Self.unexpected(name) }
        do throws(DiagnosticError) {
            try set(setting, to: .string(String(option[option.index(after: equals)...])), at: nil)
        } catch {
            let noun = setting.type == .number ? "number" : "bool"
            throw DiagnosticError(
                .error(
                    "Invalid backend configuration value",
                    "Invalid backend configuration argument -backend-config=\"\(option)\": a \(noun) is required"))
        }
    }

    private mutating func addFile(_ path: String, directory: String, sources: inout SourceMap) throws(DiagnosticError) {
        let full = path.hasPrefix("/") ? path : directory + "/" + path
        guard let bytes = FileManager.default.contents(atPath: full) else {
            throw DiagnosticError(.error("Failed to read file", "The file \"\(path)\" could not be read."))
        }
        let parsed = parseFile([UInt8](bytes), path: path)
        sources.add(parsed.tree)
        if parsed.diagnostics.hasErrors { throw DiagnosticError(parsed.diagnostics) }
        let body = parsed.tree.body
        for attribute in body.attributes {
            guard kind.settings.contains(where: { $0.name == attribute.name.name }) else {
                throw Self.unexpected(attribute.name.name, at: body.span(attribute.name.range))
            }
            try set(attribute, in: body)
        }
    }

    private static func unexpected(_ name: String, at place: SourceSpan? = nil) -> DiagnosticError {
        DiagnosticError(
            .error(
                "Invalid backend configuration argument",
                "The backend configuration argument \"\(name)\" given on the command line is not expected for the selected backend type.",
                at: place))
    }

    // MARK: Reading

    /// What holds: what was said, else what the environment says.
    func text(_ name: String, _ environment: [String: String]) -> String? {
        if let value = values[name] { return value }
        guard let variable = kind.settings.first(where: { $0.name == name })?.variable else { return nil }
        return environment[variable].flatMap { $0.isEmpty ? nil : $0 }
    }

    /// Settings that no store could be made of.
    func faults(_ environment: [String: String]) -> [Diagnostic] {
        var faults = httpFaults(environment)
        if values["path"] == "" {
            faults.append(.error("Invalid local state file path", "The \"path\" attribute value must not be empty."))
        }
        if values["workspace_dir"] == "" {
            faults.append(
                .error("Invalid local workspace directory path", "The \"workspace_dir\" attribute value must not be empty."))
        }
        return faults
    }
}
