import Diagnostics
import Evaluation
import HCLSyntax
import Values

/// Collects what is wrong with manifests while they are read, so that one run says everything.
final class ManifestReport {
    var diagnostics: [Diagnostic] = []

    func error(_ summary: String, _ detail: String, at span: SourceSpan, hints: [String] = []) {
        diagnostics.append(.error(summary, detail, at: span, hints: hints))
    }
}

/// A set of named expressions that must be of known names: the arguments of a block or the items of an object that is written out.
struct ArgumentReader {
    let file: String
    let what: String
    let span: SourceSpan
    let report: ManifestReport
    private(set) var items: [String: (expression: Expression, name: Identifier)] = [:]
    private(set) var order: [String] = []

    /// Arguments of a block's body.
    init(_ body: Body, what: String, span: SourceSpan, report: ManifestReport, known: [String]) {
        self.init(file: body.file, what: what, span: span, report: report)
        for attribute in body.attributes { add(attribute.name, attribute.expression, known: known) }
    }

    /// Items of an object expression.
    init(_ object: Sourced, what: String, report: ManifestReport, known: [String]?) {
        self.init(file: object.file, what: what, span: object.span, report: report)
        guard case .object(let items) = object.expression.kind else {
            report.error("Invalid manifest", "\(what) must be written as an object: { name = value }.", at: object.span)
            return
        }
        for item in items {
            guard let name = Self.name(of: item.key) else {
                report.error("Invalid manifest", "A name in \(what) must be written out.", at: object.span)
                continue
            }
            add(name, item.value, known: known)
        }
    }

    private init(file: String, what: String, span: SourceSpan, report: ManifestReport) {
        self.file = file
        self.what = what
        self.span = span
        self.report = report
    }

    private mutating func add(_ name: Identifier, _ expression: Expression, known: [String]?) {
        let place = SourceSpan(file: file, range: name.range)
        if let known, !known.contains(name.name) {
            report.error(
                "Unsupported argument", "There is no argument \"\(name.name)\" in \(what). Known are: \(known.joined(separator: ", ")).",
                at: place, hints: nearestName(name.name, among: known).map { ["Did you mean \"\($0)\"?"] } ?? [])
            return
        }
        if items[name.name] != nil {
            report.error("Duplicate argument", "\"\(name.name)\" is given twice in \(what).", at: place)
            return
        }
        items[name.name] = (expression, name)
        order.append(name.name)
    }

    static func name(of key: ObjectItem.Key) -> Identifier? {
        switch key {
        case .name(let name): return name
        case .expression(let expression):
            if case .template(let parts) = expression.kind, parts.count == 1, case .literal(let text, _) = parts[0] {
                return Identifier(name: text, range: expression.range)
            }
            return nil
        }
    }

    func has(_ name: String) -> Bool { items[name] != nil }

    func sourced(_ name: String) -> Sourced? { items[name].map { Sourced(expression: $0.expression, file: file) } }

    /// The named expressions of an object that is written out.
    func expressions(_ name: String) -> [String: Sourced] {
        guard let given = sourced(name) else { return [:] }
        let items = ArgumentReader(given, what: "\(name) of \(what)", report: report, known: nil)
        return items.items.mapValues { Sourced(expression: $0.expression, file: file) }
    }

    func span(of name: String) -> SourceSpan { items[name].map { SourceSpan(file: file, range: $0.expression.range) } ?? span }

    /// A value that needs nothing from outside.
    func constant(_ name: String, as type: ValueType) -> Value? {
        guard let item = items[name] else { return nil }
        let evaluator = Evaluator(file: file, scope: NamedValues([:]), functions: NoFunctions())
        do throws(DiagnosticError) {
            let value = try evaluator.value(of: item.expression)
            do throws(ConversionError) {
                let converted = try value.converted(to: type)
                if converted.isNull {
                    report.error("Invalid manifest", "\"\(name)\" of \(what) is null.", at: span(of: name))
                    return nil
                }
                return converted
            } catch {
                report.error(
                    "Incorrect value type", "\"\(name)\" of \(what) must be a \(type.friendlyName): \(error.description).",
                    at: span(of: name))
            }
        } catch {
            for diagnostic in error.diagnostics {
                report.error(
                    "Invalid manifest", "\"\(name)\" of \(what) must be a constant. \(diagnostic.detail)",
                    at: diagnostic.subject ?? span(of: name),
                    hints: diagnostic.hints)
            }
        }
        return nil
    }

    func string(_ name: String) -> String? { constant(name, as: .string)?.stringValue }
    func flag(_ name: String) -> Bool { constant(name, as: .bool)?.boolValue ?? false }
    func strings(_ name: String) -> [String]? { constant(name, as: .list(.string))?.elements?.compactMap(\.stringValue) }
    func int(_ name: String) -> Int? {
        guard let value = constant(name, as: .number) else { return nil }
        guard let number = value.intValue else {
            report.error("Incorrect value type", "\"\(name)\" of \(what) must be a whole number.", at: span(of: name))
            return nil
        }
        return number
    }
}

extension ManifestReport {
    /// Says which blocks of a body have no business there.
    func refuseBlocks(_ body: Body, except known: [String], what: String) {
        for block in body.blocks where !known.contains(block.type.name) {
            let detail =
                known.isEmpty
                ? "There can be no blocks in \(what)."
                : "There is no block \"\(block.type.name)\" in \(what). Known are: \(known.joined(separator: ", "))."
            error(
                "Unsupported block type", detail, at: body.span(block.headerRange),
                hints: nearestName(block.type.name, among: known).map { ["Did you mean \"\($0)\"?"] } ?? [])
        }
    }

    /// The one label of a block.
    func label(of block: Block, in body: Body, what: String) -> String? {
        guard block.labels.count == 1 else {
            error("Wrong number of labels", "\(what) has one label: its name.", at: body.span(block.headerRange))
            return nil
        }
        return block.labels[0].name
    }
}
