import Diagnostics
import ProviderKit
import Values

extension HTTPEngine {
    /// Applies requests in order; after the first failure the rest have not begun.
    func apply(_ group: [(index: Int, request: ApplyRequest)], answer: (Int, ApplyOutcome) -> Void) async {
        var hasFailed = false
        for (index, request) in group {
            guard let resource = manifest.resources[request.type] else { continue }
            if hasFailed {
                answer(index, .notBegun)
                continue
            }
            let outcome = await apply(request, resource)
            if case .done = outcome {} else { hasFailed = true }
            answer(index, outcome)
        }
    }

    private func apply(_ request: ApplyRequest, _ resource: ResourceManifest) async -> ApplyOutcome {
        let what = attempt(request)
        let exchange: HTTPExchange
        do throws(ProviderFailure) {
            exchange = try self.exchange()
        } catch {
            return .failed(error, object: nil)
        }
        let prior = request.prior?.attributes
        let planned = request.proposal.planned
        let subject = (request.action == .delete ? prior : planned) ?? .emptyObject
        var progress = Progress(
            evaluation: evaluation(
                resource, subject: subject,
                names: [
                    "planned": planned.map { marked($0, resource) } ?? .null, "prior": prior.map { marked($0, resource) } ?? .null,
                    "config": request.desired.map { marked($0.configuration, resource) } ?? .null,
                    "write_only": (request.desired?.writeOnly ?? .emptyObject).marked(.sensitive),
                    "intent": .object([("id", .string(request.intent.rawValue))]), "is_claimed": .bool(request.isStillClaimed),
                ]))
        let hidden = [marked(subject, resource), (request.desired?.writeOnly ?? .emptyObject).marked(.sensitive), settings]
        do throws(ExchangeFailure) {
            // While something is made or changed, "not there" is a failure, with the service's own words about what is not there.
            var strict = exchange
            if request.action != .delete { strict.rules.gone = nil }
            for recipe in recipes(request, resource) {
                try await run(recipe, resource, strict, &progress, attempting: what)
                if progress.isGone { break }
            }
            if request.action == .delete { return .done(nil) }
            if progress.isGone {
                return .failed(
                    ProviderFailure(
                        .notFound, summary: "Object is gone", detail: "While \(what): the service says that it does not exist."),
                    object: nil)
            }
            return .done(try await completed(request, resource, exchange, progress, what))
        } catch {
            let failure = redacted(error.failure, hidden)
            // What was accepted, and then could not be watched to its end, may be there.
            let isSilent = error.isUnreachable || failure.code == .timeout || failure.code == .unexpectedAnswer
            let isUnwatched = progress.hasActed && isSilent && !error.isConclusive
            if error.isUncertain || isUnwatched, progress.assigned.isEmpty { return .interrupted(failure) }
            if let prior = request.prior, request.action == .update, progress.hasActed {
                return await halfDone(failure, resource, exchange, prior, what)
            }
            // Once something was accepted the object may exist, however far the rest got. Where its name is known it is recorded, and what
            // turns out not to be there is gone at the next reading; where it is not, the next run looks for it.
            guard request.action == .create, progress.hasActed || !progress.assigned.isEmpty else { return .failed(failure, object: nil) }
            let object = partial(request, resource, progress)
            if isNamed(object, resource) || !progress.assigned.isEmpty { return .failed(failure, object: object) }
            return resource.find == nil ? .failed(failure, object: nil) : .interrupted(failure)
        }
    }

    /// An update that failed after something of it was accepted: with the object as it is now, or, where that cannot be read, left to the
    /// next run to look at.
    private func halfDone(
        _ failure: ProviderFailure, _ resource: ResourceManifest, _ exchange: HTTPExchange, _ prior: RemoteObject, _ what: String
    ) async -> ApplyOutcome {
        var object = prior
        do throws(ExchangeFailure) {
            guard let now = try await readThrough(exchange, resource, base: prior.attributes, attempting: what) else {
                return .interrupted(failure)
            }
            object.attributes = now
            return .failed(failure, object: object)
        } catch {
            // The first failure says more.
            return .interrupted(failure)
        }
    }

    /// Whether the object can be asked for again.
    private func isNamed(_ object: RemoteObject, _ resource: ResourceManifest) -> Bool {
        guard resource.body.attribute("id") != nil else { return true }
        guard let id = object.attributes["id"] else { return false }
        return id.isWhollyKnown && !id.isNull
    }

    private func attempt(_ request: ApplyRequest) -> String {
        switch request.action {
        case .create: "creating \(request.address)"
        case .update: "updating \(request.address)"
        case .delete: "deleting \(request.address)"
        }
    }

    private func recipes(_ request: ApplyRequest, _ resource: ResourceManifest) -> [RecipeManifest] {
        switch request.action {
        case .create: return resource.create.map { [$0] } ?? []
        case .delete: return request.isStillClaimed ? [] : resource.delete.map { [$0] } ?? []
        case .update:
            guard let planned = request.proposal.planned, let prior = request.prior?.attributes else { return [] }
            return resource.updates.filter { recipe in
                guard let covered = recipe.attributes else { return true }
                return covered.contains { planned[$0]?.withoutMarks([.sensitive]) != prior[$0]?.withoutMarks([.sensitive]) }
            }
        }
    }

    /// The object, read back where the plan left something open.
    private func completed(
        _ request: ApplyRequest, _ resource: ResourceManifest, _ exchange: HTTPExchange, _ progress: Progress, _ what: String
    ) async throws(ExchangeFailure) -> RemoteObject {
        var object = partial(request, resource, progress)
        guard let planned = request.proposal.planned else { return object }
        let isOpen = (planned.entries ?? []).contains { !$0.value.isWhollyKnown && progress.assigned[$0.key] == nil }
        guard isOpen, recipes(request, resource).allSatisfy(\.readsBack) else { return object }
        // A service may answer with what it has made only a little later.
        var found: Value?
        for attempt in 0..<6 {
            if attempt > 0 {
                do { try await sleep(0.3 * Double(1 << attempt)) } catch { break }
            }
            found = try await readThrough(exchange, resource, base: object.attributes, attempting: what)
            if found != nil { break }
        }
        guard let found else {
            throw ExchangeFailure(
                failure: ProviderFailure(
                    .unexpectedAnswer, summary: "Object not there after it was made",
                    detail: "After \(what) the service says that it does not exist."))
        }
        let filling = ObjectFilling(resource: resource)
        var merged = found
        if let entries = found.entries {
            merged = .object(entries.map { ($0.key, progress.assigned[$0.key] ?? $0.value) })
        }
        object.attributes = filling.completed(planned, from: merged)
        return object
    }

    /// The object as far as it is known without asking again.
    private func partial(_ request: ApplyRequest, _ resource: ResourceManifest, _ progress: Progress) -> RemoteObject {
        let planned = request.proposal.planned ?? .emptyObject
        let known = Value.object(progress.assigned.map { ($0.key, $0.value) })
        return RemoteObject(
            type: request.type, attributes: ObjectFilling(resource: resource).completed(planned, from: known),
            privateBytes: request.prior?.privateBytes ?? [], schemaVersion: resource.schema.version)
    }
}
