import Addresses
import ConfigModel
import Diagnostics
import PlanModel
import Values

/// `checks` of a published plan: one entry for each thing in the configuration that has conditions, with its instances beneath.
struct PublishedChecks {
    private struct Instance {
        var module: ModulePath
        var key: InstanceKey
        var status: CheckResult.Status
        var problems: [String]
    }

    private struct Entry {
        var kind: CheckResult.Kind
        var module: ModuleCallPath
        /// `["aws_vpc", "main"]` or `["data", …]` of a resource, the name alone otherwise.
        var names: [String]
        var instances: [String: Instance] = [:]
    }

    private var entries: [String: Entry] = [:]
    /// Of what has no instances: nothing was there to be checked, or it was left out.
    private let emptyStatus: CheckResult.Status

    init(_ plan: Plan, _ configuration: Configuration?) {
        let isPartial = plan.mode == .destroy || !plan.options.targets.isEmpty || !plan.options.excludes.isEmpty
        emptyStatus = isPartial ? .unknown : .pass
        for module in configuration?.modules ?? [] { declare(module) }
        // Of what is destroyed nothing is checked.
        for result in plan.checks where plan.mode != .destroy { add(result) }
    }

    private mutating func declare(_ module: Module) {
        func declare(_ kind: CheckResult.Kind, _ names: [String]) {
            let entry = Entry(kind: kind, module: module.path, names: names)
            entries[display(entry)] = entry
        }
        for variable in module.variables where !variable.validations.isEmpty { declare(.variable, [variable.name]) }
        for output in module.outputs where !output.preconditions.isEmpty { declare(.output, [output.name]) }
        for check in module.checks { declare(.check, [check.name]) }
        for resource in module.resources where !resource.lifecycle.preconditions.isEmpty || !resource.lifecycle.postconditions.isEmpty {
            declare(
                .resource,
                (resource.name.mode == .managed ? [] : [resource.name.mode.rawValue]) + [resource.name.type.rawValue, resource.name.name])
        }
    }

    private mutating func add(_ result: CheckResult) {
        guard let subject = CheckedSubject(result.subject) else { return }
        let names = result.kind == .resource ? subject.names : Array(subject.names.suffix(1))
        let entry = Entry(kind: result.kind, module: subject.module.call, names: names)
        let display = display(entry)
        let prefix = subject.module.isRoot ? "" : subject.module.publishedDescription + "."
        let own = prefix + subject.names.joined(separator: ".") + subject.key.description
        var instance =
            entries[display]?.instances[own] ?? Instance(module: subject.module, key: subject.key, status: .pass, problems: [])
        instance.status = Self.worse(instance.status, result.status)
        instance.problems += result.problems
        entries[display, default: entry].instances[own] = instance
    }

    private func display(_ entry: Entry) -> String {
        let module = entry.module.isRoot ? [] : [entry.module.publishedDescription]
        return (module + (Self.prefix(entry.kind).map { [$0] } ?? []) + entry.names).joined(separator: ".")
    }

    /// The word before the name.
    private static func prefix(_ kind: CheckResult.Kind) -> String? {
        switch kind {
        case .resource: nil
        case .output: "output"
        case .check: "check"
        case .variable: "var"
        }
    }

    private static func worse(_ left: CheckResult.Status, _ right: CheckResult.Status) -> CheckResult.Status {
        [.error, .fail, .unknown].first { left == $0 || right == $0 } ?? .pass
    }

    func write(_ json: inout JSONText) {
        guard !entries.isEmpty else { return }
        json.key("checks")
        json.array { json in
            for display in entries.keys.sorted(by: { $0.precedesByBytes($1) }) {
                guard let entry = entries[display] else { continue }
                json.object { json in write(entry, display, &json) }
            }
        }
    }

    private func write(_ entry: Entry, _ display: String, _ json: inout JSONText) {
        json.key("address")
        json.object { json in
            json.pair("kind", entry.kind == .output ? "output_value" : entry.kind == .variable ? "var" : entry.kind.rawValue)
            json.pair("to_display", display)
            if !entry.module.isRoot { json.pair("module", entry.module.publishedDescription) }
            if entry.kind == .resource {
                json.pair("mode", entry.names.count == 3 ? entry.names[0] : ResourceMode.managed.rawValue)
                json.pair("type", entry.names[entry.names.count - 2])
            }
            json.pair("name", entry.names.last ?? "")
        }
        let instances = entry.instances.sorted { ($0.value.module, $0.value.key) < ($1.value.module, $1.value.key) }
        json.pair("status", (instances.isEmpty ? emptyStatus : instances.reduce(.pass) { Self.worse($0, $1.value.status) }).rawValue)
        guard !instances.isEmpty else { return }
        json.key("instances")
        json.array { json in
            for (display, instance) in instances {
                json.object { json in
                    json.key("address")
                    json.object { json in
                        json.pair("to_display", display)
                        if !instance.module.isRoot { json.pair("module", instance.module.publishedDescription) }
                        json.instanceKey("instance_key", instance.key)
                    }
                    json.pair("status", instance.status.rawValue)
                    guard !instance.problems.isEmpty else { return }
                    json.key("problems")
                    json.array { json in
                        for problem in instance.problems.sorted(by: { $0.precedesByBytes($1) }) {
                            json.object { json in json.pair("message", problem) }
                        }
                    }
                }
            }
        }
    }
}

extension JSONText {
    /// A number or a string; nothing where there is no key.
    mutating func instanceKey(_ name: String, _ key: InstanceKey) {
        switch key {
        case .none: break
        case .index(let number):
            self.key(name)
            int(number)
        case .key(let text): pair(name, text)
        }
    }
}
