import Addresses
import Diagnostics
import Evaluation
import ProviderKit
import Values

/// From an import id to as much of an object as reading it needs.
struct ObjectImporting {
    let resource: ResourceManifest
    let functions: ManifestFunctions
    let settings: Value

    /// What the id says, defaults for the rest; nil where objects of the type have no id that would be enough.
    func object(_ request: ImportRequest, sources: ManifestSources) throws(ProviderFailure) -> Value? {
        let what = "importing \(request.address)"
        var named: [String: Value]
        do throws(DiagnosticError) {
            guard let said = try names(request.id) else { return nil }
            named = said
        } catch {
            throw ProviderFailure(
                .invalidConfiguration, summary: "Unexpected import id",
                detail: "\"\(request.id)\" is not what names a \(resource.type.rawValue).\(form.map { " It has the form \($0)." } ?? "")")
        }
        if let container = resource.schema.containerAttribute {
            guard let holder = request.container else { return nil }
            named[container] = holder
        }
        let type = resource.schema.block.impliedType
        do throws(DiagnosticError) {
            let empty = Self.empty(resource.schema.block)
            let slots = ObjectFilling.slots(empty).merging(named) { _, given in given }
            let configuration = try converted(.object(slots.map { ($0.key, $0.value) }), to: type)
            let planned = try Proposer(resource: resource, functions: functions, settings: settings)
                .proposal(Desired(configuration: configuration), from: nil).planned
            return ObjectFilling.filled(planned ?? configuration, from: nil)
        } catch {
            throw ProviderFailure(error, attempting: what, sources: sources)
        }
    }

    private func converted(_ value: Value, to type: ValueType) throws(DiagnosticError) -> Value {
        do throws(ConversionError) {
            return try value.converted(to: type)
        } catch {
            throw DiagnosticError(
                .error(
                    "Unexpected import id", "What the id says does not fit the attributes: \(error.description).",
                    at: resource.headerSpan))
        }
    }

    /// Attributes by what the id says of them: as the manifest has it; else the one attribute that names the object where it stands; else
    /// its `id`.
    private func names(_ id: String) throws(DiagnosticError) -> [String: Value]? {
        if let importing = resource.importing {
            guard !importing.isEmpty else { return nil }
            let evaluation = RecipeEvaluation(
                scope: RecipeScope(names: ["import_id": .string(id), "setting": settings], functions: functions), functions: functions)
            var found: [String: Value] = [:]
            for (name, value) in importing { found[name] = try evaluation.value(value) }
            return found
        }
        return defaultName.map { [$0: .string(id)] }
    }

    private var defaultName: String? {
        let own = resource.schema.identity.filter { $0 != resource.schema.containerAttribute }
        if own.count == 1, resource.body.attribute("id") == nil { return own[0] }
        return resource.body.attribute("id") == nil ? nil : "id"
    }

    private var form: String? {
        guard let importing = resource.importing else { return defaultName.map { "of its \($0)" } }
        return importing.isEmpty ? nil : "that names \(importing.map(\.name).joined(separator: ", "))"
    }

    /// A body in which nothing is written.
    private static func empty(_ schema: BlockSchema) -> Value {
        var slots: [(String, Value)] = schema.attributes.map { ($0.name, .null($0.type)) }
        for block in schema.blocks {
            let type = block.block.impliedType
            switch block.nesting {
            case .single: slots.append((block.name, .null(type)))
            case .group: slots.append((block.name, empty(block.block)))
            case .list: slots.append((block.name, .list([], of: type)))
            case .set: slots.append((block.name, .set([Value](), of: type)))
            case .map: slots.append((block.name, .map([], of: type)))
            }
        }
        return .object(slots)
    }
}
