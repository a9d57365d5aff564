import Foundation
import Synchronization

/// Says what the program says, on a thread of its own: whoever posts never waits, so that a reader that has stopped reading holds up
/// neither a run nor its journal. What is posted is written in order, to both streams; of the live lines only the newest are.
final class OutputThread: Sendable {
    enum Stream: Sendable { case standard, error }

    /// Of this process: its standard output and standard error.
    static let shared = OutputThread(standard: STDOUT_FILENO, error: STDERR_FILENO)

    /// What is to be said next.
    struct Batch: Sendable {
        var pieces: [(text: String, stream: Stream)] = []
        /// Nil where those that are shown stay.
        var live: LiveLines?
        fileprivate var waiting: [CheckedContinuation<Void, Never>] = []
        fileprivate var size = 0

        var isEmpty: Bool { pieces.isEmpty && live == nil && waiting.isEmpty }
    }

    private struct State {
        var batch = Batch()
        var isRunning = false
        /// The thread waits for `work`.
        var isIdle = false
        /// Nobody has anything more to say: the thread ends when all is written.
        var isEnding = false
        var lost: Int32?
    }

    private let state = Mutex(State())
    private let work = DispatchSemaphore(value: 0)
    private let standard: Int32
    private let error: Int32

    init(standard: Int32, error: Int32) {
        self.standard = standard
        self.error = error
    }

    /// - Parameter live: the live lines from now on, in the same write.
    func post(_ text: String, to stream: Stream, live: LiveLines? = nil) {
        if text.isEmpty, live == nil { return }
        add { state in
            if !text.isEmpty {
                state.batch.pieces.append((text, stream))
                state.batch.size += text.utf8.count
            }
            if let live { state.batch.live = live }
        }
    }

    /// The live lines from now on; those that nobody has seen yet are skipped.
    func show(_ live: LiveLines) {
        add { $0.batch.live = live }
    }

    /// Returns when all that was posted before has been written, or could not be.
    func drain() async {
        await withCheckedContinuation { waiting in add { $0.batch.waiting.append(waiting) } }
    }

    /// Returns when no more than a few megabytes wait to be written: blocks, and is for those alone who read what a person's command prints.
    func waitForRoom() {
        while state.withLock({ $0.batch.size }) > Self.most { usleep(5_000) }
    }

    private static let most = 4 << 20

    /// Drains, and lets the thread go.
    func end() async {
        await withCheckedContinuation { waiting in
            add { state in
                state.batch.waiting.append(waiting)
                state.isEnding = true
            }
        }
    }

    /// Why standard output did not take everything; nil where it did, and where whoever read it has seen enough and gone.
    var lostOutput: String? {
        guard let number = state.withLock({ $0.lost }), number != EPIPE else { return nil }
        return String(cString: strerror(number))
    }

    private func add(_ change: (inout State) -> Void) {
        let (isNew, wakes) = state.withLock { state in
            change(&state)
            defer {
                state.isRunning = true
                state.isIdle = false
            }
            return (!state.isRunning, state.isIdle)
        }
        if isNew { begin() } else if wakes { work.signal() }
    }

    private func begin() {
        var thread = pthread_t()
        let retained = Unmanaged.passRetained(self)
        let body: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { argument in
            if let argument { Unmanaged<OutputThread>.fromOpaque(argument).takeRetainedValue().run(waits: true) }
            return nil
        }
        if pthread_create(&thread, nil, body, retained.toOpaque()) == 0 {
            pthread_detach(thread)
        } else {
            // No thread can be had: what there is to say is said here, and waited for.
            retained.release()
            run(waits: false)
        }
    }

    /// - Parameter waits: for more to say, until the end.
    private func run(waits: Bool) {
        var screen = OutputScreen(standard: standard, error: error)
        while let batch = next(waits) {
            screen.write(batch)
            if let number = screen.lost { state.withLock { $0.lost = $0.lost ?? number } }
            for waiting in batch.waiting { waiting.resume() }
        }
    }

    private func next(_ waits: Bool) -> Batch? {
        while true {
            let (batch, isEnd) = state.withLock { state in
                defer { state.batch = Batch() }
                if !state.batch.isEmpty { return (state.batch as Batch?, false) }
                if state.isEnding || !waits {
                    state.isRunning = false
                    state.isEnding = false
                    return (nil, true)
                }
                state.isIdle = true
                return (nil, false)
            }
            if batch != nil || isEnd { return batch }
            work.wait()
        }
    }
}

/// The lower lines of a terminal, which are written over again and again.
struct LiveLines: Sendable, Equatable {
    /// Each ends with `clearLine` and a new line.
    var text = ""
    var count = 0

    static let none = LiveLines()
    static let clearLine = "\u{1B}[K"
}
