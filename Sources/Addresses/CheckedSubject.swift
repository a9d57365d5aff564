/// What a check speaks of, read back from its address: `module.a["x"].var.size`, `check.works`, `module.a.data.dns_a.name[0]`.
public struct CheckedSubject: Hashable, Sendable {
    public var module: ModulePath
    /// `["var", "size"]`, `["aws_vpc", "main"]`, `["data", "dns_a", "name"]`.
    public var names: [String]
    public var key: InstanceKey

    /// Nil where the text is no such address.
    public init?(_ text: String) {
        guard let words = AddressWords(text)?.words else { return nil }
        var steps: [ModuleStep] = []
        var rest = words[...]
        while rest.count > 3 {
            let (type, name) = (rest[rest.startIndex], rest[rest.startIndex + 1])
            guard type.key == nil else { return nil }
            let key = name.key ?? .none
            steps.append(
                type.name == "module" ? .module(name: name.name, key: key) : .kind(type: ResourceType(type.name), name: name.name, key: key)
            )
            rest = rest.dropFirst(2)
        }
        guard rest.count > 1, rest.dropLast().allSatisfy({ $0.key == nil }) else { return nil }
        module = ModulePath(steps)
        names = rest.map(\.name)
        key = rest.last?.key ?? .none
    }
}
