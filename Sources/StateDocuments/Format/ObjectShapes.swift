public import Addresses
public import Values

/// What a document does not say of its objects, and whoever reads or writes one has to know.
public protocol ObjectShapes: Sendable {
    /// Nil where the type, or its provider, is not known: its attributes are then kept as JSON has them.
    func shape(of type: ResourceType, provider: String) async -> ObjectShape?
    /// `registry.terraform.io/hashicorp/aws` of a provider configuration; nil where nothing says.
    func source(of provider: ProviderConfigAddress) async -> String?
    /// The name that a module gives to a provider; nil where nothing says.
    func localName(of source: String, in module: ModuleCallPath) async -> String?
}

/// How a type's objects are recorded.
public struct ObjectShape: Sendable {
    public var type: ValueType
    /// Adds the marks that the type's own schema asks for.
    public var marking: @Sendable (Value) -> Value

    public init(type: ValueType, marking: @escaping @Sendable (Value) -> Value = { $0 }) {
        self.type = type
        self.marking = marking
    }
}

/// A provider's place in the world, as documents write it.
enum ProviderSource {
    static let builtin = "terraform.io/builtin/terraform"

    /// Where nothing else is known.
    static func assumed(for name: String) -> String { name == "terraform" ? builtin : "registry.terraform.io/hashicorp/\(name)" }

    static func assumedName(of source: String) -> String { source.split(separator: "/").last.map(String.init) ?? source }
}
