import Addresses
import ConfigModel
import Evaluation
import StateModel

/// Where `moved` blocks take an address: the blocks by what they name.
struct MoveTable {
    private struct Subject: Hashable {
        let call: ModuleCallPath
        /// Nil: the whole module or kind.
        let resource: ResourceName?
        /// Of the resource, or of the call's last step; none: any. Other keys of a path are compared block by block.
        let key: InstanceKey
    }

    /// Where one block takes an address.
    struct Target {
        var address: ResourceInstanceAddress
        /// The block moves a resource or a module as a whole, and there is one already that stays: nothing of it moves.
        var blocked: Moves.Blocked?
    }

    private let blocks: [(from: AddressPattern, to: AddressPattern, isWhole: Bool)]
    private let bySubject: [Subject: [Int]]
    /// What stays where it is, as far as it can be moved as a whole.
    private var resourcesThere: Set<ResourceAddress> = []
    private var modulesThere: Set<ModulePath> = []

    init(_ configuration: Configuration, base: StateSnapshot) {
        var blocks: [(from: AddressPattern, to: AddressPattern, isWhole: Bool)] = []
        var bySubject: [Subject: [Int]] = [:]
        for module in configuration.modules {
            for block in module.moved {
                for subject in Self.subjects(of: block.source, within: module.path) { bySubject[subject, default: []].append(blocks.count) }
                // A block in a child module speaks of every instance of that module.
                blocks.append(
                    (
                        from: block.source.pattern(within: module.path), to: block.target.pattern(within: module.path),
                        isWhole: block.source.lastKey == .none && block.target.lastKey == .none
                    ))
            }
        }
        self.blocks = blocks
        self.bySubject = bySubject
        guard blocks.contains(where: \.isWhole) else { return }
        for address in base.objects.keys where address.generation == .current {
            let instance = address.instance
            guard targets(of: instance).isEmpty else { continue }
            resourcesThere.insert(instance.resource)
            for count in 0..<instance.module.steps.count { modulesThere.insert(instance.module.prefix(count + 1).withoutLastKey) }
        }
    }

    var isEmpty: Bool { blocks.isEmpty }

    /// In the order of the blocks.
    func targets(of address: ResourceInstanceAddress) -> [Target] {
        let call = address.module.call
        var found: [(block: Int, steps: Int?)] = []
        func add(_ call: ModuleCallPath, _ resource: ResourceName?, _ key: InstanceKey, steps: Int?) {
            found += (bySubject[Subject(call: call, resource: resource, key: .none)] ?? []).map { ($0, steps) }
            if key != .none { found += (bySubject[Subject(call: call, resource: resource, key: key)] ?? []).map { ($0, steps) } }
        }
        add(call, address.resource.resource, address.key, steps: nil)
        for (index, step) in address.module.steps.enumerated() {
            add(ModuleCallPath(Array(call.steps[...index])), nil, step.key, steps: index + 1)
        }
        return found.sorted { $0.block < $1.block }.compactMap { number, steps in
            let block = blocks[number]
            guard let target = block.from.moved(address, to: block.to), target != address else { return nil }
            guard block.isWhole else { return Target(address: target) }
            return Target(address: target, blocked: blocked(address, target, steps))
        }
    }

    /// - Parameter steps: of the module that moves; nil: the resource moves.
    private func blocked(_ from: ResourceInstanceAddress, _ to: ResourceInstanceAddress, _ steps: Int?) -> Moves.Blocked? {
        guard let steps else {
            guard resourcesThere.contains(to.resource) else { return nil }
            return Moves.Blocked(from: from.resource.description, to: to.resource.description)
        }
        // What was moved may stand at another depth: the rest of the path is what was within the module.
        let within = from.module.steps.count - steps
        guard to.module.steps.count > within else { return nil }
        let module = to.module.prefix(to.module.steps.count - within).withoutLastKey
        guard modulesThere.contains(module) else { return nil }
        return Moves.Blocked(from: from.module.prefix(steps).withoutLastKey.description, to: module.description)
    }

    private static func subjects(of address: ConfigurationAddress, within call: ModuleCallPath) -> [Subject] {
        switch address {
        case .module(let path):
            let whole = ModuleCallPath(call.steps + path.call.steps)
            return [Subject(call: whole, resource: nil, key: path.steps.last?.key ?? .none)]
        case .resource(let path, let name, let key):
            // A kind's instance looks like a resource.
            let around = ModuleCallPath(call.steps + path.call.steps)
            return [
                Subject(call: around, resource: name, key: key),
                Subject(call: around.appending(.kind(type: name.type, name: name.name)), resource: nil, key: key),
            ]
        }
    }
}

extension ConfigurationAddress {
    fileprivate var lastKey: InstanceKey {
        switch self {
        case .module(let path): path.steps.last?.key ?? .none
        case .resource(_, _, let key): key
        }
    }
}

extension ModulePath {
    fileprivate func prefix(_ count: Int) -> ModulePath { ModulePath(Array(steps.prefix(count))) }

    fileprivate var withoutLastKey: ModulePath {
        guard let last = steps.last else { return self }
        let bare: ModuleStep =
            switch last {
            case .module(let name, _): .module(name: name, key: .none)
            case .kind(let type, let name, _): .kind(type: type, name: name, key: .none)
            }
        return ModulePath(steps.dropLast() + [bare])
    }
}
