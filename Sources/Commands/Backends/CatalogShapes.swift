import Addresses
import ConfigModel
import Diagnostics
import Engine
import ProviderKit
import StateDocuments
import Synchronization
import Values

/// What documents do not say, from the providers' schemas and the configuration's `required_providers`.
final class CatalogShapes: ObjectShapes {
    private let engine: Engine
    private let catalog: DiskCatalog
    private let loaded = Mutex<Configuration??>(nil)

    private let variables: @Sendable () -> VariableInputs

    init(engine: Engine, catalog: DiskCatalog, variables: @escaping @Sendable () -> VariableInputs) {
        self.engine = engine
        self.variables = variables
        self.catalog = catalog
    }

    /// Loaded when a document is first read or written; nil where it is at fault.
    private var configuration: Configuration? {
        if let known = loaded.withLock({ $0 }) { return known }
        let configuration = engine.load(variables: variables()).configuration
        loaded.withLock { $0 = .some(configuration) }
        return configuration
    }

    /// A name is that of a module; the catalog wants the provider's own.
    func shape(of type: ResourceType, provider: String) async -> ObjectShape? {
        let name = configuration?.modules.first?.settings.providerType(provider) ?? provider
        let schema: ResourceSchema?
        do throws(DiagnosticError) {
            schema = try await catalog.source(named: name).schema.resources[type]
        } catch {
            // A provider that is not here: its objects are kept as they are.
            return nil
        }
        guard let block = schema?.block else { return nil }
        return ObjectShape(type: block.impliedType, marking: { block.marking($0) })
    }

    func source(of provider: ProviderConfigAddress) async -> String? {
        if provider.name == "terraform" { return nil }
        guard let settings = configuration?.module(at: provider.module)?.settings,
            let source = settings.requiredProviders.first(where: { $0.localName == provider.name })?.source
        else { return nil }
        let parts = source.split(separator: "/").map(String.init)
        switch parts.count {
        case 1: return "registry.terraform.io/hashicorp/\(source)"
        case 2: return "registry.terraform.io/\(source)"
        default: return source
        }
    }

    func localName(of source: String, in module: ModuleCallPath) async -> String? {
        guard let settings = configuration?.module(at: module)?.settings, let name = source.split(separator: "/").last else { return nil }
        return settings.requiredProviders.first { settings.providerType($0.localName) == name }?.localName
    }
}

extension BlockSchema {
    /// The object with sensitive attributes marked, those of nested blocks too.
    func marking(_ value: Value) -> Value {
        guard holdsSensitive, let entries = value.entries else { return value }
        return Value.object(
            entries.map { entry in
                if attribute(entry.key)?.isSensitive == true { return (entry.key, entry.value.marked(.sensitive)) }
                guard let nested = block(entry.key), nested.block.holdsSensitive else { return (entry.key, entry.value) }
                return (entry.key, nested.marking(entry.value))
            }
        ).withMarks(value.marks)
    }

    private var holdsSensitive: Bool { attributes.contains(where: \.isSensitive) || blocks.contains { $0.block.holdsSensitive } }
}

extension NestedBlockSchema {
    fileprivate func marking(_ value: Value) -> Value {
        switch nesting {
        case .single, .group: return block.marking(value)
        case .list, .set:
            guard let elements = value.elements else { return value }
            let marked = elements.map { block.marking($0) }
            let all: Value = nesting == .list ? .list(marked, of: block.impliedType) : .set(marked, of: block.impliedType)
            return all.marked(value.marks)
        case .map:
            guard let entries = value.entries else { return value }
            return Value.map(entries.map { ($0.key, block.marking($0.value)) }, of: block.impliedType).marked(value.marks)
        }
    }
}
