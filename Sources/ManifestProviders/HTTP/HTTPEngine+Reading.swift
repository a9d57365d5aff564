import Addresses
import Diagnostics
import ProviderKit
import Values

extension HTTPEngine {
    /// Where a list answers for so many objects at once, it is asked instead of each.
    static let listThreshold = 4

    func read(
        _ requests: [(index: Int, request: ReadRequest)], answer: @escaping @Sendable (Int, ReadOutcome) -> Void
    ) async {
        var types: [ResourceType: [(index: Int, request: ReadRequest)]] = [:]
        for entry in requests { types[entry.request.object.type, default: []].append(entry) }
        await withDiscardingTaskGroup { tasks in
            for type in types.keys.sorted() {
                guard let resource = manifest.resources[type], let members = types[type] else { continue }
                tasks.addTask { await read(members, of: resource, answer: answer) }
            }
        }
    }

    private func read(
        _ members: [(index: Int, request: ReadRequest)], of resource: ResourceManifest,
        answer: @escaping @Sendable (Int, ReadOutcome) -> Void
    ) async {
        let exchange: HTTPExchange
        do throws(ProviderFailure) {
            exchange = try self.exchange()
        } catch {
            for member in members { answer(member.index, .unreachable(error, group: endpointName)) }
            return
        }
        var rest = members
        if members.count >= Self.listThreshold, let list = resource.list {
            let found = await listed(list, resource, exchange)
            rest = []
            for member in members {
                guard let id = member.request.object.attributes["id"]?.stringValue, let listed = found[id],
                    let attributes = mapped(listed, resource, base: member.request.object.attributes)
                else {
                    // Not in the list, or not to be mapped: asked for itself, which says why.
                    rest.append(member)
                    continue
                }
                var remote = member.request.object
                remote.attributes = attributes
                answer(member.index, .found(remote))
            }
        }
        await each(rest) { member in
            let what = "reading \(member.request.address)"
            do throws(ExchangeFailure) {
                guard let found = try await readThrough(exchange, resource, base: member.request.object.attributes, attempting: what) else {
                    answer(member.index, .gone)
                    return
                }
                var remote = member.request.object
                remote.attributes = found
                answer(member.index, .found(remote))
            } catch {
                let failure = redacted(error.failure, [marked(member.request.object.attributes, resource), settings])
                answer(member.index, error.isUnreachable ? .unreachable(failure, group: endpointName) : .failed(failure))
            }
        }
    }

    /// Where the provider does not say how many requests it takes at once.
    private static let usualParallelism = 16

    /// As many at once as the provider takes requests; the next when one is done.
    private func each<Member: Sendable>(_ members: [Member], _ body: @escaping @Sendable (Member) async -> Void) async {
        let given = manifest.http?.parallelism ?? 0
        let limit = given > 0 ? given : Self.usualParallelism
        await withTaskGroup(of: Void.self) { tasks in
            for (count, member) in members.enumerated() {
                if count >= limit { await tasks.next() }
                tasks.addTask { await body(member) }
            }
        }
    }

    /// Objects of a list by their keys; none where listing fails, for each can still be asked for itself.
    private func listed(_ list: RecipeManifest, _ resource: ResourceManifest, _ exchange: HTTPExchange) async -> [String: Listed] {
        let evaluation = evaluation(resource, subject: .emptyObject)
        var result: [String: Listed] = [:]
        do throws(ExchangeFailure) {
            for element in try await pages(list, resource, exchange, evaluation, attempting: "listing \(resource.type.rawValue)") {
                let bound = element.evaluation.binding(["object": element.object])
                do throws(DiagnosticError) {
                    let key =
                        try list.key.map { expression throws(DiagnosticError) in try bound.string(expression, what: "key") }
                        ?? element.object["id"].flatMap { URLText.text($0) }
                    if let key { result[key] = element }
                } catch {
                    continue
                }
            }
        } catch {
            return [:]
        }
        return result
    }

    private func mapped(_ listed: Listed, _ resource: ResourceManifest, base: Value) -> Value? {
        var names = listed.evaluation.scope.names.filter { $0.key == "response" || $0.key == "answers" }
        names["object"] = listed.object
        var evaluation = evaluation(resource, subject: base)
        evaluation.scope.names.merge(names) { _, new in new }
        do throws(DiagnosticError) {
            return try ObjectFilling(resource: resource).read(base: base, emitted: [:], evaluation)
        } catch {
            return nil
        }
    }

    /// Reads one object; nil where it is gone.
    func readThrough(
        _ exchange: HTTPExchange, _ resource: ResourceManifest, base: Value, attempting what: String
    ) async throws(ExchangeFailure) -> Value? {
        guard let recipe = resource.read else { return nil }
        var progress = Progress(evaluation: evaluation(resource, subject: base))
        try await run(recipe, resource, exchange, &progress, attempting: what)
        return try object(recipe, resource, progress, base: base, exchange, what: what)
    }

    func readOne(_ resource: ResourceManifest, base: Value, attempting what: String) async throws(ProviderFailure) -> Value? {
        let exchange = try exchange()
        do throws(ExchangeFailure) {
            return try await readThrough(exchange, resource, base: base, attempting: what)
        } catch {
            throw redacted(error.failure, [marked(base, resource), settings])
        }
    }

    // MARK: Finding

    /// What an intent left by a crash made.
    func find(_ request: FindRequest, _ resource: ResourceManifest) async throws(ProviderFailure) -> FindOutcome {
        let exchange = try exchange()
        let what = "looking for what \(request.address) may have left"
        do throws(ExchangeFailure) {
            if let prior = request.prior {
                guard let found = try await readThrough(exchange, resource, base: prior.attributes, attempting: what) else {
                    return .absent
                }
                var object = prior
                object.attributes = found
                return .found(object)
            }
            guard let planned = request.planned else { return .absent }
            let base = ObjectFilling.filled(planned, from: nil)
            guard let recipe = resource.find else {
                return .uncertain(candidates: [])
            }
            var progress = Progress(
                evaluation: evaluation(
                    resource, subject: base, names: ["planned": base, "intent": .object([("id", .string(request.intent.rawValue))])]))
            let candidates: [Listed]
            if recipe.paged {
                // What was made may stand on any page of the list: only the whole of it says that it is not there.
                candidates = try await pages(recipe, resource, exchange, progress.evaluation, attempting: what)
            } else {
                try await run(recipe, resource, exchange, &progress, attempting: what)
                if progress.isGone { return .absent }
                candidates = try self.candidates(recipe, progress, exchange, what)
                    .map { Listed(object: $0, evaluation: progress.evaluation) }
            }
            return try await outcome(candidates, recipe, resource, exchange, base: base, request, what)
        } catch {
            throw redacted(error.failure, [request.planned.map { marked($0, resource) } ?? .null, settings])
        }
    }

    private func candidates(
        _ recipe: RecipeManifest, _ progress: Progress, _ exchange: HTTPExchange, _ what: String
    ) throws(ExchangeFailure) -> [Value] {
        do throws(DiagnosticError) {
            if let objects = recipe.objects { return Array(try progress.evaluation.value(objects).elements ?? []) }
            guard let object = recipe.object else { return [] }
            let value = try progress.evaluation.value(object)
            return value.isNull ? [] : [value]
        } catch {
            throw exchange.unexpected(error, what)
        }
    }

    private func outcome(
        _ candidates: [Listed], _ recipe: RecipeManifest, _ resource: ResourceManifest, _ exchange: HTTPExchange, base: Value,
        _ request: FindRequest, _ what: String
    ) async throws(ExchangeFailure) -> FindOutcome {
        guard let only = candidates.first else { return .absent }
        func key(_ candidate: Listed) -> String {
            guard let expression = recipe.key else { return candidate.object["id"].flatMap { URLText.text($0) } ?? "?" }
            do throws(DiagnosticError) {
                return try candidate.evaluation.binding(["object": candidate.object]).string(expression, what: "key") ?? "?"
            } catch {
                return "?"
            }
        }
        if candidates.count > 1 { return .uncertain(candidates: candidates.map(key).sorted { $0.precedesByBytes($1) }) }
        var slots = ObjectFilling.slots(base)
        if resource.body.attribute("id") != nil { slots["id"] = .string(key(only)) }
        let named = Value.object(slots.map { ($0.key, $0.value) })
        guard let found = try await readThrough(exchange, resource, base: named, attempting: what) else { return .absent }
        let object = RemoteObject(type: request.type, attributes: found, schemaVersion: resource.schema.version)
        let differences = resource.isMadeInSteps ? resource.differences(found, from: request.planned ?? base) : []
        if differences.isEmpty { return .found(object) }
        let list = differences.joined(separator: ", ")
        return .unfinished(
            object, what: "Making it takes several requests, and \(list) \(differences.count == 1 ? "is" : "are") not yet as asked for.")
    }
}

extension ResourceManifest {
    /// Attributes that were known in a plan and are found to be something else.
    func differences(_ found: Value, from planned: Value) -> [String] {
        body.attributes.compactMap { attribute in
            guard !attribute.schema.isWriteOnly, !attribute.isHost, !attribute.isProgress, let wanted = planned[attribute.name],
                wanted.isWhollyKnown,
                let there = found[attribute.name]
            else { return nil }
            return wanted.withoutMarks([.sensitive]) == there.withoutMarks([.sensitive]) ? nil : attribute.name
        }
    }

    /// Whether more than one of the requests of its create change something: between them it is half made.
    var isMadeInSteps: Bool {
        let acting = (create?.steps ?? []).reduce(0) { count, step in
            guard case .request(let request) = step, request.wait == nil, request.method != "GET", request.method != "HEAD" else {
                return count
            }
            return count + (request.forEach == nil ? 1 : 2)
        }
        return acting > 1
    }
}
