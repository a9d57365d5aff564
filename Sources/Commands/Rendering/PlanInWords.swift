import Addresses
import PlanModel
import Values

extension Plan {
    /// Objects of which nobody knows how they are, and which the plan leaves as they were recorded.
    var unreadCount: Int { changes.count { $0.isUnread && ($0.action == .noOp || $0.action == .record) } }

    /// Nil where everything was read.
    var unreadInWords: String? {
        switch unreadCount {
        case 0: nil
        case 1: "1 object could not be read and is taken as it was recorded."
        case let count: "\(count) objects could not be read and are taken as they were recorded."
        }
    }
}

extension Change.Reason {
    /// Why, as a clause; nil where the action says it.
    func sentence(_ change: Change) -> String? {
        switch self {
        case .none, .destroyMode: nil
        // What is only created replaces nothing.
        case .triggeredBy where change.action == .create: nil
        case .cannotUpdate: "because \(change.replacePaths.map(\.description).joined(separator: ", ")) cannot be changed in place"
        case .leftOver: "left over from a replacement that creates first"
        case .tainted: "because it was left half-made or broken by an earlier run"
        case .requested: "as requested with -replace"
        case .triggeredBy: "because of replace_triggered_by"
        case .noResourceConfig: "because \(change.address.instance.resource.resource) is not in configuration"
        case .wrongRepetition:
            switch change.address.instance.key {
            case .none: "because resource uses count or for_each"
            case .index: "because resource does not use count"
            case .key: "because resource does not use for_each"
            }
        case .disabled: "because \(change.address.instance.resource.resource) is not enabled"
        case .moduleDisabled: "because \(change.address.instance.module) is not enabled"
        case .countIndex: "because index \(change.address.instance.key) is out of range for count"
        case .eachKey: "because key \(change.address.instance.key) is not in for_each map"
        case .noModule: "because \(change.address.instance.module) is not in configuration"
        case .configUnknown: "config refers to values not yet known"
        case .dependencyPending: "depends on a resource or a module with changes pending"
        case .checkNested: "config will be reloaded to verify a check block"
        case .containerReplaced: "because what holds it is another one now"
        case .containerDeleted: "because what holds it is destroyed"
        }
    }
}
