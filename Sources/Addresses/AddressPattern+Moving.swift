extension AddressPattern {
    /// Where `address` goes when what this pattern names is moved to what `target` names; nil where this pattern does not name it, or
    /// the two are not of one sort.
    public func moved(_ address: ResourceInstanceAddress, to target: AddressPattern) -> ResourceInstanceAddress? {
        guard matches(address), (resource == nil) == (target.resource == nil) else { return nil }
        let steps = address.module.steps
        // Where the target has a key, what is named without one is what had none, not every instance.
        if let wanted = target.resource, resource?.key == nil, wanted.key != nil {
            guard (steps.count > modules.count ? steps[modules.count].key : address.key) == .none else { return nil }
        }
        if resource == nil, let last = modules.last, last.key == nil, target.modules.last?.key != nil {
            guard steps[modules.count - 1].key == .none else { return nil }
        }
        var path: [ModuleStep] = []
        for (index, part) in target.modules.enumerated() {
            // A key that neither side writes stays what it is.
            let kept = index < modules.count && modules[index].key == nil && index < steps.count ? steps[index].key : InstanceKey.none
            let key = part.key ?? kept
            path.append(
                part.names[0] == "module"
                    ? .module(name: part.names[1], key: key) : .kind(type: ResourceType(part.names[0]), name: part.names[1], key: key))
        }
        if let resource, let wanted = target.resource, steps.count > modules.count {
            // A kind's instance, which looks like a resource: the address is one of its parts.
            let key = wanted.key ?? (resource.key == nil ? steps[modules.count].key : .none)
            path.append(.kind(type: ResourceType(wanted.names[0]), name: wanted.names[1], key: key))
            return ResourceAddress(module: ModulePath(path + steps.dropFirst(modules.count + 1)), resource: address.resource.resource)
                .instance(address.key)
        }
        guard let resource, let wanted = target.resource else {
            guard steps.count >= modules.count else { return nil }
            return ResourceAddress(module: ModulePath(path + steps.dropFirst(modules.count)), resource: address.resource.resource).instance(
                address.key)
        }
        let key = wanted.key ?? (resource.key == nil ? address.key : .none)
        return ResourceAddress(module: ModulePath(path), resource: Self.name(wanted.names)).instance(key)
    }
}
