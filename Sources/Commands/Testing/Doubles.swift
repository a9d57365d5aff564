import Addresses
import ConfigModel
import Diagnostics
import Planning
import ProviderKit
import Values

/// What stands in the place of what, in one run of a test.
struct Doubles: Sendable {
    /// How a provider configuration is made, other than the module says.
    enum Provider: Sendable {
        case mocked(MockProvider)
        /// With these arguments, evaluated.
        case configured([String: Value])
    }

    /// By the root module's local name and alias: `aws`, `aws.west`.
    var providers: [String: Provider] = [:]
    /// Those of the file, then those of the run: the last that fits wins.
    var overrides: [TestOverride] = []

    func provider(at address: ProviderConfigAddress) -> Provider? {
        // Modules configure none of their own under test, or what they configure is theirs.
        address.module.isRoot ? providers[address.name + (address.alias.map { ".\($0)" } ?? "")] : nil
    }

    /// The override of an object: one that names its instance goes before one that names all.
    static func override(of address: ResourceInstanceAddress, among overrides: [TestOverride]) -> TestOverride? {
        // As the reference has it, a module instance is named with its key, or nothing in it is meant.
        let fitting = overrides.filter { item in
            item.kind != .module && item.target.matches(address) && item.target.instance?.module == address.module
        }
        return fitting.last { $0.target.hasKey } ?? fitting.last
    }

    var replacedModules: [ReplacedModule] {
        overrides.filter { $0.kind == .module }.map { item in
            ReplacedModule(
                pattern: item.target, outputs: Dictionary((item.values.values.entries ?? []).map { ($0.key, $0.value) }) { _, last in last }
            )
        }
    }
}

/// The real providers, behind the doubles of a run.
struct DoubledCatalog: ProviderCatalog {
    let real: any ProviderCatalog
    let doubles: Doubles
    /// Local names of the root module to names of providers.
    let names: [String: String]

    func source(named name: String) async throws(DiagnosticError) -> any ProviderSource {
        let isDoubled = doubles.providers.keys.contains { key in
            let local = String(key.prefix { $0 != "." })
            return (names[local] ?? local) == name
        }
        return DoubledSource(real: try await real.source(named: name), doubles: doubles, isDoubled: isDoubled)
    }
}

/// A provider's source, whose configurations may be doubles.
struct DoubledSource: AddressedSource {
    let real: any ProviderSource
    let doubles: Doubles
    let schema: ProviderSchema

    init(real: any ProviderSource, doubles: Doubles, isDoubled: Bool) {
        self.real = real
        self.doubles = doubles
        var schema = real.schema
        if isDoubled {
            // What the test says is enough: the module's own block may be missing.
            for index in schema.configuration.attributes.indices where schema.configuration.attributes[index].isRequired {
                schema.configuration.attributes[index].isRequired = false
                schema.configuration.attributes[index].isOptional = true
            }
        }
        self.schema = schema
    }

    func validate(_ configuration: Value, of type: ResourceType, mode: ResourceMode) -> [Diagnostic] {
        real.validate(configuration, of: type, mode: mode)
    }

    func configure(_ configuration: Value) async throws(ProviderFailure) -> any Provider {
        DoubledProvider(real: try await real.configure(configuration), mock: nil, overrides: doubles.overrides, schema: schema)
    }

    func configure(_ configuration: Value, as address: ProviderConfigAddress) async throws(ProviderFailure) -> any Provider {
        switch doubles.provider(at: address) {
        case nil: return try await configure(configuration)
        case .mocked(let mock)?:
            return DoubledProvider(real: nil, mock: mock, overrides: mock.overrides + doubles.overrides, schema: schema)
        case .configured(let arguments)?: return try await configure(try Self.merged(arguments, configuration, real.schema))
        }
    }

    private static func merged(_ arguments: [String: Value], _ configuration: Value, _ schema: ProviderSchema)
        throws(ProviderFailure) -> Value
    {
        guard case .object(let object) = configuration.node else { return configuration }
        var slots = object.slots
        func fault(_ detail: String) -> ProviderFailure {
            ProviderFailure(.invalidConfiguration, summary: "Invalid provider configuration", detail: detail)
        }
        for (index, name) in object.shape.names.enumerated() {
            guard let attribute = schema.configuration.attribute(name) else { continue }
            do throws(ConversionError) {
                slots[index] = try arguments[name]?.converted(to: attribute.type) ?? .null(attribute.type)
            } catch {
                throw fault("The test's provider block has an unsuitable value for \"\(name)\": \(error.message).")
            }
            if attribute.isRequired, slots[index].isNull {
                throw fault("The argument \"\(name)\" is required, and the test's provider block has none.")
            }
        }
        return .object(shape: object.shape, slots: slots)
    }
}

extension DoubledSource: StateMoving {
    func moved(_ object: RemoteObject, from provider: String, to type: ResourceType) throws(ProviderFailure) -> RemoteObject? {
        try (real as? any StateMoving)?.moved(object, from: provider, to: type)
    }
}
