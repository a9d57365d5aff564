public import Addresses
public import Values

/// One provisioner to be run for one object, everything evaluated. Never Codable: ephemeral values are in it.
public struct ProvisionRequest: Sendable {
    /// `local-exec`.
    public var type: String
    public var address: ResourceInstanceAddress
    /// Of the type's schema; marks taken off.
    public var configuration: Value
    /// Of the connection's schema, marks taken off; nil where none is written.
    public var connection: Value?
    /// Why nothing of what it prints, and nothing of its configuration, may be shown.
    public var secrecy: Secrecy?
    /// Keys that machines have shown to this object's provisioners before, by place: `host`, or `[host]:port`.
    public var hostKeys: [String: String]

    public enum Secrecy: String, Sendable, Hashable { case sensitive, ephemeral }

    public init(
        type: String, address: ResourceInstanceAddress, configuration: Value, connection: Value? = nil, secrecy: Secrecy? = nil,
        hostKeys: [String: String] = [:]
    ) {
        self.type = type
        self.address = address
        self.configuration = configuration
        self.connection = connection
        self.secrecy = secrecy
        self.hostKeys = hostKeys
    }
}

/// How a provisioner ended.
public struct ProvisionOutcome: Sendable, Hashable {
    /// Nil: it did what it was to do.
    public var failure: ProviderFailure?
    /// Keys that were accepted for the first time, to be kept with the object.
    public var hostKeys: [String: String]

    public init(failure: ProviderFailure? = nil, hostKeys: [String: String] = [:]) {
        self.failure = failure
        self.hostKeys = hostKeys
    }
}

/// Runs provisioners. What they change outside is theirs to know: they run again only with their object.
public protocol Provisioning: Sendable {
    /// Returns when the provisioner has ended; where the task is cancelled, it is stopped with all that it started.
    ///
    /// - Parameter output: is given each line that is to be shown, in order, on any thread; may hold up whoever calls it.
    func provision(_ request: ProvisionRequest, output: @escaping @Sendable (String) -> Void) async -> ProvisionOutcome
}
