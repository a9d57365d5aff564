import Addresses
import BuiltinProviders
import Diagnostics
import ProviderKit
import Testing
import Values

/// Drives one object of one type as a plan and an apply would.
struct Lifecycle {
    let provider: BuiltinProvider
    let type: ResourceType

    init(_ provider: BuiltinProvider, _ type: String) {
        self.provider = provider
        self.type = ResourceType(type)
    }

    /// The arguments in an object of the type, everything else null.
    func configuration(_ arguments: [String: Value]) throws -> Value {
        let schema = try #require(provider.schema.resources[type])
        return .object(schema.block.attributes.map { ($0.name, arguments[$0.name] ?? .null($0.type)) })
    }

    func propose(_ arguments: [String: Value], from prior: RemoteObject? = nil) async throws -> Proposal {
        try await provider.propose(Desired(configuration: try configuration(arguments)), from: prior, of: type)
    }

    func validate(_ arguments: [String: Value]) throws -> [Diagnostic] {
        provider.validate(try configuration(arguments), of: type, mode: .managed)
    }

    var address: ResourceInstanceAddress { ResourceAddress(resource: ResourceName(type: type, name: "x")).instance(.none) }

    func apply(_ action: ApplyAction, _ proposal: Proposal, prior: RemoteObject? = nil) async throws -> ApplyOutcome {
        let request = ApplyRequest(
            action: action, address: address, type: type, desired: nil, prior: prior, proposal: proposal, intent: IntentID(rawValue: "0"))
        var outcomes: [ApplyOutcome] = []
        for await (index, outcome) in provider.apply([request]) {
            #expect(index == 0)
            outcomes.append(outcome)
        }
        #expect(outcomes.count == 1)
        return try #require(outcomes.first)
    }

    func create(_ arguments: [String: Value]) async throws -> RemoteObject {
        let proposal = try await propose(arguments)
        guard case .done(let object?) = try await apply(.create, proposal) else { throw Unexpected() }
        #expect(object.attributes.isWhollyKnown)
        // What was known in the plan is so in the object.
        for (name, value) in proposal.planned?.entries ?? [] where value.isWhollyKnown {
            #expect(object.attributes[name] == value, "\(name)")
        }
        return object
    }

    func delete(_ object: RemoteObject) async throws {
        guard case .done(nil) = try await apply(.delete, Proposal(planned: nil), prior: object) else { throw Unexpected() }
    }

    func read(_ object: RemoteObject) async throws -> ReadOutcome {
        for await (_, outcome) in provider.read([ReadRequest(object: object, address: ObjectAddress(address))]) { return outcome }
        throw Unexpected()
    }

    struct Unexpected: Error {}
}
