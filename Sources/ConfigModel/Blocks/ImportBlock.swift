public import Addresses
public import Diagnostics

/// An `import` block.
public struct ImportBlock: Sendable {
    public var to: LocatedExpression
    public var target: ImportTarget
    public var id: LocatedExpression
    public var forEach: LocatedExpression?
    public var provider: ProviderReference?
    public var span: SourceSpan

    public init(
        to: LocatedExpression, target: ImportTarget, id: LocatedExpression, forEach: LocatedExpression?, provider: ProviderReference?,
        span: SourceSpan
    ) {
        self.to = to
        self.target = target
        self.id = id
        self.forEach = forEach
        self.provider = provider
        self.span = span
    }
}

/// What an import block names, from the root: which resource is fixed, which of its instances may follow from `each`.
public struct ImportTarget: Sendable {
    public enum Key: Sendable {
        /// `.none`: none is written.
        case constant(InstanceKey)
        case computed(LocatedExpression)
    }

    public var call: ModuleCallPath
    /// One for each step of `call`.
    public var moduleKeys: [Key]
    public var resource: ResourceName
    public var key: Key

    public init(call: ModuleCallPath, moduleKeys: [Key], resource: ResourceName, key: Key) {
        self.call = call
        self.moduleKeys = moduleKeys
        self.resource = resource
        self.key = key
    }

    /// The one instance that it names in an import that is not repeated.
    ///
    /// - Parameter value: the key that a computed one comes to.
    public func address<Failure: Error>(_ value: (LocatedExpression) throws(Failure) -> InstanceKey) throws(Failure)
        -> ResourceInstanceAddress
    {
        func known(_ key: Key) throws(Failure) -> InstanceKey {
            switch key {
            case .constant(let key): key
            case .computed(let expression): try value(expression)
            }
        }
        var steps: [ModuleStep] = []
        for (step, key) in zip(call.steps, moduleKeys) {
            switch step {
            case .module(let name): steps.append(.module(name: name, key: try known(key)))
            case .kind(let type, let name): steps.append(.kind(type: type, name: name, key: try known(key)))
            }
        }
        return ResourceAddress(module: ModulePath(steps), resource: resource).instance(try known(key))
    }

    /// Without keys: `module.m.terraform_data.a`.
    public var description: String { call.isRoot ? resource.description : "\(call).\(resource)" }

    /// Whether no key is written anywhere in it.
    public var hasNoKeys: Bool {
        (moduleKeys + [key]).allSatisfy { key in if case .constant(.none) = key { true } else { false } }
    }
}
