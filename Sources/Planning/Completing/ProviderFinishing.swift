public import Addresses
import ConfigModel
public import Diagnostics
public import ProviderKit

extension Planner {
    /// The configured provider for a step; configured now where its configuration waited for a fact. Asked for by several steps at a time:
    /// one of them has it configured, the others wait for that and get the same answer, or the same diagnostics.
    public func provider(for address: ProviderConfigAddress) async throws(DiagnosticError) -> any Provider {
        guard let known = providers.configured[address], known.hadUnknowns, let item = providerBlock(address) else {
            return try await provider(address, neededBy: nil)
        }
        if let underWay = finishing[address] { return try await underWay.value.get() }
        let task = Task { await finish(address, item) }
        finishing[address] = task
        return try await task.value.get()
    }

    private func providerBlock(_ address: ProviderConfigAddress) -> (module: Int, item: Int)? {
        guard let module = inputs.configuration.index(of: address.module),
            let item = inputs.configuration.modules[module].providers.firstIndex(where: {
                $0.name == address.name && $0.alias == address.alias
            })
        else { return nil }
        return (module, item)
    }

    private func finish(_ address: ProviderConfigAddress, _ block: (module: Int, item: Int)) async -> Result<any Provider, DiagnosticError>
    {
        guard let instance = cells.instances[block.module].first else {
            return .failure(DiagnosticError(.error("Provider not configured", "The module of \(address) has no instances.")))
        }
        do throws(DiagnosticError) {
            let repetition = inputs.configuration.modules[block.module].providers[block.item].repetition
            let all = try cells.expand(repetition, in: instance).1
            guard let own = all.first(where: { $0.key == address.key }) else {
                throw DiagnosticError(.error("Provider not configured", "\(address) is not one of the instances of its configuration."))
            }
            let made = try await configureBlock(block.item, own, in: instance)
            // Some of it waits for other facts than those of whoever asked: the next one to ask may have them.
            if made.hadUnknowns { finishing[address] = nil }
            return .success(made.provider)
        } catch {
            return .failure(error)
        }
    }
}
