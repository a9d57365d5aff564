import Addresses
import Diagnostics
import ProviderKit
import Values

/// A configured provider of manifests: proposals from the schema, everything else through one of two engines.
struct ManifestProvider: Provider, DataReading, Importing {
    let manifest: ProviderManifest
    let functions: ManifestFunctions
    let settings: Value
    let shell: ShellEngine
    let http: HTTPEngine

    // MARK: Groups

    /// Hosts: one host. For a type that is a host itself `container` may be the object itself. Services: one type.
    func batchKey(type: ResourceType, container: Value?) -> String {
        let resource = manifest.resources[type] ?? manifest.dataSources[type]
        guard resource?.engine == .shell else { return "\(manifest.name)/\(type.rawValue)" }
        guard let container, !container.isNull else { return "\(manifest.name)/hosts" }
        let key = ShellEngine.key(of: container)
        return key.isEmpty ? "\(manifest.name)/hosts" : "host/\(key)"
    }

    func parallelism(of batchKey: String) -> Int {
        // One script at a time changes a host: package managers and user files lock, and order is what the script says.
        if batchKey.hasPrefix("host/") { return 1 }
        if batchKey.hasSuffix("/hosts") { return 0 }
        return manifest.http?.parallelism ?? 0
    }

    // MARK: Planning

    func propose(_ desired: Desired?, from prior: RemoteObject?, of type: ResourceType) async throws(ProviderFailure) -> Proposal {
        let resource = try resource(type)
        guard let desired else { return Proposal(planned: nil, privateBytes: prior?.privateBytes ?? []) }
        do throws(DiagnosticError) {
            return try Proposer(resource: resource, functions: functions, settings: settings).proposal(desired, from: prior)
        } catch {
            throw ProviderFailure(error, attempting: "proposing \(type.rawValue)", sources: manifest.sources)
        }
    }

    func read(_ requests: [ReadRequest]) -> AsyncStream<(Int, ReadOutcome)> {
        stream { answer in
            let groups = grouped(requests.enumerated().map { ($0.offset, $0.element) }) { request in
                hostKey(request.object.type, request.object.attributes, request.container)
            }
            await withDiscardingTaskGroup { tasks in
                for group in groups {
                    guard let type = group.first?.1.object.type else { continue }
                    let isShell = engine(of: type) == .shell
                    tasks.addTask {
                        let members = group.map { (index: $0.0, request: $0.1) }
                        if isShell { await shell.read(members, answer: answer) } else { await http.read(members, answer: answer) }
                    }
                }
            }
            for (index, request) in requests.enumerated() where manifest.resources[request.object.type] == nil {
                answer(index, .failed(unknownType(request.object.type)))
            }
        }
    }

    func importObject(_ request: ImportRequest) async throws(ProviderFailure) -> RemoteObject {
        let importing = ObjectImporting(resource: try resource(request.type), functions: functions, settings: settings)
        guard let attributes = try importing.object(request, sources: manifest.sources) else { throw .notImportable(request.type) }
        return RemoteObject(type: request.type, attributes: attributes, schemaVersion: importing.resource.schema.version)
    }

    func readData(_ request: DataRequest) async throws(ProviderFailure) -> Value {
        guard let resource = manifest.dataSources[request.type] else { throw unknownType(request.type) }
        let what = "reading \(request.address)"
        let planned: Value
        do throws(DiagnosticError) {
            planned =
                try Proposer(resource: resource, functions: functions, settings: settings)
                .proposal(Desired(configuration: request.configuration), from: nil).planned ?? request.configuration
        } catch {
            throw ProviderFailure(error, attempting: what, sources: manifest.sources)
        }
        let base = ObjectFilling.filled(planned, from: nil)
        let found =
            resource.engine == .shell
            ? try await shell.readOne(resource, base: base, container: request.container, attempting: what)
            : try await http.readOne(resource, base: base, attempting: what)
        guard let found else {
            throw ProviderFailure(
                .notFound, summary: "Not found", detail: "While \(what): nothing answers to what the data source asks for.")
        }
        return found
    }

    // MARK: Applying

    func apply(_ group: [ApplyRequest]) -> AsyncStream<(Int, ApplyOutcome)> {
        stream { answer in
            let members = group.enumerated().map { ($0.offset, $0.element) }
            let groups = grouped(members) { request in
                hostKey(request.type, request.proposal.planned ?? request.prior?.attributes ?? .null, request.container)
            }
            await withDiscardingTaskGroup { tasks in
                for group in groups {
                    guard let type = group.first?.1.type else { continue }
                    let isShell = engine(of: type) == .shell
                    tasks.addTask {
                        let members = group.map { (index: $0.0, request: $0.1) }
                        if isShell { await shell.apply(members, answer: answer) } else { await http.apply(members, answer: answer) }
                    }
                }
            }
            for (index, request) in group.enumerated() where manifest.resources[request.type] == nil {
                answer(index, .failed(unknownType(request.type), object: nil))
            }
        }
    }

    func find(_ request: FindRequest) async throws(ProviderFailure) -> FindOutcome {
        let resource = try resource(request.type)
        if resource.engine == .http { return try await http.find(request, resource) }
        guard let base = request.planned ?? request.prior?.attributes else { return .absent }
        let known = ObjectFilling.filled(base, from: request.prior?.attributes)
        let isCreate = request.action == .create
        let (found, recalled) = try await shell.readOne(
            resource, base: known, container: request.container, recalling: isCreate ? request.intent : nil,
            attempting: "looking for what \(request.address) may have left")
        // What stands where a create had not begun was there before it, even if it is just what was planned: the next create claims it, and
        // remembers it as such. Where it had begun, what differs yet is for the next plan to see.
        guard let found, !isCreate || recalled.hasBegun else { return .absent }
        return .found(
            RemoteObject(
                type: request.type, attributes: found, privateBytes: isCreate ? recalled.notes.bytes() : request.prior?.privateBytes ?? [],
                schemaVersion: resource.schema.version))
    }

    // MARK: Parts

    private func engine(of type: ResourceType) -> EngineKind { (manifest.resources[type] ?? manifest.dataSources[type])?.engine ?? .http }

    private func resource(_ type: ResourceType) throws(ProviderFailure) -> ResourceManifest {
        guard let resource = manifest.resources[type] ?? manifest.dataSources[type] else { throw unknownType(type) }
        return resource
    }

    private func unknownType(_ type: ResourceType) -> ProviderFailure {
        ProviderFailure(
            .invalidConfiguration, summary: "Unknown resource type", detail: "The provider \(manifest.name) has no type \(type.rawValue).")
    }

    /// What keeps groups of different hosts apart, should a caller mix them.
    private func hostKey(_ type: ResourceType, _ attributes: Value, _ container: Value?) -> String? {
        guard let resource = manifest.resources[type] else { return nil }
        guard resource.engine == .shell else { return "" }
        return ShellEngine.key(of: shell.host(of: resource, attributes: attributes, container: container))
    }

    /// Members by key, in the order they came; those without a key are left out.
    private func grouped<Member>(_ members: [(Int, Member)], by key: (Member) -> String?) -> [[(Int, Member)]] {
        var places: [String: Int] = [:]
        var groups: [[(Int, Member)]] = []
        for member in members {
            guard let key = key(member.1) else { continue }
            if let place = places[key] {
                groups[place].append(member)
            } else {
                places[key] = groups.count
                groups.append([member])
            }
        }
        return groups
    }

    /// Answers of a task of its own; given up, the task is cancelled.
    private func stream<Outcome: Sendable>(
        _ body: @escaping @Sendable (_ answer: @escaping @Sendable (Int, Outcome) -> Void) async -> Void
    ) -> AsyncStream<(Int, Outcome)> {
        AsyncStream { continuation in
            let task = Task {
                await body { index, outcome in continuation.yield((index, outcome)) }
                continuation.finish()
            }
            continuation.onTermination = { reason in
                if case .cancelled = reason { task.cancel() }
            }
        }
    }
}
