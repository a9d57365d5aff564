public import Addresses
public import Diagnostics
public import ProviderKit
public import Transport
public import Values

/// A provider that needs neither settings nor a service.
public struct BuiltinProvider: ProviderSource, Provider, DataReading, Importing, StateMoving, EphemeralOpening {
    public let schema: ProviderSchema
    let types: [ResourceType: any BuiltinType]
    let dataSources: [ResourceType: any BuiltinDataSource]
    let ephemerals: [ResourceType: any BuiltinEphemeral]

    init(
        name: String, version: String, types: [any BuiltinType], dataSources: [any BuiltinDataSource] = [],
        ephemerals: [any BuiltinEphemeral] = []
    ) {
        let resources = Dictionary(types.map { ($0.schema.type, $0) }) { first, _ in first }
        let sources = Dictionary(dataSources.map { ($0.schema.type, $0) }) { first, _ in first }
        let opened = Dictionary(ephemerals.map { ($0.schema.type, $0) }) { first, _ in first }
        self.types = resources
        self.dataSources = sources
        self.ephemerals = opened
        schema = ProviderSchema(
            name: name, version: version, digest: "builtin-\(version)", configuration: BlockSchema(),
            resources: resources.mapValues(\.schema), dataSources: sources.mapValues(\.schema), ephemerals: opened.mapValues(\.schema))
    }

    /// How providers that ask a server come to a transport; it is called when they first do.
    public typealias HTTPSource = @Sendable () -> any HTTPTransport

    /// All of them, by name.
    public static func all(http: @escaping HTTPSource, rendering: @escaping TemplateRendering) -> [String: BuiltinProvider] {
        let providers = [
            terraform(http: http), random, null, local, time, archive, external, cloudinit, tls(http: http), self.http(http: http),
            template(rendering: rendering),
        ]
        return Dictionary(providers.map { ($0.schema.name, $0) }) { first, _ in first }
    }

    // MARK: ProviderSource

    public func validate(_ configuration: Value, of type: ResourceType, mode: ResourceMode) -> [Diagnostic] {
        switch mode {
        case .managed: types[type]?.validate(configuration) ?? []
        case .data: dataSources[type]?.validate(configuration) ?? []
        case .ephemeral: ephemerals[type]?.validate(configuration) ?? []
        }
    }

    public func configure(_ configuration: Value) async throws(ProviderFailure) -> any Provider { self }

    // MARK: Planning

    public func batchKey(type: ResourceType, container: Value?) -> String { type.rawValue }
    public func parallelism(of batchKey: String) -> Int { 0 }

    public func propose(_ desired: Desired?, from prior: RemoteObject?, of type: ResourceType) async throws(ProviderFailure) -> Proposal {
        guard let desired else { return Proposal(planned: nil) }
        return try implementation(type).propose(desired.configuration, from: prior?.attributes)
    }

    public func readData(_ request: DataRequest) async throws(ProviderFailure) -> Value {
        guard let source = dataSources[request.type] else { throw unsupported(request.type) }
        // Before it was all known, not everything could be looked at.
        if let fault = source.validate(request.configuration).first(where: { $0.severity == .error }) {
            throw ProviderFailure(.invalidConfiguration, summary: fault.summary, detail: fault.detail, hints: fault.hints)
        }
        return try await source.read(request.configuration)
    }

    public func read(_ requests: [ReadRequest]) -> AsyncStream<(Int, ReadOutcome)> {
        if requests.allSatisfy({ types[$0.object.type]?.isImmediate ?? false }) {
            return AsyncStream { continuation in
                for (index, request) in requests.enumerated() { continuation.yield((index, .found(request.object))) }
                continuation.finish()
            }
        }
        return stream { continuation in
            for (index, request) in requests.enumerated() {
                if Task.isCancelled { break }
                continuation.yield((index, await read(request)))
            }
        }
    }

    private func read(_ request: ReadRequest) async -> ReadOutcome {
        do throws(ProviderFailure) {
            guard let attributes = try await implementation(request.object.type).read(request.object.attributes) else { return .gone }
            var object = request.object
            object.attributes = attributes
            return .found(object)
        } catch {
            return .failed(error)
        }
    }

    public func importObject(_ request: ImportRequest) async throws(ProviderFailure) -> RemoteObject {
        let type = try implementation(request.type)
        guard let attributes = try type.imported(request.id) else { throw .notImportable(request.type) }
        return RemoteObject(type: request.type, attributes: attributes, schemaVersion: type.schema.version)
    }

    public func moved(_ object: RemoteObject, from provider: String, to type: ResourceType) throws(ProviderFailure) -> RemoteObject? {
        let target = try implementation(type)
        return try target.moved(object, from: provider).map {
            RemoteObject(type: type, attributes: $0, schemaVersion: target.schema.version)
        }
    }

    public func open(_ request: EphemeralRequest) async throws(ProviderFailure) -> OpenEphemeral {
        guard let type = ephemerals[request.type] else { throw unsupported(request.type) }
        return OpenEphemeral(result: try await type.open(request.configuration))
    }

    // MARK: Applying

    public func apply(_ group: [ApplyRequest]) -> AsyncStream<(Int, ApplyOutcome)> {
        if group.allSatisfy({ types[$0.type]?.isImmediate ?? false }) {
            return AsyncStream { continuation in
                var failed = false
                for (index, request) in group.enumerated() {
                    let outcome = failed ? .notBegun : applyNow(request)
                    if case .failed = outcome { failed = true }
                    continuation.yield((index, outcome))
                }
                continuation.finish()
            }
        }
        return stream { continuation in
            var failed = false
            for (index, request) in group.enumerated() {
                let outcome = failed || Task.isCancelled ? .notBegun : await applyOne(request)
                if case .failed = outcome { failed = true }
                continuation.yield((index, outcome))
            }
        }
    }

    private func applyNow(_ request: ApplyRequest) -> ApplyOutcome {
        do throws(ProviderFailure) {
            let type = try implementation(request.type)
            switch request.action {
            case .delete: return .done(nil)
            case .create:
                guard let planned = request.proposal.planned else { throw noPlan(request) }
                return .done(object(request, try type.createNow(planned)))
            case .update:
                guard let planned = request.proposal.planned, let prior = request.prior else { throw noPlan(request) }
                return .done(object(request, try type.updateNow(planned, from: prior.attributes)))
            }
        } catch {
            return .failed(error, object: nil)
        }
    }

    private func applyOne(_ request: ApplyRequest) async -> ApplyOutcome {
        do throws(ProviderFailure) {
            let type = try implementation(request.type)
            switch request.action {
            case .delete:
                if let prior = request.prior { try await type.delete(prior.attributes) }
                return .done(nil)
            case .create:
                guard let planned = request.proposal.planned else { throw noPlan(request) }
                return .done(object(request, try await type.create(planned)))
            case .update:
                guard let planned = request.proposal.planned, let prior = request.prior else { throw noPlan(request) }
                return .done(object(request, try await type.update(planned, from: prior.attributes)))
            }
        } catch {
            // Only pauses are given up, and of a pause nothing is left.
            return error.code == .cancelled ? .notBegun : .failed(error, object: nil)
        }
    }

    private func object(_ request: ApplyRequest, _ attributes: Value) -> RemoteObject {
        RemoteObject(
            type: request.type, attributes: attributes, privateBytes: request.proposal.privateBytes,
            schemaVersion: types[request.type]?.schema.version ?? 0)
    }

    /// What a crash left: an object of the state alone was not made unless it was recorded; others are looked at.
    public func find(_ request: FindRequest) async throws(ProviderFailure) -> FindOutcome {
        let type = try implementation(request.type)
        if let prior = request.prior {
            guard let now = try await type.read(prior.attributes) else { return .absent }
            var object = prior
            object.attributes = now
            return .found(object)
        }
        guard let planned = request.planned, let now = try await type.find(planned) else { return .absent }
        return .found(RemoteObject(type: request.type, attributes: now, schemaVersion: type.schema.version))
    }

    // MARK: Common

    private func implementation(_ type: ResourceType) throws(ProviderFailure) -> any BuiltinType {
        guard let found = types[type] else { throw unsupported(type) }
        return found
    }

    private func unsupported(_ type: ResourceType) -> ProviderFailure {
        ProviderFailure(
            .invalidConfiguration, summary: "Invalid resource type",
            detail: "The provider \"\(schema.name)\" does not support \"\(type.rawValue)\".")
    }

    private func noPlan(_ request: ApplyRequest) -> ProviderFailure {
        ProviderFailure(.other, summary: "Nothing planned", detail: "\(request.address) was to be applied without a planned object.")
    }

    /// A stream fed by a task that ends with it.
    private func stream<Element: Sendable>(
        _ work: @escaping @Sendable (AsyncStream<Element>.Continuation) async -> Void
    ) -> AsyncStream<Element> {
        AsyncStream { continuation in
            let task = Task {
                await work(continuation)
                continuation.finish()
            }
            continuation.onTermination = { _ in task.cancel() }
        }
    }
}
