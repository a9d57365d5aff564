/// What the machine knows of a plan: vertices, what they wait for, and which belong together. Numbers only.
public struct ApplyGraph: Sendable {
    public enum Kind: UInt8, Sendable {
        /// Done as soon as what it waits for is.
        case join
        /// Evaluated, with no effect on the world: an output, a condition, a step that turns out to be nothing.
        case evaluation
        /// Only the record changes: journalled, not carried out.
        case record
        /// Changes the world: an intent first, then a provider, then a fact.
        case effect
        /// Asks a provider: no intent.
        case read
    }

    public struct Vertex: Sendable {
        public var kind: Kind
        /// Vertices of one group may travel together; -1: alone.
        public var group: Int32
        /// Effects on one identity never run at once; -1: none.
        public var identity: Int32
        /// May travel in a group with what it waits for.
        public var isSelfContained: Bool

        public init(kind: Kind, group: Int32 = -1, identity: Int32 = -1, isSelfContained: Bool = false) {
            self.kind = kind
            self.group = group
            self.identity = identity
            self.isSelfContained = isSelfContained
        }
    }

    /// A vertex waits for one that does not exist, or for itself.
    public struct Fault: Error, Sendable, Hashable {
        public var vertex: Int
        public var target: Int
    }

    let vertices: [Vertex]
    /// Compressed adjacency: `successors[offsets[v]..<offsets[v + 1]]` wait for `v`.
    let offsets: [Int32]
    let successors: [Int32]
    /// How many vertices each one waits for.
    let waits: [Int32]

    /// - Parameter edges: `edges[v]`: what vertex `v` waits for, without duplicates.
    public init(vertices: [Vertex], edges: [[Int32]]) throws(Fault) {
        let count = vertices.count
        var offsets = [Int32](repeating: 0, count: count + 1)
        var waits = [Int32](repeating: 0, count: count)
        for (vertex, targets) in edges.enumerated() {
            for target in targets {
                guard vertex < count, target >= 0, target < count, target != vertex else {
                    throw Fault(vertex: vertex, target: Int(target))
                }
                offsets[Int(target) + 1] += 1
                waits[vertex] += 1
            }
        }
        for index in 0..<count { offsets[index + 1] += offsets[index] }
        var next = offsets
        var successors = [Int32](repeating: 0, count: Int(offsets[count]))
        for (vertex, targets) in edges.enumerated() {
            for target in targets {
                successors[Int(next[Int(target)])] = Int32(vertex)
                next[Int(target)] += 1
            }
        }
        self.vertices = vertices
        self.offsets = offsets
        self.successors = successors
        self.waits = waits
    }

    static let empty = ApplyGraph()

    private init() {
        vertices = []
        offsets = [0]
        successors = []
        waits = []
    }

    public var count: Int { vertices.count }

    func successors(of vertex: Int32) -> ArraySlice<Int32> { successors[Int(offsets[Int(vertex)])..<Int(offsets[Int(vertex) + 1])] }
}

/// How much may run at once.
public struct ApplyLimits: Sendable, Hashable {
    /// Groups and single steps under way at once, all providers together; at least 1. A group of many steps counts once.
    public var parallelism: Int
    /// Steps in one group; at least 1.
    public var groupSize: Int
    /// How transient failures are tried again.
    public var retries: RetryPolicy

    public init(parallelism: Int = 64, groupSize: Int = 4096, retries: RetryPolicy = RetryPolicy()) {
        self.parallelism = max(1, parallelism)
        self.groupSize = max(1, groupSize)
        self.retries = retries
    }
}

/// Tries of one step, the first included, and the pauses between them.
public struct RetryPolicy: Sendable, Hashable {
    public var tries: Int
    /// Seconds before the second try.
    public var firstDelay: Double
    public var growth: Double
    public var longestDelay: Double

    public init(tries: Int = 4, firstDelay: Double = 0.5, growth: Double = 3, longestDelay: Double = 15) {
        self.tries = tries
        self.firstDelay = firstDelay
        self.growth = growth
        self.longestDelay = longestDelay
    }

    /// Seconds to wait after `failures` failures; nil where it is not to be tried again.
    public func delay(after failures: Int) -> Double? {
        guard failures < tries else { return nil }
        var delay = firstDelay
        for _ in 1..<max(1, failures) { delay *= growth }
        return min(delay, longestDelay)
    }
}
