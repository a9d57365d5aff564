import Addresses
import Applying
import Diagnostics
import Foundation
import PlanModel
import StateModel
import Values

/// What `-json` writes while planning and applying: one JSON object a line, in the form of the reference's machine-readable interface.
/// Of values, identifiers and root outputs are in it, and of those none that is sensitive.
struct MessageStream: Sendable {
    let terminal: Terminal

    /// The first line of every stream.
    func begin() {
        message("Ashlar \(version)", type: "version") { json in
            json.pair("terraform", PublishedState.terraformVersion)
            json.pair("ui", "1.2")
        }
    }

    // MARK: Plans

    func plan(_ plan: Plan, base: StateSnapshot) {
        for observation in plan.observed where observation.kind == .object {
            let action = observation.object == nil ? "delete" : "update"
            message("\(observation.address): Drift detected (\(action))", type: "resource_drift") { json in
                change(&json, observation.address.instance, action)
            }
        }
        plannedChanges(plan)
        let added = plan.count(of: [.create, .deleteThenCreate, .createThenDelete])
        let removed = plan.count(of: [.delete, .deleteThenCreate, .createThenDelete])
        let changed = plan.count(of: [.update])
        let imported = plan.changes.count { $0.importing != nil }
        let importing = imported > 0 ? "\(imported) to import, " : ""
        summary(
            "Plan: \(importing)\(added) to add, \(changed) to change, \(removed) to destroy.", added, changed, removed, imported: imported,
            "plan")
        outputs(plan, base)
    }

    func plannedChanges(_ plan: Plan) {
        for item in plan.changes {
            let action = item.messageAction
            guard action != "noop" else { continue }
            message("\(item.address): Plan to \(action)", type: "planned_change") { json in
                change(
                    &json, item.address.instance, action, from: item.previousAddress, reason: item.reason.message, importing: item.importing
                )
            }
        }
    }

    private func outputs(_ plan: Plan, _ base: StateSnapshot) {
        var actions: [String: (action: String, isSensitive: Bool)] = [:]
        if plan.mode != .destroy { actions = base.outputs.mapValues { ("noop", $0.isSensitive) } }
        for output in plan.outputs {
            actions[output.name] = (output.before == nil ? "create" : output.after == nil ? "delete" : "update", output.isHidden)
        }
        guard !actions.isEmpty else { return }
        message("Outputs: \(actions.count)", type: "outputs") { json in
            json.key("outputs")
            json.object { json in
                for (name, output) in actions.sorted(by: { $0.key.precedesByBytes($1.key) }) {
                    json.key(name)
                    json.object { json in
                        json.key("sensitive")
                        json.bool(output.isSensitive)
                        json.pair("action", output.action)
                    }
                }
            }
        }
    }

    // MARK: Applying

    func summary(_ text: String, _ added: Int, _ changed: Int, _ removed: Int, imported: Int = 0, _ operation: String) {
        message(text, type: "change_summary") { json in
            json.key("changes")
            json.object { json in
                for (name, count) in [("add", added), ("change", changed), ("import", imported), ("remove", removed)] {
                    json.key(name)
                    json.int(count)
                }
                json.pair("operation", operation)
            }
        }
    }

    /// Root outputs as they are recorded now.
    func outputs(_ outputs: [String: OutputRecord]) {
        guard !outputs.isEmpty else { return }
        message("Outputs: \(outputs.count)", type: "outputs") { json in
            json.key("outputs")
            json.object { json in
                for (name, output) in outputs.sorted(by: { $0.key.precedesByBytes($1.key) }) {
                    json.key(name)
                    json.object { json in
                        json.key("sensitive")
                        json.bool(output.isSensitive)
                        json.key("type")
                        json.raw(output.value.type.publishedJSON)
                        // What has no JSON text, an infinite number, is not recorded.
                        guard !output.isSensitive, let text = try? output.value.jsonText() else { return }
                        json.key("value")
                        json.raw(text)
                    }
                }
            }
        }
    }

    /// - Parameter object: whose identifier is told.
    func step(_ type: String, _ text: String, _ step: ApplyStep, object: Value? = nil, seconds: Double? = nil) {
        message(text, type: type) { json in
            json.key("hook")
            json.object { json in
                if let address = step.address { resource(&json, address.instance) }
                json.pair("action", step.effect?.hookAction ?? "noop")
                if let id = object?["id"], !id.holdsSensitive, let text = id.stringValue {
                    json.pair("id_key", "id")
                    json.pair("id_value", text)
                }
                if let seconds {
                    json.key("elapsed_seconds")
                    json.int(Int(seconds.rounded()))
                }
            }
        }
    }

    /// - Parameter output: a line that it printed.
    func provisioner(_ type: String, _ text: String, _ step: ApplyStep, _ provisioner: String, output: String? = nil) {
        message(text, type: type) { json in
            json.key("hook")
            json.object { json in
                if let address = step.address { resource(&json, address.instance) }
                json.pair("provisioner", provisioner)
                if let output { json.pair("output", output) }
            }
        }
    }

    func diagnostics(_ diagnostics: [Diagnostic], _ sources: SourceMap) {
        for diagnostic in diagnostics {
            message(
                "\(diagnostic.severity == .error ? "Error" : "Warning"): \(diagnostic.summary)", type: "diagnostic",
                level: diagnostic.severity == .error ? "error" : "warn"
            ) { json in
                json.key("diagnostic")
                json.raw(diagnostic.published(sources: sources) { PublishedFunctions.signature(of: $0) }.json())
            }
        }
    }

    // MARK: Parts

    private func change(
        _ json: inout JSONText, _ address: ResourceInstanceAddress, _ action: String, from previous: ResourceInstanceAddress? = nil,
        reason: String? = nil, importing: Change.Import? = nil
    ) {
        json.key("change")
        json.object { json in
            resource(&json, address)
            if let previous { resource(&json, previous, key: "previous_resource") }
            json.pair("action", action)
            if let reason { json.pair("reason", reason) }
            if let importing {
                json.key("importing")
                json.object { json in json.pair("id", importing.id) }
                if let generated = importing.generated { json.pair("generated_config", generated) }
            }
        }
    }

    private func resource(_ json: inout JSONText, _ address: ResourceInstanceAddress, key: String = "resource") {
        json.key(key)
        json.object { json in
            json.pair("addr", address.publishedDescription)
            json.pair("module", address.module.publishedDescription)
            json.pair("resource", address.resource.resource.description + address.key.description)
            json.pair("implied_provider", String(address.type.rawValue.prefix { $0 != "_" }))
            json.pair("resource_type", address.type.rawValue)
            json.pair("resource_name", address.resource.resource.name)
            if address.key == .none {
                json.key("resource_key")
                json.null()
            } else {
                json.instanceKey("resource_key", address.key)
            }
        }
    }

    private func message(_ text: String, type: String, level: String = "info", _ body: (inout JSONText) -> Void) {
        var json = JSONText()
        json.object { json in
            json.pair("@level", level)
            json.pair("@message", text)
            json.pair("@module", "ashlar.ui")
            json.pair("@timestamp", Date().formatted(.iso8601))
            json.pair("type", type)
            body(&json)
        }
        terminal.write(json.text + "\n")
    }
}

extension Change {
    /// In the words of the published messages.
    fileprivate var messageAction: String {
        switch action {
        case .noOp, .record: importing != nil ? "import" : previousAddress == nil ? "noop" : "move"
        case .forget: "remove"
        case .deleteThenCreate, .createThenDelete: "replace"
        case .create, .update, .delete, .read: action.rawValue
        }
    }
}

extension Change.Reason {
    /// In the words of the published messages, which leave out what the action says already.
    fileprivate var message: String? {
        switch self {
        case .cannotUpdate: "cannot_update"
        case .tainted: "tainted"
        case .requested: "requested"
        case .triggeredBy: "replace_triggered_by"
        default: published
        }
    }
}

extension Vertex.Effect {
    fileprivate var hookAction: String {
        switch self {
        case .create, .update, .delete, .read: rawValue
        case .forget, .record, .noOp, .importing, .provision, .deprovision: "noop"
        }
    }
}
