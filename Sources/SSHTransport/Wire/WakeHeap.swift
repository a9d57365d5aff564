/// When connections want to be looked at, earliest first. A connection may stand in it several times: waking it early is harmless.
struct WakeHeap {
    private var heap: [(time: Double, connection: Connection)] = []

    var earliest: Double? { heap.first?.time }

    mutating func push(_ time: Double, _ connection: Connection) {
        heap.append((time, connection))
        var child = heap.count - 1
        while child > 0, heap[child].time < heap[(child - 1) / 2].time {
            heap.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    mutating func popDue(_ now: Double) -> Connection? {
        guard let first = heap.first, first.time <= now else { return nil }
        heap.swapAt(0, heap.count - 1)
        heap.removeLast()
        var parent = 0
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count && heap[child].time < heap[least].time { least = child }
            guard least != parent else { return first.connection }
            heap.swapAt(parent, least)
            parent = least
        }
    }
}
