import Addresses
import ConfigModel
import Diagnostics
import HCLSyntax
import Values

/// Reads the `override_*` blocks of a file, a run or a mock provider.
struct OverrideDecoder {
    let sources: SourceMap
    private(set) var overrides: [TestOverride] = []
    private(set) var diagnostics: [Diagnostic] = []
    private var places: [String: SourceSpan] = [:]

    init(sources: SourceMap) { self.sources = sources }

    mutating func decode(_ block: Block) {
        guard let kind = TestOverride.Kind(rawValue: block.type.name) else { return }
        let body = block.body
        let reader = TestBody(body)
        let header = body.span(block.headerRange)
        let argument = kind == .module ? "outputs" : "values"
        reader.check(["target", argument, "override_during"], into: &diagnostics)
        let moment = reader.keyword("override_during", ["plan", "apply"], into: &diagnostics)
        let values = Self.object(argument, in: body, of: kind.rawValue, into: &diagnostics)
        guard let attribute = body.attribute("target") else {
            diagnostics.append(.error("Missing target attribute", "\(kind.rawValue) blocks must specify a target address.", at: header))
            return
        }
        let span = body.span(attribute.expression.range)
        guard let text = TestBody.reference(attribute.expression), let target = AddressPattern(text) else {
            diagnostics.append(.error("Invalid override target", "The target is not an address of the configuration.", at: span))
            return
        }
        let fits: Bool
        let wanted: String
        switch kind {
        case .resource: (fits, wanted) = (target.mode == .managed, "resources")
        case .data: (fits, wanted) = (target.mode == .data, "data sources")
        case .module: (fits, wanted) = (target.isModule, "modules")
        }
        guard fits else {
            diagnostics.append(
                .error("Invalid override target", "You can only target \(wanted) from \(kind.rawValue) blocks, not \(text).", at: span))
            return
        }
        if let earlier = places[text] {
            diagnostics.append(
                .error(
                    "Duplicate \(kind.rawValue) block",
                    "An \(kind.rawValue) block targeting \(text) has already been defined at \(sources.placeText(of: earlier)).", at: header
                ))
            return
        }
        places[text] = header
        let place = body.attribute(argument).map { body.span($0.range) } ?? header
        overrides.append(
            TestOverride(
                kind: kind, target: target,
                values: MockValues(values: values ?? .emptyObject, isDuringPlan: moment.map { $0 == "plan" }, span: place), targetSpan: span
            ))
    }

    /// The object that an argument gives; nil where there is none or it is none, which has been reported.
    static func object(_ name: String, in body: Body, of block: String, into diagnostics: inout [Diagnostic]) -> Value? {
        guard let attribute = body.attribute(name) else { return nil }
        do throws(DiagnosticError) {
            let value = try constantValue(of: LocatedExpression(attribute.expression, file: body.file))
            if value.entries != nil { return value }
        } catch {
            diagnostics += error.diagnostics
            return nil
        }
        diagnostics.append(
            .error(
                "Invalid \(name) attribute",
                "\(block) blocks must specify \(name == "outputs" ? "an" : "a") \(name) attribute that is an object.",
                at: body.span(attribute.range)))
        return nil
    }
}
