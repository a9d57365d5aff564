/// An address as a person writes it on a command line: a module, a kind's instance, a resource or one of its instances. What is
/// left out (keys) matches everything.
public struct AddressPattern: Hashable, Sendable, CustomStringConvertible {
    /// A name path: `module.a["x"].aws_vpc.main`, taken apart.
    struct Part: Hashable, Sendable {
        var names: [String]
        var key: InstanceKey?
    }

    let modules: [Part]
    let resource: Part?
    public let description: String

    /// What an address in a configuration names, in every instance of the module call that it is written in.
    ///
    /// - Parameters:
    ///   - path: relative to the call; keys left out match everything.
    ///   - resource: nil for a module.
    public init(within call: ModuleCallPath, _ path: ModulePath, resource: (name: ResourceName, key: InstanceKey)? = nil) {
        let around = call.steps.map { step in
            switch step {
            case .module(let name): Part(names: ["module", name], key: nil)
            case .kind(let type, let name): Part(names: [type.rawValue, name], key: nil)
            }
        }
        modules = around + path.steps.map { Self.part($0, openKey: true) }
        self.resource = resource.map { resource in
            let (name, key) = resource
            let mode: [String] =
                switch name.mode {
                case .managed: []
                case .data: ["data"]
                case .ephemeral: ["ephemeral"]
                }
            return Part(names: mode + [name.type.rawValue, name.name], key: key == .none ? nil : key)
        }
        description = (modules + (self.resource.map { [$0] } ?? [])).map { part in
            part.names.joined(separator: ".") + (part.key?.description ?? "")
        }.joined(separator: ".")
    }

    /// Nil where the text is no address.
    public init?(_ text: String) {
        guard let words = AddressWords(text)?.words, !words.isEmpty else { return nil }
        description = text
        var modules: [Part] = []
        var resource: Part?
        var rest = words[...]
        while let word = rest.first {
            guard resource == nil else {
                // A kind's instance was taken for a resource: what follows are its parts.
                if let kind = resource { modules.append(kind) }
                resource = nil
                continue
            }
            let wanted = word.name == "data" || word.name == "ephemeral" ? 3 : 2
            let chunk = rest.prefix(wanted)
            guard chunk.count == wanted, chunk.dropLast().allSatisfy({ $0.key == nil }) else { return nil }
            rest = rest.dropFirst(wanted)
            let part = Part(names: chunk.map(\.name), key: chunk.last?.key)
            if word.name == "module" { modules.append(part) } else { resource = part }
        }
        self.modules = modules
        self.resource = resource
    }

    /// Names a module or kind that an address which matches stands in, not that resource itself.
    public func isAround(_ address: ResourceInstanceAddress) -> Bool {
        resource == nil || address.module.steps.count > modules.count
    }

    /// Names one instance of something repeated, not all of them.
    public var hasKey: Bool { resource?.key != nil || modules.contains { $0.key != nil } }

    /// The instance that it names exactly, keys left out meaning "not repeated".
    public var instance: ResourceInstanceAddress? {
        guard let resource else { return nil }
        let path = ModulePath(
            modules.map { part in
                part.names[0] == "module"
                    ? .module(name: part.names[1], key: part.key ?? .none)
                    : .kind(type: ResourceType(part.names[0]), name: part.names[1], key: part.key ?? .none)
            })
        return ResourceAddress(module: path, resource: Self.name(resource.names)).instance(resource.key ?? .none)
    }

    static func name(_ names: [String]) -> ResourceName {
        if names.count == 3 {
            return ResourceName(names[0] == "data" ? .data : .ephemeral, type: ResourceType(names[1]), name: names[2])
        }
        return ResourceName(type: ResourceType(names[0]), name: names[1])
    }

    /// Whether it names the same resource or module, whatever the instances.
    public func matchesWithoutKeys(_ address: ResourceInstanceAddress) -> Bool {
        mayMatch(call: address.module.call, resource: address.resource.resource)
    }

    public func matches(_ address: ResourceInstanceAddress) -> Bool {
        let steps = address.module.steps.map { Self.part($0) }
        var wanted = modules
        if let resource {
            // Either the resource itself, or a kind's instance around it.
            if steps.count == wanted.count {
                return zip(wanted, steps).allSatisfy(Self.covers) && Self.name(resource.names) == address.resource.resource
                    && (resource.key == nil || resource.key == address.key)
            }
            wanted.append(resource)
        }
        return steps.count >= wanted.count && zip(wanted, steps).allSatisfy(Self.covers)
    }

    /// Names the module instance itself, not what is in it.
    public func namesModule(_ path: ModulePath) -> Bool {
        let steps = path.steps.map { Self.part($0) }
        return resource == nil && steps.count == modules.count && zip(modules, steps).allSatisfy(Self.covers)
    }

    /// Names some instance of the module call itself.
    public func mayName(call: ModuleCallPath) -> Bool {
        resource == nil
            && namesOfModules
                == call.steps.map { step in
                    switch step {
                    case .module(let name): ["module", name]
                    case .kind(let type, let name): [type.rawValue, name]
                    }
                }
    }

    private var namesOfModules: [[String]] { modules.map(\.names) }

    /// Names no resource.
    public var isModule: Bool { resource == nil }

    /// How the resource that it names is managed; nil for a module.
    public var mode: ResourceMode? { resource.map { Self.name($0.names).mode } }

    /// Whether it may name instances of a resource of this module call.
    public func mayMatch(call: ModuleCallPath, resource name: ResourceName) -> Bool {
        let steps = call.steps.map { step in
            switch step {
            case .module(let name): ["module", name]
            case .kind(let type, let name): [type.rawValue, name]
            }
        }
        var wanted = modules.map(\.names)
        if let resource {
            if steps.count == wanted.count { return wanted == steps && Self.name(resource.names) == name }
            wanted.append(resource.names)
        }
        return steps.starts(with: wanted)
    }

    private static func covers(_ pair: (Part, Part)) -> Bool {
        pair.0.names == pair.1.names && (pair.0.key == nil || pair.0.key == pair.1.key)
    }

    /// - Parameter openKey: no key matches every one.
    private static func part(_ step: ModuleStep, openKey: Bool = false) -> Part {
        let key = openKey && step.key == .none ? nil : step.key
        return switch step {
        case .module(let name, _): Part(names: ["module", name], key: key)
        case .kind(let type, let name, _): Part(names: [type.rawValue, name], key: key)
        }
    }
}

/// An address cut at its dots, keys attached: `a.b["c.d"]` is `a`, `b["c.d"]`.
struct AddressWords {
    var words: [(name: String, key: InstanceKey?)] = []

    init?(_ text: String) {
        var rest = Substring(text)
        while true {
            let name = rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "-" }
            guard !name.isEmpty else { return nil }
            rest = rest.dropFirst(name.count)
            var key: InstanceKey?
            if rest.first == "[" {
                guard let (read, after) = Self.key(rest.dropFirst()) else { return nil }
                key = read
                rest = after
            }
            words.append((String(name), key))
            if rest.isEmpty { return }
            guard rest.first == "." else { return nil }
            rest = rest.dropFirst()
        }
    }

    private static func key(_ text: Substring) -> (InstanceKey, Substring)? {
        if text.first == "\"" {
            var value = ""
            var rest = text.dropFirst()
            while let character = rest.first {
                rest = rest.dropFirst()
                if character == "\"" {
                    guard rest.first == "]" else { return nil }
                    return (.key(value.replacing("$${", with: "${").replacing("%%{", with: "%{")), rest.dropFirst())
                }
                if character == "\\", let next = rest.first {
                    rest = rest.dropFirst()
                    switch next {
                    case "n": value.append("\n")
                    case "t": value.append("\t")
                    case "r": value.append("\r")
                    case "u", "U":
                        let digits = rest.prefix(next == "u" ? 4 : 8)
                        guard let scalar = UInt32(digits, radix: 16).flatMap(Unicode.Scalar.init) else { return nil }
                        value.unicodeScalars.append(scalar)
                        rest = rest.dropFirst(digits.count)
                    default: value.append(next)
                    }
                } else {
                    value.append(character)
                }
            }
            return nil
        }
        let digits = text.prefix { $0.isNumber }
        guard let number = Int(digits), text.dropFirst(digits.count).first == "]" else { return nil }
        return (.index(number), text.dropFirst(digits.count + 1))
    }
}
