public import Addresses
public import Values

/// A source whose providers differ by which configuration they are made for: what tests put in the place of real ones.
public protocol AddressedSource: ProviderSource {
    func configure(_ configuration: Value, as address: ProviderConfigAddress) async throws(ProviderFailure) -> any Provider
}

/// A provider whose proposals differ by which object they are about.
public protocol AddressedProposing: ProviderReading {
    func propose(_ desired: Desired?, from prior: RemoteObject?, of type: ResourceType, at address: ResourceInstanceAddress)
        async throws(ProviderFailure) -> Proposal
}
