import Addresses
import ConfigModel
import Diagnostics
import ProviderKit
import Values

/// A type's schema with what is worked out from it once.
final class TypeSchema {
    let schema: ResourceSchema
    let shape: BodyShape
    let containerSlot: Int?

    init(_ schema: ResourceSchema) {
        self.schema = schema
        let shape = BodyShape(schema.block)
        self.shape = shape
        containerSlot = schema.containerAttribute.flatMap { shape.shape.index(of: $0) }
    }
}

/// The providers of one plan: sources by name, configured ones by address.
final class ProviderBoard {
    struct Configured {
        let provider: any Provider
        /// Its configuration held unknowns: it is configured again while applying.
        let hadUnknowns: Bool
    }

    let configuration: Configuration
    private var sources: [String: any ProviderSource] = [:]
    private var types: [String: [ResourceName.TypeKey: TypeSchema]] = [:]
    var configured: [ProviderConfigAddress: Configured] = [:]
    /// Configurations that failed: said once.
    var failed: Set<ProviderConfigAddress> = []

    init(configuration: Configuration) { self.configuration = configuration }

    /// The provider's own name: `required_providers` may give it another one in a module.
    func providerName(_ address: ProviderConfigAddress) -> String {
        guard let module = configuration.index(of: address.module) else { return address.name }
        let required = configuration.modules[module].settings.requiredProviders.first { $0.localName == address.name }
        return required?.source?.split(separator: "/").last.map(String.init) ?? address.name
    }

    func source(_ address: ProviderConfigAddress, from catalog: any ProviderCatalog) async throws(DiagnosticError) -> any ProviderSource {
        let name = providerName(address)
        if let known = sources[name] { return known }
        let source = try await catalog.source(named: name)
        sources[name] = source
        return source
    }

    /// Providers used, for the plan's inputs.
    var digests: [(name: String, digest: String)] {
        sources.map { ($0.key, $0.value.schema.digest) }.sorted { $0.name.precedesByBytes($1.name) }
    }

    func knownSource(_ address: ProviderConfigAddress) -> (any ProviderSource)? { sources[providerName(address)] }

    func type(_ type: ResourceType, mode: ResourceMode, of source: any ProviderSource) -> TypeSchema? {
        let name = source.schema.name
        let key = ResourceName.TypeKey(mode: mode, type: type)
        if let known = types[name]?[key] { return known }
        let offered =
            switch mode {
            case .managed: source.schema.resources
            case .data: source.schema.dataSources
            case .ephemeral: source.schema.ephemerals
            }
        guard let schema = offered[type] else { return nil }
        let made = TypeSchema(schema)
        types[name, default: [:]][key] = made
        return made
    }
}

extension ResourceName {
    struct TypeKey: Hashable {
        let mode: ResourceMode
        let type: ResourceType
    }
}

extension Planner {
    /// Configures a provider block: all of its instances, where it is repeated.
    func visitProvider(_ item: Int, in instance: ModuleInstance) async {
        let block = inputs.configuration.modules[instance.module].providers[item]
        do throws(DiagnosticError) {
            for repetition in try expansion(of: block.repetition, in: instance).1 {
                let address = providerAddress(item, repetition.key, in: instance)
                do throws(DiagnosticError) {
                    _ = try await configureBlock(item, repetition, in: instance)
                } catch {
                    providers.failed.insert(address)
                    report(error)
                }
            }
        } catch {
            for key in block.keys { providers.failed.insert(providerAddress(item, key, in: instance)) }
            report(error)
        }
    }

    private func providerAddress(_ item: Int, _ key: InstanceKey, in instance: ModuleInstance) -> ProviderConfigAddress {
        let module = inputs.configuration.modules[instance.module]
        return ProviderConfigAddress(module: module.path, name: module.providers[item].name, alias: module.providers[item].alias, key: key)
    }

    /// Until it is done, whoever asks gets what was configured before.
    func configureBlock(_ item: Int, _ repetition: RepetitionValues, in instance: ModuleInstance) async throws(DiagnosticError)
        -> ProviderBoard.Configured
    {
        let block = inputs.configuration.modules[instance.module].providers[item]
        let address = providerAddress(item, repetition.key, in: instance)
        let source = try await providers.source(address, from: catalog)
        var decoder = BodyDecoder { [cells] file in cells.evaluator(file, in: instance, repetition: repetition) }
        decoder.allowsEphemeral = true
        let desired = decoder.decode(block.body, BodyShape(source.schema.configuration))
        guard !decoder.diagnostics.hasErrors else { throw DiagnosticError(decoder.diagnostics) }
        return try await configure(source, address, desired.configuration, span: block.span)
    }

    private func configure(
        _ source: any ProviderSource, _ address: ProviderConfigAddress, _ value: Value, span: SourceSpan?
    ) async throws(DiagnosticError) -> ProviderBoard.Configured {
        do throws(ProviderFailure) {
            let provider =
                if let source = source as? any AddressedSource { try await source.configure(value, as: address) } else {
                    try await source.configure(value)
                }
            let made = ProviderBoard.Configured(provider: provider, hadUnknowns: !value.isWhollyKnown)
            providers.configured[address] = made
            return made
        } catch {
            throw DiagnosticError(error.diagnostic(address: address.description, subject: span))
        }
    }

    /// A configured provider; one without a block is configured with nothing.
    func provider(_ address: ProviderConfigAddress, neededBy span: SourceSpan?) async throws(DiagnosticError) -> any Provider {
        if let known = providers.configured[address] { return known.provider }
        if providers.failed.contains(address) { throw DiagnosticError([]) }
        if let absence = absence(of: address, neededBy: "what it has made") { throw DiagnosticError(absence) }
        do throws(DiagnosticError) {
            let source = try await providers.source(address, from: catalog)
            let shape = BodyShape(source.schema.configuration)
            for attribute in source.schema.configuration.attributes where attribute.isRequired {
                throw DiagnosticError(
                    .error(
                        "Missing required argument",
                        "The provider \"\(address.name)\" needs a configuration: its argument \"\(attribute.name)\" is required, and no provider block gives it.",
                        at: span, hints: ["Add a block: provider \"\(address.name)\" { \(attribute.name) = … }"]))
            }
            let empty = Value.object(shape: shape.shape, slots: ContiguousArray(shape.members.map(\.absentValue)))
            return try await configure(source, address, empty, span: span).provider
        } catch {
            providers.failed.insert(address)
            throw error
        }
    }
}
