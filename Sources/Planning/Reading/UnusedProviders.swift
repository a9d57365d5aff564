import Addresses
import ConfigModel
import DependencyGraph
import Diagnostics
import StateModel

/// Blocks of providers that nothing is planned or recorded with. They are not configured, as in the reference: their settings may not even be
/// known.
extension Planner {
    func unusedProviders() -> Set<Int> {
        // What is imported may have no resource block yet, and then chooses its provider by itself.
        if inputs.configuration.modules.contains(where: { !$0.imports.isEmpty }) { return [] }
        var unused: Set<Int> = []
        guard inputs.configuration.modules.contains(where: { !$0.providers.isEmpty }) else { return [] }
        let recorded = Set(inputs.base.objects.values.lazy.map { UnrepeatedProvider($0.provider) })
        for (number, vertex) in declarations.vertices.enumerated() {
            guard case .provider(let item) = vertex.declaration else { continue }
            let module = inputs.configuration.modules[vertex.module]
            let block = module.providers[item]
            let address = ProviderConfigAddress(module: module.path, name: block.name, alias: block.alias)
            if !recorded.contains(UnrepeatedProvider(address)) { unused.insert(number) }
        }
        guard !unused.isEmpty else { return [] }
        for (number, vertex) in declarations.vertices.enumerated() {
            guard case .resource = vertex.declaration else { continue }
            for target in declarations.graph.dependencies(of: number) { unused.remove(Int(target)) }
        }
        return unused
    }

    /// That there is such a provider is asked of one that is not used, too: its name may be a slip of the pen.
    func lookForUnusedProvider(_ vertex: Int) async {
        let place = declarations.vertices[vertex]
        guard case .provider(let item) = place.declaration else { return }
        let module = inputs.configuration.modules[place.module]
        do throws(DiagnosticError) {
            let address = ProviderConfigAddress(module: module.path, name: module.providers[item].name)
            _ = try await providers.source(address, from: catalog)
        } catch {
            report(error)
        }
    }
}

/// A provider's configuration, whichever of its instances.
private struct UnrepeatedProvider: Hashable {
    let module: ModuleCallPath
    let name: String
    let alias: String?

    init(_ address: ProviderConfigAddress) { (module, name, alias) = (address.module, address.name, address.alias) }
}
