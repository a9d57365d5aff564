/// One step into a module instance: a `module` call, or the instance of a kind, which is a module instance too.
public enum ModuleStep: Hashable, Sendable, Codable, Comparable, CustomStringConvertible {
    case module(name: String, key: InstanceKey)
    /// A kind's instance: `web_server.shop["web1"]`.
    case kind(type: ResourceType, name: String, key: InstanceKey)

    public var key: InstanceKey {
        switch self {
        case .module(_, let key), .kind(_, _, let key): key
        }
    }

    public static func < (left: Self, right: Self) -> Bool {
        switch (left, right) {
        case (.module(let a, let m), .module(let b, let n)):
            a == b ? m < n : a.utf8.lexicographicallyPrecedes(b.utf8)
        case (.kind(let t, let a, let m), .kind(let u, let b, let n)):
            t != u ? t < u : a == b ? m < n : a.utf8.lexicographicallyPrecedes(b.utf8)
        case (.module, .kind): true
        case (.kind, .module): false
        }
    }

    public var description: String {
        switch self {
        case .module(let name, let key): "module.\(name)\(key)"
        case .kind(let type, let name, let key): "\(type.rawValue).\(name)\(key)"
        }
    }

    /// As the published formats write it: tools that read addresses know no kinds.
    public var publishedDescription: String {
        switch self {
        case .module: description
        case .kind(let type, let name, let key): "module.\(type.rawValue)--\(name)\(key)"
        }
    }
}

/// Path of a module instance from the root.
public struct ModulePath: Hashable, Sendable, Codable, Comparable, CustomStringConvertible {
    public var steps: [ModuleStep]

    public init(_ steps: [ModuleStep]) { self.steps = steps }
    public static let root = ModulePath([])
    public var isRoot: Bool { steps.isEmpty }

    public func appending(_ step: ModuleStep) -> ModulePath { ModulePath(steps + [step]) }
    /// Nil for the root.
    public var parent: ModulePath? { isRoot ? nil : ModulePath(Array(steps.dropLast())) }

    public func isWithin(_ other: ModulePath) -> Bool { steps.starts(with: other.steps) }

    /// The outermost kind's instance that this is, or is within; nil outside of kinds.
    public var kind: ModulePath? {
        for (index, step) in steps.enumerated() {
            if case .kind = step { return ModulePath(Array(steps[...index])) }
        }
        return nil
    }

    public static func < (left: Self, right: Self) -> Bool { left.steps.lexicographicallyPrecedes(right.steps) }

    public var description: String { steps.map(\.description).joined(separator: ".") }
    public var publishedDescription: String { steps.map(\.publishedDescription).joined(separator: ".") }

    /// The same path without instance keys: which module *call* it is an instance of.
    public var call: ModuleCallPath {
        ModuleCallPath(
            steps.map { step in
                switch step {
                case .module(let name, _): .module(name: name)
                case .kind(let type, let name, _): .kind(type: type, name: name)
                }
            })
    }
}

/// A module call, whatever its instances.
public struct ModuleCallPath: Hashable, Sendable, Codable, Comparable, CustomStringConvertible {
    public enum Step: Hashable, Sendable, Codable, Comparable {
        case module(name: String)
        case kind(type: ResourceType, name: String)

        /// The name of the module call that it is in the published formats, which know no kinds.
        public var publishedName: String {
            switch self {
            case .module(let name): name
            case .kind(let type, let name): "\(type.rawValue)--\(name)"
            }
        }
    }

    public var steps: [Step]
    public init(_ steps: [Step]) { self.steps = steps }
    public static let root = ModuleCallPath([])
    public var isRoot: Bool { steps.isEmpty }
    public func appending(_ step: Step) -> ModuleCallPath { ModuleCallPath(steps + [step]) }
    public static func < (left: Self, right: Self) -> Bool { left.steps.lexicographicallyPrecedes(right.steps) }

    public var description: String {
        steps.map { step in
            switch step {
            case .module(let name): "module.\(name)"
            case .kind(let type, let name): "\(type.rawValue).\(name)"
            }
        }.joined(separator: ".")
    }

    /// As the published formats write it.
    public var publishedDescription: String { steps.map { "module.\($0.publishedName)" }.joined(separator: ".") }
}

/// A provider configuration of a module call: `aws`, `aws.west`; with the module whose block it is.
public struct ProviderConfigAddress: Hashable, Sendable, Codable, Comparable, CustomStringConvertible {
    public var module: ModuleCallPath
    /// Local name, which is the provider's name unless `required_providers` says otherwise.
    public var name: String
    public var alias: String?
    /// Of a provider block with `for_each`.
    public var key: InstanceKey

    public init(module: ModuleCallPath = .root, name: String, alias: String? = nil, key: InstanceKey = .none) {
        self.module = module
        self.name = name
        self.alias = alias
        self.key = key
    }

    public static func < (left: Self, right: Self) -> Bool {
        (left.module, left.name, left.alias ?? "", left.key) < (right.module, right.name, right.alias ?? "", right.key)
    }

    public var description: String {
        (module.isRoot ? "" : "\(module).") + "provider.\(name)" + (alias.map { ".\($0)" } ?? "") + key.description
    }
}
