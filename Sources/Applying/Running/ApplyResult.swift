public import Addresses
public import Diagnostics
public import PlanModel
public import StateModel

/// One vertex of the plan, as it is told to people.
public struct ApplyStep: Sendable, Hashable {
    public var vertex: Int
    /// Index in the plan's changes; nil for outputs and conditions.
    public var change: Int?
    public var effect: Vertex.Effect?
    /// Nil for outputs and conditions.
    public var address: ObjectAddress?
    /// `output.name`, a condition's subject, an address.
    public var label: String

    public init(vertex: Int, change: Int?, effect: Vertex.Effect?, address: ObjectAddress?, label: String) {
        self.vertex = vertex
        self.change = change
        self.effect = effect
        self.address = address
        self.label = label
    }
}

/// How an apply ended.
public struct ApplyResult: Sendable {
    public struct Failure: Sendable {
        public var step: ApplyStep
        /// Each with the address and, where the configuration has it, file and line.
        public var diagnostics: [Diagnostic]
        /// Nobody knows what it did; the next run looks for it.
        public var isOpen: Bool
    }

    public var done: [ApplyStep] = []
    public var failed: [Failure] = []
    public var notBegun: [ApplyStep] = []
    /// Stopped by the person, or by a journal that takes nothing any more.
    public var isInterrupted = false
    /// Left under way: their intents stay open, the next run looks for what they did.
    public var abandoned: [ApplyStep] = []
    /// All outputs that are recorded now.
    public var outputs: [String: OutputRecord] = [:]
    public var counts = RunRecord.Counts()
    /// Warnings, and faults that belong to no step: the state could not be written, the plan has a cycle.
    public var diagnostics: [Diagnostic] = []
    /// Of the state after the run.
    public var version: StateVersion

    public init(version: StateVersion) { self.version = version }

    /// Everything that was planned is done.
    public var isDone: Bool {
        failed.isEmpty && notBegun.isEmpty && abandoned.isEmpty && !isInterrupted && !diagnostics.hasErrors
    }

    /// Objects that were taken over.
    public var imported: Int { done.count { $0.effect == .importing } }

    public var runResult: RunRecord.Result { isInterrupted ? .interrupted : isDone ? .done : .failed }

    /// Every error once, in the order of the steps.
    public var errors: [Diagnostic] {
        var seen: Set<Diagnostic> = []
        return (failed.flatMap(\.diagnostics) + diagnostics).filter { $0.severity == .error && seen.insert($0).inserted }
    }
}
