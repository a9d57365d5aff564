import Diagnostics
import ProviderKit
import Values

/// Lists, page by page.
extension HTTPEngine {
    /// A service that never ends its list is not believed.
    static let pageLimit = 10_000

    /// An object as a list has it, and what is known on its page: the answers of the recipe's further requests.
    struct Listed {
        var object: Value
        var evaluation: RecipeEvaluation
    }

    /// All objects of a list. Its first request is asked for every page, and what comes behind it once for each.
    ///
    /// A list that cannot be had whole fails: what is not on it counts as not there.
    func pages(
        _ recipe: RecipeManifest, _ resource: ResourceManifest, _ exchange: HTTPExchange, _ evaluation: RecipeEvaluation,
        attempting what: String
    ) async throws(ExchangeFailure) -> [Listed] {
        guard let first = recipe.pagedRequest, let objects = recipe.objects else { return [] }
        let rules = first.errors.over(recipe.errors).over(exchange.rules)
        let described = recipe.paged ? exchange.writing.manifest.page : nil
        var page = PageState(number: 1, token: .null(.string))
        var result: [Listed] = []
        while true {
            guard
                case .answered(let response) = try await exchange.perform(
                    first, rules: rules, evaluation, page: described == nil ? nil : page, attempting: what)
            else {
                if page.number == 1 { return [] }
                throw incomplete("page \(page.number) of the list was answered as if there were no such thing", what)
            }
            let bound = evaluation.binding(["response": response, "page": page.value])
            var progress = Progress(evaluation: bound)
            progress.evaluation.take(response, of: first)
            try await run(recipe.steps.dropFirst(), of: recipe, resource, exchange, &progress, attempting: what)
            if progress.isGone { throw incomplete("what it names was gone a moment later", what) }
            do throws(DiagnosticError) {
                for object in try progress.evaluation.value(objects).elements ?? [] {
                    result.append(Listed(object: object, evaluation: progress.evaluation))
                }
            } catch {
                throw exchange.unexpected(error, what)
            }
            guard let described else { return result }
            do throws(DiagnosticError) {
                let next = try bound.value(described.next)
                if next.isNull || next.boolValue == false || next.stringValue == "" || next == page.token { return result }
                page = PageState(number: page.number + 1, token: next)
            } catch {
                // The field that names the next page is not there on the last.
                if HTTPExchange.isMistake(error) { throw fault(error, what) }
                return result
            }
            if page.number > Self.pageLimit {
                throw incomplete("it goes on after \(Self.pageLimit) pages, and no service has that many", what)
            }
        }
    }

    private func incomplete(_ why: String, _ what: String) -> ExchangeFailure {
        ExchangeFailure(
            failure: ProviderFailure(.unexpectedAnswer, summary: "List is not whole", detail: "While \(what): \(why)."))
    }
}
