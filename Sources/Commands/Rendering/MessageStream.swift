import Addresses
import Applying
import Diagnostics
import Foundation
import PlanModel
import StateModel

/// What `-json` writes while planning and applying: one JSON object a line, in the form of the reference's machine-readable interface.
/// No attribute's value is in it, so no secret is.
struct MessageStream: Sendable {
    let terminal: Terminal

    func plan(_ plan: Plan) {
        message("Ashlar \(version)", type: "version") { json in
            json.pair("terraform", PublishedState.terraformVersion)
            json.pair("ui", "1.2")
        }
        for observation in plan.observed where observation.kind == .object {
            let address = observation.address
            message("\(address): Drift detected (\(observation.object == nil ? "delete" : "update"))", type: "resource_drift") { json in
                change(&json, address.description, action: observation.object == nil ? "delete" : "update")
            }
        }
        for item in plan.changes where item.action != .noOp && item.action != .record {
            let action = item.action.isReplace ? "replace" : item.action.rawValue
            message("\(item.address): Plan to \(action)", type: "planned_change") { json in
                change(&json, item.address.description, action: action, reason: item.reason.published(item.action))
            }
        }
        let added = plan.count(of: [.create, .deleteThenCreate, .createThenDelete])
        let removed = plan.count(of: [.delete, .deleteThenCreate, .createThenDelete])
        summary(
            "Plan: \(added) to add, \(plan.count(of: [.update])) to change, \(removed) to destroy.", added, plan.count(of: [.update]),
            removed, "plan")
    }

    func summary(_ text: String, _ added: Int, _ changed: Int, _ removed: Int, _ operation: String) {
        message(text, type: "change_summary") { json in
            json.key("changes")
            json.object { json in
                for (name, count) in [("add", added), ("change", changed), ("import", 0), ("remove", removed)] {
                    json.key(name)
                    json.int(count)
                }
                json.pair("operation", operation)
            }
        }
    }

    func step(_ type: String, _ text: String, _ step: ApplyStep, seconds: Double? = nil) {
        message(text, type: type) { json in
            json.key("hook")
            json.object { json in
                json.key("resource")
                json.object { json in json.pair("addr", step.label) }
                json.pair("action", step.effect?.rawValue ?? "noop")
                if let seconds {
                    json.key("elapsed_seconds")
                    json.int(Int(seconds.rounded()))
                }
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
                json.raw(diagnostic.published(sources: sources).json())
            }
        }
    }

    private func change(_ json: inout JSONText, _ address: String, action: String, reason: String? = nil) {
        json.key("change")
        json.object { json in
            json.key("resource")
            json.object { json in json.pair("addr", address) }
            json.pair("action", action)
            if let reason { json.pair("reason", reason) }
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
