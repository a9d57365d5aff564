import Addresses
import ConfigModel
import Diagnostics
import PlanModel
import ProviderKit
import StateModel
import Values

/// A change in the making, with what finishing it needs and no plan stores.
struct ChangeDraft {
    var change: Change
    /// Declaration and module instance; nil for what is no longer configured.
    var cell: Cells.CellID?
    /// Which of the resource cell's instances.
    var number = 0
    var isData = false
    /// The record before: what a delete needs.
    var prior: StateObject?
    var identity = ""
    var isShared = false
    /// What it alone may have in the end, and what the object before it had; empty: nothing.
    var claim = ""
    var priorClaim = ""
    /// Where the object comes to stand in its container, and where the one before it stands.
    var place: Place?
    var priorPlace: Place?
    var group = ""
    /// Group of the old object's removal, where another container holds it than the new one.
    var removalGroup: String?
    /// Finishing it needs no fact of what it waits for.
    var isSelfContained = false
    /// What a self-contained step asks for, as it was when it was planned.
    var configuration: Value?
    /// Its container goes away with all that it holds: the old object is forgotten after that.
    var isForgottenWith: ResourceInstanceAddress?
    /// Replaced in place because the new identity equals the old, though create_before_destroy was asked for.
    var isForcedInPlace = false
    /// Conditions that could not be decided yet, and that its step does not decide before it begins.
    var openConditions: [Int] = []
    var schemaIsContainer = false
    /// Of its block, where that has any.
    var provisioners: ProvisionerSource?

    var action: Change.Action { change.action }
    var makes: Bool {
        switch change.action {
        case .create, .deleteThenCreate, .createThenDelete: true
        default: false
        }
    }
    var removes: Bool {
        switch change.action {
        case .delete, .deleteThenCreate, .createThenDelete, .forget: true
        default: false
        }
    }
}
