import Dispatch
import Foundation

/// Ctrl-C and terminate, while a run is under way: the first lets what is under way end, the second abandons it. Hang-up is ignored
/// from then on: the run goes on and is recorded, and what follows it, its lock given back above all, is not cut short either.
final class InterruptHandler {
    private let sources: [any DispatchSourceSignal]

    init(_ interrupt: @escaping @Sendable () -> Void) {
        signal(SIGHUP, SIG_IGN)
        sources = [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler(handler: interrupt)
            source.resume()
            return source
        }
    }

    func stop() {
        for source in sources { source.cancel() }
        signal(SIGINT, SIG_DFL)
        signal(SIGTERM, SIG_DFL)
    }
}
