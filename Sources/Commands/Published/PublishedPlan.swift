import Addresses
import ConfigModel
import Diagnostics
import FoundationEssentials
import PlanModel
import ProviderKit
import StateModel
import Values

/// `show -json` of a plan, in the format that the Terraform CLI publishes.
struct PublishedPlan {
    let plan: Plan
    let base: StateSnapshot
    /// Nil where it is not the one that was planned: then nothing is said of it.
    var configuration: Configuration?
    /// By the name of the provider.
    var schemas: [String: ProviderSchema] = [:]

    func json() throws -> String {
        var json = JSONText()
        try json.object { json in
            json.pair("format_version", "1.2")
            json.pair("terraform_version", PublishedState.terraformVersion)
            let variables = publishedVariables
            if !variables.isEmpty {
                json.key("variables")
                try json.object { json in
                    for variable in variables {
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
            let moved = movedOnly(drift)
            if !drift.isEmpty || !moved.isEmpty {
                json.key("resource_drift")
                try json.array { json in
                    for observation in drift { try self.drift(observation, &json) }
                    for change in moved { try self.change(change, &json) }
                }
            }
            // What is only refreshed is drift, and changes nothing.
            let changes = plan.mode == .refreshOnly ? [] : plan.changes.sorted { precedesInPublished($0.address, $1.address) }
            if !changes.isEmpty {
                json.key("resource_changes")
                try json.array { json in for change in changes { try self.change(change, &json) } }
            }
            let kinds = plan.mode == .refreshOnly ? [] : plan.kindChanges
            if !kinds.isEmpty {
                // Not in the reference's format: readers that know no kinds pass over it.
                json.key("kind_changes")
                json.array { json in for kind in kinds { self.kind(kind, &json) } }
            }
            try outputChanges(&json)
            let prior = priorState
            if !prior.objects.isEmpty || !prior.outputs.isEmpty {
                json.key("prior_state")
                json.raw(try PublishedState.state(prior))
            }
            if let configuration {
                json.key("configuration")
                PublishedConfiguration(configuration: configuration, schemas: schemas).write(&json)
                RelevantAttributes(plan, configuration).write(&json)
            }
            PublishedChecks(plan, configuration).write(&json)
            json.pair("timestamp", Date(timeIntervalSince1970: plan.createdAt).formatted(.iso8601))
            json.key("applyable")
            json.bool(plan.isApplyable)
            json.key("complete")
            json.bool(plan.isComplete)
            json.key("errored")
            json.bool(false)
        }
        return json.text
    }

    /// Those of the plan, and the defaults of ephemeral ones, which stand in the configuration for everybody to read.
    private var publishedVariables: [Plan.NamedValue] {
        let defaults = (configuration?.modules[0].variables ?? []).filter(\.isEphemeral).compactMap { variable in
            variable.defaultValue.map { Plan.NamedValue(name: variable.name, value: $0) }
        }
        return (plan.variables + defaults).sorted { $0.name.precedesByBytes($1.name) }
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

    // MARK: Outputs

    /// Root outputs that the configuration declares; nil where it is not known.
    private var declared: Set<String>? {
        configuration.map { Set($0.modules[0].outputs.filter { !$0.isEphemeral }.map(\.name)) }
    }

    /// Root outputs that are declared sensitive.
    private var hidden: Set<String> {
        Set((configuration?.modules[0].outputs ?? []).filter(\.isSensitive).map(\.name))
    }

    private func outputChanges(_ json: inout JSONText) throws {
        let changes = Dictionary(plan.outputs.map { ($0.name, $0) }) { first, _ in first }
        var names = Set(changes.keys)
        if plan.mode != .destroy { names.formUnion(standing) }
        guard !names.isEmpty else { return }
        json.key("output_changes")
        try json.object { json in
            for name in names.sorted(by: { $0.precedesByBytes($1) }) {
                json.key(name)
                if let change = changes[name] {
                    let isDeclared = plan.mode != .destroy && declared?.contains(name) ?? false
                    let action = change.before == nil ? "create" : change.after == nil && !isDeclared ? "delete" : "update"
                    try output(&json, action, before: change.before, after: change.after, isSensitive: change.isHidden)
                } else {
                    let recorded = base.outputs[name]
                    try output(
                        &json, "no-op", before: recorded?.value, after: recorded?.value,
                        isSensitive: recorded?.isSensitive ?? hidden.contains(name))
                }
            }
        }
    }

    /// Declared outputs that stay as they are.
    private var standing: Set<String> {
        guard var names = declared else { return [] }
        names.subtract(plan.outputs.map(\.name))
        // With targets, what does not change may just not have been looked at.
        if !plan.options.targets.isEmpty { return [] }
        return names
    }

    private func output(_ json: inout JSONText, _ action: String, before: Value?, after: Value?, isSensitive: Bool) throws {
        try json.object { json in
            json.key("actions")
            json.array { json in json.string(action) }
            json.key("before")
            try json.value(before)
            if after?.isUnknown != true {
                json.key("after")
                try json.value(after)
            }
            json.key("after_unknown")
            json.raw(try after.map { $0.isWhollyKnown ? "false" : try $0.unknownMask().jsonText() } ?? "false")
            json.key("before_sensitive")
            json.bool(isSensitive)
            json.key("after_sensitive")
            json.bool(isSensitive)
        }
    }

    private var plannedOutputs: [(name: String, value: Value?, isSensitive: Bool)] {
        if plan.mode == .destroy { return [] }
        var outputs = base.outputs.mapValues { (value: $0.value, isSensitive: $0.isSensitive) }
        for name in standing where outputs[name] == nil { outputs[name] = (.null, false) }
        for change in plan.outputs {
            if let after = change.after {
                outputs[change.name] = (after, change.isSensitive)
            } else if declared?.contains(change.name) ?? false {
                outputs[change.name] = (.null, change.isSensitive)
            } else {
                outputs[change.name] = nil
            }
        }
        return outputs.sorted { $0.key.precedesByBytes($1.key) }.map { ($0.key, $0.value.value, $0.value.isSensitive) }
    }

    // MARK: Resources

    /// The base with what reading showed, objects where moves put them, and outputs as far as their values are known already.
    private var priorState: StateSnapshot {
        var snapshot = base
        for change in plan.changes {
            guard let previous = change.previousAddress, let object = snapshot.objects.removeValue(forKey: ObjectAddress(previous)) else {
                continue
            }
            snapshot.objects[change.address] = object
        }
        for observation in plan.observed where observation.kind != .data { snapshot.objects[observation.address] = observation.object }
        // Reading an object that is configured brings what it depends on up to date.
        for change in plan.changes where plan.options.refresh {
            if let record = change.record, change.before != nil { snapshot.objects[change.address]?.dependencies = record.dependencies }
        }
        for change in plan.changes { if let importing = change.importing { snapshot.objects[change.address] = importing.object } }
        guard plan.mode != .destroy else { return snapshot }
        for change in plan.outputs {
            if let after = change.after {
                if after.isWhollyKnown { snapshot.outputs[change.name] = OutputRecord(value: after, isSensitive: change.isSensitive) }
            } else if declared?.contains(change.name) ?? false {
                snapshot.outputs[change.name] = nil
            }
        }
        return snapshot
    }

    private var plannedItems: [PublishedState.Item] {
        if plan.mode == .refreshOnly { return [] }
        return plan.changes.filter { $0.after != nil && $0.action != .delete && $0.action != .forget && $0.address.generation == .current }
            .sorted { $0.address < $1.address }
            .compactMap { change in
                change.after.map {
                    PublishedState.Item(
                        address: change.address, provider: change.provider.name, schemaVersion: change.record?.schemaVersion ?? 0,
                        values: $0)
                }
            }
    }

    /// A refresh shows moves as drift that changes nothing.
    private func movedOnly(_ drift: [Plan.Observation]) -> [Change] {
        guard plan.mode == .refreshOnly else { return [] }
        let observed = Set(drift.map(\.address))
        return plan.changes.filter { $0.previousAddress != nil && !observed.contains($0.address) }
            .sorted { precedesInPublished($0.address, $1.address) }
            .map { change in
                var change = change
                change.action = .noOp
                change.reason = .none
                change.replacePaths = []
                change.after = change.before
                return change
            }
    }
}
