public import Addresses
public import Values

/// A provider that can take over objects which exist already, and which nobody made through it.
///
/// Asked for by ability, per type: a provider that imports some of its types refuses the others with `ProviderFailure.notImportable`.
public protocol Importing: ProviderReading {
    /// What the id alone says of an object: enough for `read`, which the caller asks next and which finds out whether it is there.
    ///
    /// - Returns: an object of the type's implied type; what the id does not say is null.
    /// - Throws: where the id is not one of this type, and says what one looks like.
    func importObject(_ request: ImportRequest) async throws(ProviderFailure) -> RemoteObject
}

/// An object to be taken over, by the name that it has outside.
public struct ImportRequest: Sendable {
    public var address: ResourceInstanceAddress
    /// As its provider's documentation has it; never empty.
    public var id: String
    /// What the resource's block says, as far as it is known; nil where there is no block yet. Only what an id cannot say is taken from it:
    /// where the object is.
    public var configuration: Value?
    /// What holds the object, as it is to be reached now.
    public var container: Value?
    public var type: ResourceType { address.type }

    public init(address: ResourceInstanceAddress, id: String, configuration: Value? = nil, container: Value? = nil) {
        self.address = address
        self.id = id
        self.configuration = configuration
        self.container = container
    }
}

extension ProviderFailure {
    /// Objects of the type cannot be found by an id.
    public static func notImportable(_ type: ResourceType) -> ProviderFailure {
        ProviderFailure(
            .invalidConfiguration, summary: "Resource Import Not Implemented",
            detail: "Objects of type \(type.rawValue) cannot be imported: no id says all that one of them is.",
            hints: ["Remove the import block: the object will be created."])
    }
}

/// A source some of whose types can take over objects of other types: what a `moved` block from one type to another needs.
public protocol StateMoving: ProviderSource {
    /// - Parameter provider: name of the provider that the object was recorded by.
    /// - Returns: the object as one of `type`; nil where that type cannot take it over.
    func moved(_ object: RemoteObject, from provider: String, to type: ResourceType) throws(ProviderFailure) -> RemoteObject?
}
