import Addresses
import ConfigModel
import Diagnostics
import PlanModel
import StateModel
import Values

/// What happens to one object, as the published plan says it.
extension PublishedPlan {
    func drift(_ observation: Plan.Observation, _ json: inout JSONText) throws {
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

    func change(_ change: Change, _ json: inout JSONText) throws {
        try json.object { json in
            PublishedState.identity(&json, change.address.instance)
            if !change.address.instance.module.isRoot { json.pair("module_address", change.address.instance.module.publishedDescription) }
            if let previous = change.previousAddress, plan.mode != .destroy { json.pair("previous_address", previous.publishedDescription) }
            if case .deposed(let key) = change.address.generation { json.pair("deposed", key) }
            json.pair("provider_name", PublishedState.providerName(change.provider.name))
            json.key("change")
            try difference(
                &json, actions: change.action.published, before: change.before, after: change.after, replaced: change.replacePaths,
                importing: change.importing)
            if let reason = reason(of: change) { json.pair("action_reason", reason) }
        }
    }

    /// The published words tell a module that nothing calls any more from an instance of one that is still called.
    private func reason(of change: Change) -> String? {
        let instance = change.address.instance
        if change.reason == .noModule, let configuration,
            configuration.module(at: instance.module.call)?.resources.contains(where: { $0.name == instance.resource.resource }) != true
        {
            return Change.Reason.noResourceConfig.published
        }
        return change.reason.published
    }

    private func difference(
        _ json: inout JSONText, actions: [String], before: Value?, after: Value?, replaced: [Path] = [], importing: Change.Import? = nil
    )
        throws
    {
        try json.object { json in
            json.key("actions")
            json.array { json in for action in actions { json.string(action) } }
            json.key("before")
            try json.value(before)
            json.key("after")
            try json.value(after)
            json.key("after_unknown")
            json.raw(try after.map { $0.isWhollyKnown ? "{}" : try $0.unknownMask().jsonText() } ?? "{}")
            json.key("before_sensitive")
            json.raw(try before.map { try $0.sensitiveMask().jsonText() } ?? "false")
            json.key("after_sensitive")
            json.raw(try after.map { try $0.sensitiveMask().jsonText() } ?? "false")
            if !replaced.isEmpty {
                json.key("replace_paths")
                json.array { json in for path in replaced { json.path(path) } }
            }
            guard let importing else { return }
            json.key("importing")
            json.object { json in json.pair("id", importing.id) }
            if let generated = importing.generated { json.pair("generated_config", generated) }
        }
    }
}

extension JSONText {
    fileprivate mutating func path(_ path: Path) {
        array { json in
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
