import Glibc
import Synchronization
import Testing

@testable import Processes

struct BlockingThreadsTests {
    private final class Watch: Sendable {
        let count = Atomic(0)
        let most = Mutex(0)
        let isReleased = Mutex(false)
    }

    @Test func whoBlocksHoldsUpNobody() async {
        let watch = Watch()
        await withTaskGroup { group in
            for _ in 0..<60 {
                group.addTask {
                    await BlockingThreads.shared.run {
                        watch.count.add(1, ordering: .relaxed)
                        while !watch.isReleased.withLock({ $0 }) { usleep(1_000) }
                    }
                }
            }
            // All of them are at it together, and tasks go on beside them.
            while watch.count.load(ordering: .relaxed) < 60 { await Task.yield() }
            for _ in 0..<1_000 { await Task.yield() }
            watch.isReleased.withLock { $0 = true }
        }
        #expect(watch.count.load(ordering: .relaxed) == 60)
    }

    @Test func whatIsTooMuchWaitsForAThread() async {
        let threads = BlockingThreads(limit: 3)
        let watch = Watch()
        await withTaskGroup { group in
            for _ in 0..<40 {
                group.addTask {
                    await threads.run {
                        let count = watch.count.add(1, ordering: .sequentiallyConsistent).newValue
                        watch.most.withLock { $0 = max($0, count) }
                        usleep(2_000)
                        watch.count.subtract(1, ordering: .sequentiallyConsistent)
                    }
                }
            }
        }
        #expect(watch.count.load(ordering: .relaxed) == 0)
        #expect(watch.most.withLock { $0 } <= 3)
    }

    @Test func resultsComeBack() async {
        let results = await withTaskGroup(of: Int.self) { group in
            for number in 0..<500 { group.addTask { await BlockingThreads.shared.run { number } } }
            var sum = 0
            for await number in group { sum += number }
            return sum
        }
        #expect(results == 499 * 500 / 2)
    }
}
