public import Addresses
import Evaluation
import HCLSyntax

/// Which provider configuration a block means, and which instance of it.
public struct ProviderChoice: Sendable {
    /// Without a key.
    public var address: ProviderConfigAddress
    /// Evaluated for each instance of the block; nil: the configuration is not repeated.
    public var key: LocatedExpression?
    /// The call in whose `providers` the key stands, among the names of the module that calls; nil: in the block itself.
    public var call: ModuleCallPath?
}

extension Configuration {
    /// The provider configuration that a reference in a module means, wherever it is: the module's own `provider` block, one
    /// passed by the caller's `providers` map, or the default one of the nearest module above that has it; else an empty one of the root.
    ///
    /// - Returns: the configuration without the key of an instance.
    public func providerConfiguration(for reference: ProviderReference, in module: Module) -> ProviderConfigAddress {
        providerChoice(for: reference, in: module).address
    }

    /// The same, with what says which instance of it is meant.
    public func providerChoice(for reference: ProviderReference, in module: Module) -> ProviderChoice {
        var module = module
        var name = reference.name
        var alias = reference.alias
        var key = reference.key
        var chooser: ModuleCallPath?
        while true {
            let isOwn = module.providers.contains {
                $0.name == name && $0.alias == alias && (module.path.isRoot || !$0.isPlaceholder)
            }
            if isOwn { break }
            guard let step = module.path.steps.last, let caller = self.module(at: ModuleCallPath(Array(module.path.steps.dropLast()))),
                let call = caller.call(step)
            else { break }
            if let passed = call.providers.first(where: { $0.inner.name == name && $0.inner.alias == alias }) {
                name = passed.outer.name
                alias = passed.outer.alias
                if let chosen = passed.outer.key {
                    key = chosen
                    chooser = module.path
                }
            } else if alias == nil {
                name = caller.settings.localName(of: module.settings.providerType(name))
            } else {
                // Neither configured nor passed, which loading has reported.
                break
            }
            module = caller
        }
        return ProviderChoice(address: ProviderConfigAddress(module: module.path, name: name, alias: alias), key: key, call: chooser)
    }

    /// The block of a provider configuration; nil for one that is empty because nobody wrote it.
    public func providerBlock(at address: ProviderConfigAddress) -> ProviderBlock? {
        module(at: address.module)?.providers.first { $0.name == address.name && $0.alias == address.alias }
    }

    /// Name of the provider itself: the last part of its source, which a local name may differ from.
    public func providerName(of address: ProviderConfigAddress) -> String {
        module(at: address.module)?.settings.providerType(address.name) ?? address.name
    }
}

extension ProviderBlock {
    /// An empty block in a child module: an old way to say that the caller passes the configuration.
    var isPlaceholder: Bool {
        guard case .single = repetition else { return false }
        return body.attributes.isEmpty && body.blocks.isEmpty
    }
}
