import Addresses
import ConfigModel
import Evaluation
import StateModel

/// Where `moved` blocks take an address: the blocks by what they name.
private struct MoveTable {
    private struct Subject: Hashable {
        let call: ModuleCallPath
        /// Nil: the whole module or kind.
        let resource: ResourceName?
        /// Of the resource, or of the call's last step; none: any. Other keys of a path are compared block by block.
        let key: InstanceKey
    }

    private let blocks: [(from: AddressPattern, to: AddressPattern)]
    private let bySubject: [Subject: [Int]]

    init(_ configuration: Configuration) {
        var blocks: [(from: AddressPattern, to: AddressPattern)] = []
        var bySubject: [Subject: [Int]] = [:]
        for module in configuration.modules {
            for block in module.moved {
                for subject in Self.subjects(of: block.source, within: module.path) { bySubject[subject, default: []].append(blocks.count) }
                // A block in a child module speaks of every instance of that module.
                blocks.append((from: block.source.pattern(within: module.path), to: block.target.pattern(within: module.path)))
            }
        }
        self.blocks = blocks
        self.bySubject = bySubject
    }

    var isEmpty: Bool { blocks.isEmpty }

    /// In the order of the blocks.
    func targets(of address: ResourceInstanceAddress) -> [ResourceInstanceAddress] {
        let call = address.module.call
        var found: [Int] = []
        func add(_ call: ModuleCallPath, _ resource: ResourceName?, _ key: InstanceKey) {
            found += bySubject[Subject(call: call, resource: resource, key: .none)] ?? []
            if key != .none { found += bySubject[Subject(call: call, resource: resource, key: key)] ?? [] }
        }
        add(call, address.resource.resource, address.key)
        for (index, step) in address.module.steps.enumerated() { add(ModuleCallPath(Array(call.steps[...index])), nil, step.key) }
        return found.sorted().compactMap { blocks[$0].from.moved(address, to: blocks[$0].to) }.filter { $0 != address }
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

/// Recorded objects under the addresses that the configuration gives them now: by `moved` blocks, and where `count` came or went.
struct Moves {
    /// New address to old.
    private(set) var previous: [ResourceInstanceAddress: ResourceInstanceAddress] = [:]
    private(set) var base: StateSnapshot

    init(_ configuration: Configuration, base: StateSnapshot) {
        self.base = base
        let table = MoveTable(configuration)
        if !table.isEmpty {
            var settled: Set<ResourceInstanceAddress> = []
            for address in base.objects.keys.sorted() where address.generation == .current {
                follow(address.instance, table, &settled)
            }
        }
        moveAcrossCount(configuration)
    }

    /// Takes an object along its chain of moves, as far as there is room. Whoever stands in its way and moves, too, goes first.
    private mutating func follow(_ start: ResourceInstanceAddress, _ table: MoveTable, _ settled: inout Set<ResourceInstanceAddress>) {
        guard !settled.contains(start), base.objects[ObjectAddress(start)] != nil else { return }
        var stack = [(at: start, been: Set([start]))]
        var waiting = Set([start])
        while let last = stack.indices.last {
            let at = stack[last].at
            var goes: ResourceInstanceAddress?
            var first: ResourceInstanceAddress?
            for target in table.targets(of: at) where !stack[last].been.contains(target) {
                if base.objects[ObjectAddress(target)] == nil {
                    goes = target
                } else if !settled.contains(target), !waiting.contains(target) {
                    first = target
                } else {
                    continue
                }
                break
            }
            if let first {
                stack.append((first, [first]))
                waiting.insert(first)
            } else if let goes {
                move(at, to: goes)
                stack[last].at = goes
                stack[last].been.insert(goes)
                waiting.remove(at)
                waiting.insert(goes)
            } else {
                settled.insert(at)
                waiting.remove(at)
                stack.removeLast()
            }
        }
    }

    /// `r` becomes `r[0]` where it got a `count`, and the other way round; but where a `moved` block speaks of it.
    private mutating func moveAcrossCount(_ configuration: Configuration) {
        var named: [ModuleCallPath: Set<ResourceName>] = [:]
        for module in configuration.modules {
            for block in module.moved {
                for case .resource(let path, let name, _) in [block.source, block.target] {
                    named[ModuleCallPath(module.path.steps + path.call.steps), default: []].insert(name)
                }
            }
        }
        var modes: [ModuleCallPath: [ResourceName: Bool]] = [:]
        for module in configuration.modules {
            for block in module.resources {
                // Where a block says what goes where, nothing is guessed.
                if named[module.path]?.contains(block.name) ?? false { continue }
                switch block.repetition {
                case .single, .enabled: modes[module.path, default: [:]][block.name] = false
                case .count: modes[module.path, default: [:]][block.name] = true
                case .forEach: break
                }
            }
        }
        for address in base.objects.keys.sorted() where address.generation == .current {
            let instance = address.instance
            guard let isCounted = modes[instance.module.call]?[instance.resource.resource] else { continue }
            if isCounted, instance.key == .none {
                move(instance, to: instance.resource.instance(.index(0)))
            } else if !isCounted, instance.key == .index(0) {
                move(instance, to: instance.resource.instance(.none))
            }
        }
    }

    private mutating func move(_ from: ResourceInstanceAddress, to target: ResourceInstanceAddress) {
        guard from != target, base.objects[ObjectAddress(target)] == nil, base.objects[ObjectAddress(from)] != nil else { return }
        base.fold(.moved(from: from, to: target))
        previous[target] = previous.removeValue(forKey: from) ?? from
    }
}
