import Dispatch
import ProviderKit

/// Work that blocks or computes for long, on threads of its own: never on those that tasks share.
enum Blocking {
    private static let queue = DispatchQueue(label: "built-in providers", attributes: .concurrent)

    static func run<Result: Sendable>(_ work: @escaping @Sendable () throws(ProviderFailure) -> Result) async throws(ProviderFailure)
        -> Result
    {
        let outcome: Swift.Result<Result, ProviderFailure> = await withCheckedContinuation { continuation in
            queue.async {
                do throws(ProviderFailure) {
                    continuation.resume(returning: .success(try work()))
                } catch {
                    continuation.resume(returning: .failure(error))
                }
            }
        }
        return try outcome.get()
    }
}
