public import Addresses
public import Values

/// A provider with ephemeral resources: values that are there for one run, and are recorded nowhere.
public protocol EphemeralOpening: ProviderReading {
    /// Called once while planning, where everything it is asked by is known, and once more while applying.
    func open(_ request: EphemeralRequest) async throws(ProviderFailure) -> OpenEphemeral
    /// Keeps an open one alive; called `renewAfter` seconds after it was opened or last renewed.
    func renew(_ open: OpenEphemeral, of type: ResourceType) async throws(ProviderFailure) -> OpenEphemeral
    /// Called when nothing needs it any more, whatever became of the run.
    func close(_ open: OpenEphemeral, of type: ResourceType) async throws(ProviderFailure)
}

extension EphemeralOpening {
    public func renew(_ open: OpenEphemeral, of type: ResourceType) async throws(ProviderFailure) -> OpenEphemeral { open }
    public func close(_ open: OpenEphemeral, of type: ResourceType) async throws(ProviderFailure) {}
}

public struct EphemeralRequest: Sendable {
    public var address: ResourceInstanceAddress
    /// Wholly known, of the type's implied type; computed attributes are null.
    public var configuration: Value
    public var type: ResourceType { address.type }

    public init(address: ResourceInstanceAddress, configuration: Value) {
        self.address = address
        self.configuration = configuration
    }
}

/// An open ephemeral resource. Never Codable: nothing of it is stored.
public struct OpenEphemeral: Sendable {
    /// The request's configuration, computed attributes filled in.
    public var result: Value
    /// What renewing and closing need; opaque to everybody else.
    public var privateBytes: [UInt8]
    /// Seconds until it has to be renewed; nil: it lasts for the whole run.
    public var renewAfter: Double?

    public init(result: Value, privateBytes: [UInt8] = [], renewAfter: Double? = nil) {
        self.result = result
        self.privateBytes = privateBytes
        self.renewAfter = renewAfter
    }
}
