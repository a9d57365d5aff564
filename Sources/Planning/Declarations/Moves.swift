import Addresses
import ConfigModel
import Evaluation
import StateModel

/// Recorded objects under the addresses that the configuration gives them now: by `moved` blocks, and where `count` came or went.
struct Moves {
    /// New address to old.
    private(set) var previous: [ResourceInstanceAddress: ResourceInstanceAddress] = [:]
    private(set) var base: StateSnapshot

    init(_ configuration: Configuration, base: StateSnapshot) {
        self.base = base
        let blocks = configuration.modules.flatMap { module in
            // A block in a child module speaks of every instance of that module.
            module.moved.map { block in (from: block.source.pattern(within: module.path), to: block.target.pattern(within: module.path)) }
        }
        // Chains may stand in any order; each round follows one link.
        for _ in 0..<blocks.count {
            var changed = false
            for block in blocks {
                for address in self.base.objects.keys.filter({ block.from.matches($0.instance) }).sorted() {
                    if let target = block.from.moved(address.instance, to: block.to), move(address.instance, to: target) { changed = true }
                }
            }
            if !changed { break }
        }
        moveAcrossCount(configuration)
    }

    /// `r` becomes `r[0]` where it got a `count`, and the other way round.
    private mutating func moveAcrossCount(_ configuration: Configuration) {
        var modes: [ModuleCallPath: [ResourceName: Bool]] = [:]
        for module in configuration.modules {
            for block in module.resources {
                switch block.repetition {
                case .single: modes[module.path, default: [:]][block.name] = false
                case .count: modes[module.path, default: [:]][block.name] = true
                case .forEach: break
                }
            }
        }
        for address in base.objects.keys.sorted() where address.generation == .current {
            let instance = address.instance
            guard let isCounted = modes[instance.module.call]?[instance.resource.resource] else { continue }
            if isCounted, instance.key == .none {
                _ = move(instance, to: instance.resource.instance(.index(0)))
            } else if !isCounted, instance.key == .index(0) {
                _ = move(instance, to: instance.resource.instance(.none))
            }
        }
    }

    private mutating func move(_ from: ResourceInstanceAddress, to target: ResourceInstanceAddress) -> Bool {
        guard from != target, base.objects[ObjectAddress(target)] == nil, base.objects[ObjectAddress(from)] != nil else { return false }
        base.fold(.moved(from: from, to: target))
        previous[target] = previous.removeValue(forKey: from) ?? from
        return true
    }
}
