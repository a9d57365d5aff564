/// Requests to one origin that wait for their turn, in order. Waiting happens here and not in libcurl, because there each
/// completion looks at all that wait.
struct EndpointQueue {
    private var waiting: [Transfer] = []
    private var head = 0
    private var running = 0
    private var limit = AdaptiveLimit()

    mutating func append(_ transfer: Transfer) {
        waiting.append(transfer)
    }

    /// The next one that may begin now, counted as running.
    mutating func next() -> Transfer? {
        while head < waiting.count {
            let transfer = waiting[head]
            guard transfer.phase == .waiting else {
                // Cancelled while it waited.
                removeHead()
                continue
            }
            guard limit.allows(running + 1, atMost: transfer.connectionsPerEndpoint) else { return nil }
            removeHead()
            running += 1
            transfer.limitEpoch = limit.epoch
            return transfer
        }
        return nil
    }

    /// For the end of all: whatever waits, whether it may begin or not.
    mutating func popWaiting() -> Transfer? {
        while head < waiting.count {
            let transfer = waiting[head]
            removeHead()
            if transfer.phase == .waiting { return transfer }
        }
        return nil
    }

    mutating func ended(_ transfer: Transfer, throttled: Bool) {
        limit.ended(throttled: throttled, begunIn: transfer.limitEpoch, running: running)
        running -= 1
    }

    /// Constant time on average: the array is moved up when half of it is gone.
    private mutating func removeHead() {
        head += 1
        if head == waiting.count {
            waiting.removeAll(keepingCapacity: true)
            head = 0
        } else if head > 64, head * 2 > waiting.count {
            waiting.removeFirst(head)
            head = 0
        }
    }
}

/// How many requests at once a service bears: halved when it says "too many" (429, 503), one more for each round without.
struct AdaptiveLimit {
    /// Infinite until the service first says "too many".
    private var allowed = Double.infinity
    /// Counts the decreases. Requests that were begun before the last one say nothing new by being refused, too.
    private(set) var epoch = 0

    func allows(_ running: Int, atMost configured: Int) -> Bool {
        running <= max(1, configured) && Double(running) <= max(1, allowed)
    }

    /// - Parameter running: requests under way when this one ended, itself included.
    mutating func ended(throttled: Bool, begunIn begun: Int, running: Int) {
        if throttled {
            guard begun == epoch else { return }
            allowed = max(1, min(allowed, Double(running)) / 2)
            epoch += 1
        } else if allowed.isFinite {
            allowed += 1 / allowed
        }
    }
}
