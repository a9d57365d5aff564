import Addresses
import ProviderKit

/// Reads that steps ask for while they are finished, each for itself: gathered, so that all of one host, or one endpoint, are one group.
/// While a group is under way the next one of its key grows; other keys do not wait for it.
actor GatheredReads {
    private struct Key: Hashable {
        var provider: ProviderConfigAddress
        var batch: String
    }

    private struct Waiting {
        var request: ReadRequest
        var answer: CheckedContinuation<ReadOutcome?, Never>
    }

    private var waiting: [Key: [Waiting]] = [:]
    private var underWay: Set<Key> = []

    /// How long the first one waits for others that are asked for at the same moment.
    private static let patience: Duration = .milliseconds(2)

    /// - Returns: nil where the provider does not answer for it.
    func outcome(of request: ReadRequest, from provider: any Provider, at address: ProviderConfigAddress) async -> ReadOutcome? {
        let key = Key(
            provider: address, batch: provider.batchKey(type: request.address.instance.type, container: request.container))
        return await withCheckedContinuation { answer in
            waiting[key, default: []].append(Waiting(request: request, answer: answer))
            if underWay.insert(key).inserted { Task { await serve(key, provider) } }
        }
    }

    private func serve(_ key: Key, _ provider: any Provider) async {
        // Cancelled or not: they are read.
        try? await Task.sleep(for: Self.patience)
        while let group = waiting.removeValue(forKey: key) {
            var open = group.map { Optional($0.answer) }
            for await (index, outcome) in provider.read(group.map(\.request)) where open.indices.contains(index) {
                open[index]?.resume(returning: outcome)
                open[index] = nil
            }
            for answer in open { answer?.resume(returning: nil) }
        }
        underWay.remove(key)
    }
}
