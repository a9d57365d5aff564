import Addresses
import ConfigModel
import Diagnostics
import Evaluation
import HCLSyntax
import PlanModel
import ProviderKit
import StateModel
import Values

extension Planner {
    /// `ignore_changes`: what is named keeps its recorded value.
    func ignoring(_ ignored: Lifecycle.IgnoreChanges, _ desired: Value, _ prior: Value) -> Value {
        switch ignored {
        case .none: return desired
        case .all:
            guard case .object(let new) = desired.node, case .object(let old) = prior.node, new.shape.names == old.shape.names else {
                return desired
            }
            return .object(shape: new.shape, slots: old.slots)
        case .paths(let paths):
            var result = desired
            for ignored in paths {
                result = result.taking(ignored.path, from: prior)
            }
            return result
        }
    }

    /// What `ignore_changes` names has to be there, and what no configuration gives has nothing to ignore.
    func checkIgnored(_ block: ResourceBlock, _ type: TypeSchema) {
        guard case .paths(let paths) = block.lifecycle.ignoreChanges else { return }
        for ignored in paths {
            guard case .attribute(let name)? = ignored.path.steps.first else { continue }
            switch type.shape.member(name) {
            case nil:
                diagnostics.append(
                    .error(
                        "Unsupported attribute",
                        "ignore_changes of \(block.name) names \"\(name)\": this object has no argument, nested block, or exported attribute of that name.",
                        at: ignored.span,
                        hints: nearestName(name, among: type.shape.shape.names).map { ["Did you mean \"\($0)\"?"] } ?? []))
            case .attribute(let schema)? where ignored.path.steps.count == 1 && schema.isComputed && !schema.isOptional:
                diagnostics.append(
                    .warning(
                        "Redundant ignore_changes element",
                        "The attribute \(name) is decided by the provider alone: no configuration gives it a value, so that there is no change of the configuration to be ignored, and naming it in ignore_changes does nothing.",
                        at: block.span, hints: ["Remove \(name) from ignore_changes."]))
            default: break
            }
        }
    }

    /// `each.key` and what stands behind it in `a[each.key].input`.
    private func computedKey(of expression: Expression) -> (key: Expression, behind: [TraversalStep])? {
        switch expression.kind {
        case .parenthesized(let inner): return computedKey(of: inner)
        case .relative(let source, let steps): return computedKey(of: source).map { ($0.key, $0.behind + steps) }
        case .index(let source, let key):
            if case .traversal = source.kind { return (key, []) }
            // A key within a value: which one is not looked at.
            return computedKey(of: source)
        default: return nil
        }
    }

    private func valuePath(_ steps: [TraversalStep]) -> Path {
        Path(
            steps.compactMap { step in
                switch step {
                case .attribute(let name): .attribute(name.name)
                case .stringIndex(let key, _): .key(key)
                case .numberIndex(let digits, _): Int(digits).map { .index($0) }
                }
            })
    }

    /// Whether something named in `replace_triggered_by` has a change.
    func triggered(_ block: ResourceBlock, in instance: ModuleInstance, repetition: RepetitionValues) throws(DiagnosticError) -> Bool {
        for located in block.lifecycle.replaceTriggeredBy {
            for traversal in traversals(in: located.expression) {
                guard let reference = checkedReference(traversal, file: located.file), case .resource(let name) = reference.subject,
                    let item = declarations.indices[instance.module].resources[name]
                else { continue }
                let id = Cells.CellID(vertex: declarations.vertex(instance.module, .resource(item)), instance: instance.number)
                let computed = reference.key == nil && reference.remaining.isEmpty ? computedKey(of: located.expression) : nil
                let path = valuePath(reference.remaining + (computed?.behind ?? []))
                var wanted = reference.key
                if let computed, let cell = instance.resources[item], cell.mode != .single {
                    let value = try cells.evaluator(located.file, in: instance, repetition: repetition).value(of: computed.key)
                    wanted = value.stringValue.map { .key($0) } ?? value.intValue.map { .index($0) }
                }
                try requireThere(name, wanted, in: instance, item, of: block, at: SourceSpan(file: located.file, range: traversal.range))
                for index in draftsByCell[id] ?? [] {
                    let change = drafts[index].change
                    if let wanted, wanted != change.address.instance.key { continue }
                    switch change.action {
                    // Only what was there before can change: a first creation replaces nothing.
                    case .noOp, .record, .read, .forget, .create: continue
                    default: break
                    }
                    if path.steps.isEmpty { return true }
                    if change.before?.value(at: path) != change.after?.value(at: path) { return true }
                }
            }
        }
        return false
    }

    /// A trigger that is never pulled is a mistake: the instance that it names is not there, or it names its own resource.
    private func requireThere(
        _ name: ResourceName, _ key: InstanceKey?, in instance: ModuleInstance, _ item: Int, of block: ResourceBlock, at span: SourceSpan
    ) throws(DiagnosticError) {
        let address = ResourceAddress(module: instance.path, resource: name)
        let reason: String
        if name == block.name {
            reason = "a resource cannot be replaced because of its own changes"
        } else if let key, let cell = instance.resources[item], !cell.isOpen, !cell.keys.contains(key) {
            reason = cell.keys.isEmpty ? "it has no instances" : "its instances are \(listing(cell.keys.map { address.instance($0) }))"
        } else {
            return
        }
        throw DiagnosticError(
            .error(
                "no change found for \(key.map { address.instance($0).description } ?? address.description) in \(instance.path.isRoot ? "the root module" : instance.path.description)",
                "replace_triggered_by of \(block.name) names what cannot be waited for: \(reason).", at: span))
    }

    private func listing(_ addresses: [ResourceInstanceAddress]) -> String {
        let shown = addresses.prefix(5).map(\.description).joined(separator: ", ")
        return addresses.count > 5 ? "\(shown) and \(addresses.count - 5) more" : shown
    }

    /// The object would be held by another container than before.
    func containerDiffers(_ planned: Value, _ prior: Value, _ type: TypeSchema) -> Bool {
        guard let name = type.schema.containerAttribute, let new = planned[name], let old = prior[name] else { return false }
        return (new["id"] ?? new).withoutMarks([.sensitive]) != (old["id"] ?? old).withoutMarks([.sensitive])
    }

    /// Equal but for how the container is reached.
    func sameApartFromContainer(_ planned: Value, _ prior: Value, _ type: TypeSchema) -> Bool {
        guard let skipped = type.containerSlot else { return planned == prior }
        guard case .object(let new) = planned.node, case .object(let old) = prior.node, new.shape.names == old.shape.names else {
            return planned == prior
        }
        for slot in new.slots.indices where slot != skipped && new.slots[slot] != old.slots[slot] { return false }
        return true
    }

    /// `host.rack["a"]|host_file|/etc/motd`; empty where the type has no natural identity or it is not known yet.
    func identity(of planned: Value, _ type: TypeSchema, container: ResourceInstanceAddress?) -> String {
        name(of: planned, by: type.schema.identity, type, container: container)
    }

    /// `host_probe|host.rack["a"]|TCP port 80`: what no other object may have beside it. Empty as for an identity.
    func claim(of planned: Value, _ type: TypeSchema, container: ResourceInstanceAddress?) -> String {
        name(of: planned, by: type.schema.unique, type, container: container)
    }

    private func name(of planned: Value, by attributes: [String], _ type: TypeSchema, container: ResourceInstanceAddress?) -> String {
        guard !attributes.isEmpty else { return "" }
        var parts = [type.schema.type.rawValue]
        var names = false
        for name in attributes {
            guard let value = planned[name] else { return "" }
            if name == type.schema.containerAttribute {
                guard let container else { return "" }
                parts.append(container.description)
                continue
            }
            guard value.isWhollyKnown, !value.holdsSensitive else { return "" }
            if value.isNull {
                parts.append("")
            } else if let text = value.stringValue {
                parts.append(text)
                names = true
            } else if let number = value.numberValue {
                parts.append(number.description)
                names = true
            } else if let text = try? value.jsonText() {
                // Infinite numbers alone have no JSON text; they name nothing.
                parts.append(text)
                names = true
            }
        }
        // Nothing but nulls names nothing.
        guard names else { return "" }
        return parts.joined(separator: "|")
    }

    /// Whether it is replaced with the kind that it is a part of; where none of the parts is marked, all are.
    func isPrincipal(_ block: ResourceBlock, in instance: ModuleInstance) -> Bool {
        block.lifecycle.isPrincipal || !inputs.configuration.modules[instance.module].resources.contains { $0.lifecycle.isPrincipal }
    }

    func isGuarded(_ planned: Value, _ type: TypeSchema) -> Bool {
        guard type.schema.isGuarded else { return false }
        return planned["protect"]?.boolValue ?? true
    }
}
