public import Addresses

/// The kinds there are: resource types whose blocks become calls of a composition.
public struct KindCatalog: Sendable {
    /// One kind: where its interface and its compositions are, as paths that the module sources know.
    public struct Kind: Sendable, Hashable {
        /// The file with its variables, and its outputs without values.
        public var interface: String
        /// Directory of the composition by the name of the provider that has it.
        public var compositions: [String: String]

        public init(interface: String, compositions: [String: String]) {
            self.interface = interface
            self.compositions = compositions
        }
    }

    private let find: @Sendable (ResourceType) -> Kind?

    /// - Parameter find: asked for every `resource` block, so it answers from memory.
    public init(find: @escaping @Sendable (ResourceType) -> Kind?) { self.find = find }

    public init(_ kinds: [ResourceType: Kind]) {
        self.init { kinds[$0] }
    }

    public static let none = KindCatalog { _ in nil }

    public func kind(_ type: ResourceType) -> Kind? { find(type) }
}
