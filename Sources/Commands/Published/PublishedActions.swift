import PlanModel

extension Change.Action {
    var published: [String] {
        switch self {
        case .noOp, .record: ["no-op"]
        case .create: ["create"]
        case .update: ["update"]
        case .delete: ["delete"]
        case .read: ["read"]
        case .forget: ["forget"]
        case .deleteThenCreate: ["delete", "create"]
        case .createThenDelete: ["create", "delete"]
        }
    }
}

extension Change.Reason {
    var published: String? {
        switch self {
        case .none, .destroyMode, .leftOver, .containerReplaced, .containerDeleted: nil
        case .cannotUpdate: "replace_because_cannot_update"
        case .tainted: "replace_because_tainted"
        case .requested: "replace_by_request"
        case .triggeredBy: "replace_by_triggers"
        case .noResourceConfig: "delete_because_no_resource_config"
        case .wrongRepetition: "delete_because_wrong_repetition"
        case .countIndex: "delete_because_count_index"
        case .eachKey: "delete_because_each_key"
        case .noModule, .moduleDisabled: "delete_because_no_module"
        // OpenTofu's: the reference has no such thing.
        case .disabled: "delete_because_enabled_false"
        case .configUnknown: "read_because_config_unknown"
        case .dependencyPending: "read_because_dependency_pending"
        case .checkNested: "read_because_check_nested"
        }
    }
}
