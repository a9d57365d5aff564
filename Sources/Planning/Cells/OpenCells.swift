import Diagnostics

/// While applying: the cells whose value is not known yet, and how far the run had come when each was last evaluated.
///
/// A step may ask before everything that stands in a cell is a fact: a provider of something that goes, a self-contained step's neighbour.
/// What it gets then is good for that moment, and the cell stays open for whoever asks later.
struct OpenCells {
    private struct Attempt {
        /// -1: not evaluated since applying began.
        var asOf = -1
        var fault: DiagnosticError?
    }

    private var attempts: [Cells.CellID: Attempt] = [:]
    /// Rises with each fact: before the next one, an open cell gives what it gave.
    private(set) var progress = 0
    private(set) var isApplying = false

    var isEmpty: Bool { attempts.isEmpty }

    mutating func begin() { isApplying = true }
    mutating func advance() { progress += 1 }
    mutating func insert(_ id: Cells.CellID) { attempts[id] = Attempt() }

    /// Whether there may be news of it.
    ///
    /// - Throws: the fault of its evaluation, as long as there is no news.
    func isDue(_ id: Cells.CellID) throws(DiagnosticError) -> Bool {
        guard let attempt = attempts[id] else { return false }
        if attempt.asOf != progress { return true }
        if let fault = attempt.fault { throw fault }
        return false
    }

    mutating func note(_ id: Cells.CellID, isKnown: Bool, fault: DiagnosticError? = nil) {
        attempts[id] = isKnown ? nil : Attempt(asOf: progress, fault: fault)
    }
}

/// What was worked out while applying: for good, or until the next fact.
struct Finding<Content> {
    private let content: Content
    /// Nil: for good.
    private let asOf: Int?

    init(_ content: Content, isFinal: Bool, _ open: OpenCells) {
        self.content = content
        asOf = isFinal ? nil : open.progress
    }

    func current(_ open: OpenCells) -> Content? { asOf == nil || asOf == open.progress ? content : nil }
}
