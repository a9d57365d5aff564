import Addresses
import Diagnostics
import Evaluation
import ProviderKit
import Transport
import Values

/// Carries recipes out as scripts on hosts: everything of one host that is asked together travels as one script.
struct ShellEngine: Sendable {
    let manifest: ProviderManifest
    let ssh: SSHSettings
    /// The provider's settings, sensitive ones marked.
    let settings: Value
    let functions: ManifestFunctions

    var hosts: any HostTransport { ssh.transports.hosts }

    // MARK: Where

    /// The object that scripts of an object run on: what contains it, or itself where it is a host (which a machine may contain,
    /// through which nothing can be run).
    func host(of resource: ResourceManifest, attributes: Value, container: Value?) -> Value {
        if let attribute = resource.body.attributes.first(where: \.isHost) { return container ?? attributes[attribute.name] ?? .null }
        return attributes
    }

    /// What names a host in groups.
    static func key(of host: Value) -> String {
        if let id = host["id"]?.stringValue { return id }
        guard let address = host["address"]?.stringValue else { return "" }
        return "\(address):\(host["port"]?.intValue ?? 22)"
    }

    // MARK: Expressions

    /// The names that recipes of an object see.
    func evaluation(_ resource: ResourceManifest, subject: Value, names: [String: Value] = [:]) -> RecipeEvaluation {
        var all = names
        all["setting"] = settings
        return RecipeEvaluation(
            scope: RecipeScope(names: all, subject: marked(subject, resource), lets: resource.lets, functions: functions),
            functions: functions)
    }

    func marked(_ object: Value, _ resource: ResourceManifest) -> Value {
        guard resource.body.attributes.contains(where: { $0.schema.isSensitive }) else { return object }
        guard let entries = object.entries else { return object }
        return Value.object(
            entries.map { entry in
                (entry.key, resource.body.attribute(entry.key)?.schema.isSensitive == true ? entry.value.marked(.sensitive) : entry.value)
            }
        ).withMarks(object.marks)
    }

    /// Units that read objects of one type, and which unit is whose.
    struct Reading {
        var units: [ScriptUnit] = []
        /// Facts by their names: unit's place.
        var facts: [(facts: FactsManifest, unit: Int)] = []
        /// For each object the units of its own.
        var own: [[Int]] = []
    }

    /// - Parameter first: number of the first unit.
    func reading(_ resource: ResourceManifest, _ objects: [Value], from first: Int) throws(DiagnosticError) -> Reading {
        var reading = Reading()
        guard let recipe = resource.read else { return reading }
        if !recipe.facts.isEmpty {
            let all = evaluation(resource, subject: .emptyObject, names: ["objects": .tuple(objects.map { marked($0, resource) })])
            for facts in recipe.facts {
                guard let unit = try ScriptRendering(evaluation: all).facts(facts) else { continue }
                reading.facts.append((facts, first + reading.units.count))
                reading.units.append(unit)
            }
        }
        for object in objects {
            let units = try ScriptRendering(evaluation: evaluation(resource, subject: object)).units(of: recipe)
            reading.own.append(Array((first + reading.units.count)..<(first + reading.units.count + units.count)))
            reading.units.append(contentsOf: units)
        }
        return reading
    }

    /// Tables of facts; one that was not asked for is empty.
    func factsValue(_ resource: ResourceManifest, _ reading: Reading, _ results: [Int: UnitResult]) -> Value {
        var tables: [(String, Value)] = []
        for facts in resource.read?.facts ?? [] {
            let place = reading.facts.first { $0.facts.name == facts.name }
            tables.append((facts.name, facts.table(place.flatMap { results[$0.unit] } ?? UnitResult())))
        }
        return .object(tables)
    }

    /// The object as its read found it; nil where it is gone.
    func found(
        _ resource: ResourceManifest, base: Value, units: [Int], facts: Value, connection: Value, _ results: [Int: UnitResult]
    ) throws(DiagnosticError) -> Value? {
        var emitted: [String: String] = [:]
        for unit in units {
            guard let result = results[unit] else { continue }
            if result.isGone { return nil }
            emitted.merge(result.emitted) { _, last in last }
        }
        let evaluation = evaluation(
            resource, subject: base,
            names: [
                "facts": facts, "emitted": .map(emitted.map { ($0.key, Value.string($0.value)) }, of: .string), "connection": connection,
            ])
        if let refused = resource.read?.refused, let why = try evaluation.value(refused, as: .string, what: "refused").stringValue {
            throw DiagnosticError(.error("Not read", why, at: refused.span))
        }
        if let gone = resource.read?.gone, try evaluation.condition(gone, what: "gone") == true { return nil }
        return try ObjectFilling(resource: resource).read(base: base, emitted: emitted, evaluation)
    }

    // MARK: Failures

    /// Why a unit failed.
    func failure(
        _ run: ScriptRun, _ unit: ScriptUnit, at index: Int, _ result: UnitResult, errorOutput: [UInt8], attempting what: String,
        _ redaction: Redaction
    )
        -> ProviderFailure
    {
        var place = ""
        if let line = result.line, line > 0 {
            place = " at \(unit.file) line \(line)"
            if let text = manifest.sources.line(line, of: unit.file) { place += " (`\(text)`)" }
        }
        let lines = redaction.texts(run.errorLines(of: index, in: errorOutput))
        let said = lines.isEmpty ? "It wrote nothing to standard error." : "It wrote: \(lines.joined(separator: "\n"))"
        return ProviderFailure(
            .rejected, summary: "Script failed", detail: "While \(what): exit status \(result.status)\(place). \(said)",
            serviceMessage: lines.isEmpty ? nil : lines.joined(separator: "\n"))
    }

    func interrupted(_ failure: TransportFailure, attempting what: String) -> ProviderFailure {
        var result = ProviderFailure(failure, attempting: what)
        if !failure.hadNoEffect { result.detail += " What the script did until then is not known." }
        return result
    }
}
