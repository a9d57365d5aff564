import Addresses
import Diagnostics
import ProviderKit
import Values

/// The ephemeral resources of one run: those that are open, and those that wait for something to be made.
///
/// A run that plans and applies opens each once. A saved plan holds nothing of them: whoever applies it plans again, and opens them anew.
struct Ephemerals {
    struct Open {
        var address: ResourceInstanceAddress
        var opener: any EphemeralOpening
        /// Renewed from time to time.
        var handle: OpenEphemeral
        var renewing: Task<Void, Never>?
    }

    struct Deferred {
        var cell: Cells.CellID
        var number: Int
    }

    var open: [Open] = []
    /// Nothing is renewed any more.
    var isClosing = false
    private var waiting: [String: Deferred] = [:]
    private var byCell: [Cells.CellID: [ResourceInstanceAddress]] = [:]

    mutating func wait(_ address: ResourceInstanceAddress, _ cell: Cells.CellID, _ number: Int) {
        waiting[address.description] = Deferred(cell: cell, number: number)
        byCell[cell, default: []].append(address)
    }

    /// In the order of the instances.
    func deferred(in cell: Cells.CellID) -> [ResourceInstanceAddress] { byCell[cell] ?? [] }

    func deferred(_ address: String) -> Deferred? { waiting[address] }
}

extension ProviderFailure {
    /// What went wrong with an ephemeral resource, where it is written.
    func ephemeralDiagnostic(_ address: ResourceInstanceAddress, _ span: SourceSpan?) -> Diagnostic {
        diagnostic(address: address.description, subject: span)
    }
}
