public import Addresses
public import Values

/// A recorded object to be looked at.
public struct ReadRequest: Sendable {
    public var object: RemoteObject
    public var address: ObjectAddress
    /// The object that holds this one, as it is to be reached *now*.
    public var container: Value?

    public init(object: RemoteObject, address: ObjectAddress, container: Value? = nil) {
        self.object = object
        self.address = address
        self.container = container
    }
}

/// An answer to a read: gone and unreachable are answers, not errors.
public enum ReadOutcome: Sendable {
    case found(RemoteObject)
    case gone
    /// Could not be asked: what holds it or its endpoint does not answer. `group` names that, so that it is said once.
    case unreachable(ProviderFailure, group: String)
    /// It answered, with an error.
    case failed(ProviderFailure)
}

/// A data source to be read.
public struct DataRequest: Sendable {
    public var address: ResourceInstanceAddress
    /// Wholly known, of the data source's implied type; computed attributes are null.
    public var configuration: Value
    /// The object that it asks about what it holds.
    public var container: Value?
    public var type: ResourceType { address.resource.resource.type }

    public init(address: ResourceInstanceAddress, configuration: Value, container: Value? = nil) {
        self.address = address
        self.configuration = configuration
        self.container = container
    }
}
