import Foundation
import Synchronization

/// Feeds inputs one after another, and keeps what goes wrong.
final class FuzzRun {
    private let target: String
    private let keep: URL
    private let seed: UInt64
    private let current: FileHandle
    private let progress: Progress
    private(set) var count = 0
    private(set) var found = 0

    /// Seen by the thread that watches for inputs which never end.
    private final class Progress: Sendable {
        let count = Atomic<Int>(0)
        let isRunning = Atomic<Bool>(true)
    }

    init(target: String, keep: URL, seed: UInt64) throws {
        self.target = target
        self.keep = keep
        self.seed = seed
        try FileManager.default.createDirectory(at: keep, withIntermediateDirectories: true)
        let path = keep.appending(path: "\(target)-\(seed)-current")
        _ = FileManager.default.createFile(atPath: path.path, contents: nil)
        current = try FileHandle(forWritingTo: path)
        let progress = Progress()
        self.progress = progress
        Thread.detachNewThread {
            var last = -1
            while progress.isRunning.load(ordering: .relaxed) {
                Thread.sleep(forTimeInterval: 120)
                let now = progress.count.load(ordering: .relaxed)
                if now == last, progress.isRunning.load(ordering: .relaxed) {
                    print("\(target): an input takes more than two minutes; it is \(path.path)")
                    exit(1)
                }
                last = now
            }
        }
    }

    func feed(_ bytes: [UInt8], to target: any FuzzTarget) {
        do {
            try current.seek(toOffset: 0)
            try current.truncate(atOffset: 0)
            try current.write(contentsOf: bytes)
        } catch {
            print("The input could not be kept: \(error)")
        }
        // Of the processor: the machine may be busy with other things.
        let start = clock()
        var fault = target.run(bytes)
        let seconds = Double(clock() - start) / Double(CLOCKS_PER_SEC)
        if fault == nil, seconds > 2 { fault = "took \(seconds) seconds" }
        count += 1
        progress.count.store(count, ordering: .relaxed)
        guard let fault else { return }
        found += 1
        let name = "\(self.target)-\(seed)-\(count)"
        print("\(name): \(fault)")
        _ = FileManager.default.createFile(atPath: keep.appending(path: name).path, contents: Data(bytes))
        if found >= 20 {
            print("\(self.target): enough")
            end()
            exit(1)
        }
    }

    func end() {
        progress.isRunning.store(false, ordering: .relaxed)
        // Nothing is under way any more.
        try? FileManager.default.removeItem(at: keep.appending(path: "\(target)-\(seed)-current"))
    }
}
