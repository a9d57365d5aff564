import Addresses
import ConfigModel
import Diagnostics
import Evaluation

extension Planner {
    /// Refuses `moved` blocks that name an instance which is still declared: its object would be taken away, and a new one made in its
    /// place. Whether a key is still there is known only when everything is expanded; what is named without a key was looked at before.
    func checkMovedSources() {
        for (number, module) in inputs.configuration.modules.enumerated() {
            let blocks = module.moved.filter { $0.source.hasKey }
            guard !blocks.isEmpty else { continue }
            for instance in cells.instances[number] {
                for block in blocks where block.source != block.target {
                    guard let declared = declaration(of: block, in: instance) else { continue }
                    let prefix = instance.path.isRoot ? "" : "\(instance.path)."
                    diagnostics.append(
                        .error(
                            "Moved object still exists",
                            "This statement declares a move from \(prefix)\(block.from.text), but that is still declared at \(inputs.configuration.sources.placeText(of: declared)).",
                            at: block.span,
                            hints: ["Change the configuration so that it is declared as \(prefix)\(block.to.text) instead."]))
                }
            }
        }
    }

    /// Place of the block that still makes what a `moved` block moves away from.
    private func declaration(of block: MovedBlock, in instance: ModuleInstance) -> SourceSpan? {
        switch block.source {
        case .module(let path):
            return cells.instance(at: instance.path.appending(path)).flatMap(callPlace)
        case .resource(let path, let name, let key):
            guard let around = cells.instance(at: instance.path.appending(path)) else { return nil }
            if let item = declarations.indices[around.module].resources[name] {
                guard let cell = around.resources[item] else { return nil }
                // Without a key on either side the whole resource moves, however many there are.
                var isWhole = false
                if case .resource(_, _, .none) = block.target { isWhole = key == .none }
                guard isWhole || cell.index[key] != nil else { return nil }
                return inputs.configuration.modules[around.module].resources[item].span
            }
            let kind = around.path.appending(.kind(type: name.type, name: name.name, key: key))
            return cells.instance(at: kind).flatMap(callPlace)
        }
    }

    private func callPlace(_ instance: ModuleInstance) -> SourceSpan? {
        guard let parent = instance.parent, let item = declarations.indices[instance.module].callInParent else { return nil }
        return inputs.configuration.modules[parent.module].calls[item].span
    }
}

extension ModulePath {
    fileprivate func appending(_ other: ModulePath) -> ModulePath { other.steps.reduce(self) { $0.appending($1) } }
}
