import Addresses
import Diagnostics
import HCLSyntax
import ProviderKit
import Values

/// Carries recipes out as HTTP requests.
struct HTTPEngine: Sendable {
    let manifest: ProviderManifest
    let settings: Value
    let functions: ManifestFunctions
    let http: HTTPSettings
    var sleep: @Sendable (Double) async throws -> Void = { try await Task.sleep(for: .waiting($0)) }

    /// - Throws: where a setting is not known yet.
    func exchange() throws(ProviderFailure) -> HTTPExchange {
        guard let described = manifest.http else {
            throw ProviderFailure(.other, summary: "No http block", detail: "The provider \(manifest.name) makes no requests.")
        }
        return HTTPExchange(manifest: manifest, writing: try RequestWriting(described, http), rules: described.errors, sleep: sleep)
    }

    /// What names the service in groups that cannot be reached.
    var endpointName: String { manifest.name }

    func evaluation(_ resource: ResourceManifest, subject: Value, names: [String: Value] = [:]) -> RecipeEvaluation {
        var all = names
        all["setting"] = settings
        all["answers"] = .emptyObject
        if let service = resource.service { all["service"] = .string(service) }
        return RecipeEvaluation(
            scope: RecipeScope(names: all, subject: marked(subject, resource), lets: resource.lets, functions: functions),
            functions: functions)
    }

    /// Sensitive attributes marked, so that none lands in a URL.
    func marked(_ object: Value, _ resource: ResourceManifest) -> Value {
        guard resource.body.attributes.contains(where: { $0.schema.isSensitive }), let entries = object.entries else { return object }
        return Value.object(
            entries.map { entry in
                (entry.key, resource.body.attribute(entry.key)?.schema.isSensitive == true ? entry.value.marked(.sensitive) : entry.value)
            }
        ).withMarks(object.marks)
    }

    /// What is known while a recipe runs.
    struct Progress {
        var evaluation: RecipeEvaluation
        /// Attributes that answers have given.
        var assigned: [String: Value] = [:]
        var isGone = false
        /// Something was sent that changes things, and answered: what comes of it may not be known yet.
        var hasActed = false
    }

    /// How often a recipe begins again because somebody else has changed what it had read.
    private static let beginnings = 6

    /// Runs a recipe's steps in order, from the first again where what it has read is no longer so and it has changed nothing yet.
    ///
    /// - Throws: the failure of the step that failed; `progress` says how far it got.
    func run(
        _ recipe: RecipeManifest, _ resource: ResourceManifest, _ exchange: HTTPExchange, _ progress: inout Progress,
        attempting what: String
    ) async throws(ExchangeFailure) {
        let start = progress
        for beginning in 1... {
            var pass = start
            pass.hasActed = false
            defer {
                progress = pass
                progress.hasActed = pass.hasActed || start.hasActed
            }
            do throws(ExchangeFailure) {
                return try await steps(of: recipe, resource, exchange, &pass, attempting: what)
            } catch {
                guard error.isOutdated, !pass.hasActed, beginning < Self.beginnings else { throw error }
                // Whoever else is at it is not met at the same moment again and again.
                try await exchange.rest(Double.random(in: 0.05...0.2) * Double(beginning), what)
            }
        }
    }

    private func steps(
        of recipe: RecipeManifest, _ resource: ResourceManifest, _ exchange: HTTPExchange, _ progress: inout Progress,
        attempting what: String
    ) async throws(ExchangeFailure) {
        try await run(recipe.steps[...], of: recipe, resource, exchange, &progress, attempting: what)
    }

    /// Runs some of a recipe's steps.
    func run(
        _ steps: ArraySlice<StepManifest>, of recipe: RecipeManifest, _ resource: ResourceManifest, _ exchange: HTTPExchange,
        _ progress: inout Progress, attempting what: String
    ) async throws(ExchangeFailure) {
        var isFirst = true
        for step in steps {
            guard case .request(let request) = step else { continue }
            let rules = request.errors.over(recipe.errors).over(exchange.rules)
            for (key, value) in try rounds(request, progress.evaluation, what) {
                if let key { progress.evaluation.scope.names["each"] = .object([("key", key), ("value", value)]) }
                guard try condition(request.when, progress.evaluation, what) else { continue }
                switch try await exchange.perform(request, rules: rules, progress.evaluation, attempting: what) {
                case .gone:
                    progress.isGone = true
                    return
                case .answered(let response):
                    if request.wait == nil, request.method != "GET", request.method != "HEAD" { progress.hasActed = true }
                    progress.evaluation.take(response, of: request)
                }
                // What the recipe itself assigns comes of its first answer, so that a wait behind it can name the object.
                try assign(request.assigns + (isFirst ? recipe.assigns : []), resource, &progress, exchange, what)
                isFirst = false
            }
        }
    }

    private func rounds(_ request: RequestManifest, _ evaluation: RecipeEvaluation, _ what: String) throws(ExchangeFailure) -> [(
        Value?, Value
    )] {
        guard let each = request.forEach else { return [(nil, .null)] }
        let collection: Value
        do throws(DiagnosticError) {
            collection = try evaluation.value(each)
        } catch {
            throw fault(error, what)
        }
        if collection.isNull { return [] }
        if let entries = collection.entries { return entries.map { (Value.string($0.key), $0.value) } }
        return (collection.elements ?? []).enumerated().map { (Value.int($0.offset), $0.element) }
    }

    private func condition(_ when: Sourced?, _ evaluation: RecipeEvaluation, _ what: String) throws(ExchangeFailure) -> Bool {
        guard let when else { return true }
        do throws(DiagnosticError) {
            return try evaluation.condition(when, what: "when") ?? false
        } catch {
            throw fault(error, what)
        }
    }

    private func assign(
        _ assigns: [(name: String, value: Sourced)], _ resource: ResourceManifest, _ progress: inout Progress,
        _ exchange: HTTPExchange, _ what: String
    ) throws(ExchangeFailure) {
        if assigns.isEmpty { return }
        var slots = ObjectFilling.slots(progress.evaluation.scope.subject ?? .emptyObject)
        for (name, expression) in assigns {
            let type = resource.body.attribute(name)?.schema.type ?? .string
            do throws(DiagnosticError) {
                let value = try progress.evaluation.value(expression, as: type, what: name)
                progress.assigned[name] = value
                slots[name] = value
            } catch {
                throw exchange.unexpected(error, what)
            }
        }
        progress.evaluation.scope.subject = .object(slots.map { ($0.key, $0.value) })
    }

    func fault(_ error: DiagnosticError, _ what: String) -> ExchangeFailure {
        ExchangeFailure(failure: ProviderFailure(error, attempting: what, sources: manifest.sources))
    }

    // MARK: Objects

    /// The object that a recipe's answer holds; nil where there is none.
    func object(
        _ recipe: RecipeManifest, _ resource: ResourceManifest, _ progress: Progress, base: Value,
        _ exchange: HTTPExchange, what: String
    ) throws(ExchangeFailure) -> Value? {
        if progress.isGone { return nil }
        do throws(DiagnosticError) {
            if let gone = recipe.gone, try progress.evaluation.condition(gone, what: "gone") == true { return nil }
            var evaluation = progress.evaluation
            if let expression = recipe.object {
                let object = try evaluation.value(expression)
                if object.isNull {
                    // An expression that makes a null says that there is none; a null where the object should stand says nothing.
                    guard case .traversal = expression.expression.kind else { return nil }
                    throw DiagnosticError(.error("Unexpected answer", "Where the object should be there is null.", at: expression.span))
                }
                evaluation.scope.names["object"] = object
            }
            return try ObjectFilling(resource: resource).read(base: base, emitted: [:], evaluation)
        } catch {
            throw exchange.unexpected(error, what)
        }
    }

    /// Without anything sensitive that the object has.
    func redacted(_ failure: ProviderFailure, _ values: [Value]) -> ProviderFailure {
        Redaction(values).failure(failure)
    }
}

extension RecipeEvaluation {
    /// An answer is `response` until the next, and stays `answers.NAME` where its request has a name.
    mutating func take(_ response: Value, of request: RequestManifest) {
        scope.names["response"] = response
        guard let name = request.name else { return }
        var answers = ObjectFilling.slots(scope.names["answers"] ?? .emptyObject)
        answers[name] = response
        scope.names["answers"] = .object(answers.map { ($0.key, $0.value) })
    }
}
