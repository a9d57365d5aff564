import Addresses
import ConfigModel
import Evaluation
import StateModel

/// Recorded objects under the addresses that the configuration gives them now: by `moved` blocks, and where `count` came or went.
struct Moves {
    /// What could not move, because its place was taken.
    struct Blocked: Hashable {
        var from: String
        var to: String
    }

    /// New address to old.
    private(set) var previous: [ResourceInstanceAddress: ResourceInstanceAddress] = [:]
    private(set) var base: StateSnapshot
    /// In the order in which they were found.
    private(set) var blocked: [Blocked] = []
    private var knownBlocked: Set<Blocked> = []

    init(_ configuration: Configuration, base: StateSnapshot) {
        self.base = base
        let table = MoveTable(configuration, base: base)
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
            var taken: [Blocked] = []
            for found in table.targets(of: at) where !stack[last].been.contains(found.address) {
                let target = found.address
                if let whole = found.blocked {
                    taken.append(whole)
                    continue
                }
                if base.objects[ObjectAddress(target)] == nil {
                    goes = target
                } else if !settled.contains(target), !waiting.contains(target) {
                    first = target
                } else {
                    taken.append(Blocked(from: at.description, to: target.description))
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
                for one in taken where knownBlocked.insert(one).inserted { blocked.append(one) }
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
