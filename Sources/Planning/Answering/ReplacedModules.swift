public import Addresses
import ConfigModel
import Evaluation
public import Values

/// A module that is not looked into: its outputs are given. Only tests have such.
public struct ReplacedModule: Sendable {
    /// Which instances; keys left out match all.
    public var pattern: AddressPattern
    /// By name; outputs without a value are null.
    public var outputs: [String: Value]

    public init(pattern: AddressPattern, outputs: [String: Value]) {
        self.pattern = pattern
        self.outputs = outputs
    }
}

extension Planner {
    /// What stands in the place of a module instance; nil for all others.
    func replacement(of instance: ModuleInstance) -> ReplacedModule? {
        if inputs.replacedModules.isEmpty || instance.path.isRoot { return nil }
        // The last one written wins, and one that names the instance goes before one that names all.
        let fitting = inputs.replacedModules.filter { $0.pattern.namesModule(instance.path) }
        return fitting.last { $0.pattern.hasKey } ?? fitting.last
    }

    /// The instances that are looked into; those that are replaced get their outputs.
    func visited(_ declaration: Declaration, of module: Int) -> [ModuleInstance] {
        if inputs.replacedModules.isEmpty { return cells.instances[module] }
        return cells.instances[module].filter { instance in
            guard let replacement = replacement(of: instance) else { return true }
            if case .output(let item) = declaration {
                let output = inputs.configuration.modules[module].outputs[item]
                instance.outputs[item] = replacement.outputs[output.name] ?? .null
            }
            return false
        }
    }
}
