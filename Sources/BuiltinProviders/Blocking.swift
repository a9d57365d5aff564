import Processes
import ProviderKit

/// Work that blocks or computes for long, on threads of its own: never on those that tasks share.
enum Blocking {
    static func run<Result: Sendable>(_ work: @escaping @Sendable () throws(ProviderFailure) -> Result) async throws(ProviderFailure)
        -> Result
    {
        let outcome: Swift.Result<Result, ProviderFailure> = await BlockingThreads.shared.run {
            do throws(ProviderFailure) {
                return .success(try work())
            } catch {
                return .failure(error)
            }
        }
        return try outcome.get()
    }
}
