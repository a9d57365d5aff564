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
        return Self.object(schema.block, arguments)
    }

    /// An object of a block's type, what is not given being null, and blocks empty.
    static func object(_ block: BlockSchema, _ arguments: [String: Value]) -> Value {
        .object(
            block.attributes.map { ($0.name, arguments[$0.name] ?? .null($0.type)) }
                + block.blocks.map { nested in
                    (nested.name, arguments[nested.name] ?? empty(nested))
                })
    }

    private static func empty(_ nested: NestedBlockSchema) -> Value {
        switch nested.nesting {
        case .list: .list([], of: nested.block.impliedType)
        case .set: .set([], of: nested.block.impliedType)
        default: .null(nested.impliedType)
        }
    }

    /// What a data source of the type answers.
    func data(_ arguments: [String: Value]) async throws -> Value {
        let schema = try #require(provider.schema.dataSources[type])
        return try await provider.readData(DataRequest(address: address, configuration: Self.object(schema.block, arguments)))
    }

    func dataFaults(_ arguments: [String: Value]) throws -> [Diagnostic] {
        let schema = try #require(provider.schema.dataSources[type])
        return provider.validate(Self.object(schema.block, arguments), of: type, mode: .data)
    }

    /// A block of a resource type, for `arguments`.
    func block(_ name: String, _ attributes: [String: Value]...) throws -> Value {
        let schema = try #require((provider.schema.resources[type] ?? provider.schema.dataSources[type])?.block.block(name))
        let objects = attributes.map { Self.object(schema.block, $0) }
        return schema.nesting == .set ? .set(objects, of: schema.block.impliedType) : .list(objects, of: schema.block.impliedType)
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
