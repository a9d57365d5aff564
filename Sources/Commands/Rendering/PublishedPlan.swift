import Addresses
import FoundationEssentials
import PlanModel
import StateModel
import Values

/// `show -json` of a plan, in the format that the Terraform CLI publishes.
struct PublishedPlan {
    let plan: Plan
    let base: StateSnapshot

    func json() throws -> String {
        var json = JSONText()
        try json.object { json in
            json.pair("format_version", "1.2")
            json.pair("terraform_version", PublishedState.terraformVersion)
            if !plan.variables.isEmpty {
                json.key("variables")
                try json.object { json in
                    for variable in plan.variables {
                        json.key(variable.name)
                        try json.object { json in
                            json.key("value")
                            try json.value(variable.value)
                        }
                    }
                }
            }
            json.key("planned_values")
            try PublishedState.values(&json, items: plannedItems, outputs: plannedOutputs, planned: true)
            let drift = plan.observed.filter { $0.kind == .object }
            if !drift.isEmpty {
                json.key("resource_drift")
                try json.array { json in for observation in drift { try self.drift(observation, &json) } }
            }
            let changes = plan.changes.sorted { $0.address < $1.address }
            if !changes.isEmpty {
                json.key("resource_changes")
                try json.array { json in for change in changes { try self.change(change, &json) } }
            }
            let kinds = plan.kindChanges
            if !kinds.isEmpty {
                // Not in the reference's format: readers that know no kinds pass over it.
                json.key("kind_changes")
                json.array { json in for kind in kinds { self.kind(kind, &json) } }
            }
            json.key("output_changes")
            try json.object { json in
                for output in plan.outputs {
                    json.key(output.name)
                    let action = output.before == nil ? "create" : output.after == nil ? "delete" : "update"
                    try difference(
                        &json, actions: [action], before: output.before, after: output.after, isSensitive: output.isSensitive)
                }
            }
            if !base.objects.isEmpty || !base.outputs.isEmpty {
                json.key("prior_state")
                json.raw(try PublishedState.state(observedBase))
            }
            if !plan.checks.isEmpty {
                json.key("checks")
                json.array { json in for check in plan.checks { self.check(check, &json) } }
            }
            json.pair("timestamp", Date(timeIntervalSince1970: plan.createdAt).formatted(.iso8601))
            json.key("applyable")
            json.bool(!plan.isEmpty)
            json.key("complete")
            json.bool(plan.isComplete)
            json.key("errored")
            json.bool(false)
        }
        return json.text
    }

    /// The base with what reading showed.
    private var observedBase: StateSnapshot {
        var snapshot = base
        for observation in plan.observed where observation.kind == .object { snapshot.objects[observation.address] = observation.object }
        return snapshot
    }

    private var plannedItems: [PublishedState.Item] {
        plan.changes.filter { $0.after != nil && $0.action != .delete && $0.action != .forget && $0.address.generation == .current }
            .sorted { $0.address < $1.address }
            .compactMap { change in
                change.after.map {
                    PublishedState.Item(
                        address: change.address, provider: change.provider.name, schemaVersion: change.record?.schemaVersion ?? 0,
                        values: $0)
                }
            }
    }

    private var plannedOutputs: [(name: String, value: Value?, isSensitive: Bool)] {
        var outputs = Dictionary(base.outputs.map { ($0.key, (Optional($0.value.value), $0.value.isSensitive)) }) { first, _ in first }
        for change in plan.outputs {
            if let after = change.after { outputs[change.name] = (after, change.isSensitive) } else { outputs[change.name] = nil }
        }
        return outputs.keys.sorted { $0.precedesByBytes($1) }.map { ($0, outputs[$0]?.0, outputs[$0]?.1 ?? false) }
    }

    private func drift(_ observation: Plan.Observation, _ json: inout JSONText) throws {
        let before = base.objects[observation.address]
        try json.object { json in
            PublishedState.identity(&json, observation.address.instance)
            json.pair("provider_name", PublishedState.providerName((before ?? observation.object)?.provider.name ?? ""))
            json.key("change")
            try difference(
                &json, actions: [observation.object == nil ? "delete" : "update"], before: before?.attributes,
                after: observation.object?.attributes)
        }
    }

    private func kind(_ kind: KindChange, _ json: inout JSONText) {
        json.object { json in
            json.pair("address", kind.path.description)
            json.pair("module_address", kind.path.publishedDescription)
            json.pair("type", kind.type.rawValue)
            json.pair("name", kind.name)
            json.pair("action", kind.action.rawValue)
            json.key("parts")
            json.array { json in
                for index in kind.changes { json.string(plan.changes[index].address.instance.publishedDescription) }
            }
        }
    }

    private func change(_ change: Change, _ json: inout JSONText) throws {
        try json.object { json in
            PublishedState.identity(&json, change.address.instance)
            if !change.address.instance.module.isRoot { json.pair("module_address", change.address.instance.module.publishedDescription) }
            if let previous = change.previousAddress { json.pair("previous_address", previous.publishedDescription) }
            if case .deposed(let key) = change.address.generation { json.pair("deposed", key) }
            json.pair("provider_name", PublishedState.providerName(change.provider.name))
            json.key("change")
            try difference(
                &json, actions: change.action.published, before: change.before, after: change.after, replaced: change.replacePaths)
            if let reason = change.reason.published(change.action) { json.pair("action_reason", reason) }
        }
    }

    private func difference(
        _ json: inout JSONText, actions: [String], before: Value?, after: Value?, isSensitive: Bool = false, replaced: [Path] = []
    ) throws {
        try json.object { json in
            json.key("actions")
            json.array { json in for action in actions { json.string(action) } }
            json.key("before")
            try json.value(before)
            json.key("after")
            try json.value(after)
            json.key("after_unknown")
            json.raw(try after.map { try $0.unknownMask().jsonText() } ?? "false")
            json.key("before_sensitive")
            json.raw(isSensitive ? "true" : try before.map { try $0.sensitiveMask().jsonText() } ?? "false")
            json.key("after_sensitive")
            json.raw(isSensitive ? "true" : try after.map { try $0.sensitiveMask().jsonText() } ?? "false")
            if !replaced.isEmpty {
                json.key("replace_paths")
                json.array { json in
                    for path in replaced {
                        json.array { json in
                            for step in path.steps {
                                switch step {
                                case .attribute(let name), .key(let name): json.string(name)
                                case .index(let number): json.int(number)
                                case .element: json.null()
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    private func check(_ check: CheckResult, _ json: inout JSONText) {
        json.object { json in
            json.key("address")
            json.object { json in
                json.pair("kind", check.kind == .output ? "output_value" : check.kind == .variable ? "var" : check.kind.rawValue)
                json.pair("to_display", check.subject)
            }
            json.pair("status", check.status.rawValue)
            json.key("instances")
            json.array { json in
                json.object { json in
                    json.key("address")
                    json.object { json in json.pair("to_display", check.subject) }
                    json.pair("status", check.status.rawValue)
                    if !check.problems.isEmpty {
                        json.key("problems")
                        json.array { json in
                            for problem in check.problems { json.object { json in json.pair("message", problem) } }
                        }
                    }
                }
            }
        }
    }
}

extension Change.Action {
    var published: [String] {
        switch self {
        case .noOp, .record: ["no-op"]
        case .create: ["create"]
        case .update: ["update"]
        case .delete: ["delete"]
        case .read: ["read"]
        case .forget: ["forget"]
        case .deleteThenCreate: ["delete", "create"]
        case .createThenDelete: ["create", "delete"]
        }
    }
}

extension Change.Reason {
    func published(_ action: Change.Action) -> String? {
        switch self {
        case .none, .destroyMode, .leftOver, .containerReplaced, .containerDeleted, .kindPending, .notReady: nil
        case .cannotUpdate: "replace_because_cannot_update"
        case .tainted: "replace_because_tainted"
        case .requested: "replace_by_request"
        case .triggeredBy: "replace_by_triggers"
        case .noResourceConfig: "delete_because_no_resource_config"
        case .wrongRepetition: "delete_because_wrong_repetition"
        case .countIndex: "delete_because_count_index"
        case .eachKey: "delete_because_each_key"
        case .noModule: "delete_because_no_module"
        case .noMoveTarget: "delete_because_no_move_target"
        case .configUnknown: "read_because_config_unknown"
        case .dependencyPending: "read_because_dependency_pending"
        case .checkNested: "read_because_check_nested"
        }
    }
}
