public import Addresses

/// What happens to one kind's instance: to all of its parts together.
public struct KindChange: Sendable, Hashable {
    public enum Action: String, Sendable, Hashable, Comparable, CaseIterable {
        case read, forget, move, delete, update, create

        public static func < (left: Self, right: Self) -> Bool { left.rank < right.rank }
        private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
    }

    /// Path of the outermost kind: kinds within it are parts of it.
    public var path: ModulePath
    public var action: Action
    /// Indices of the plan's changes that do something, by address.
    public var changes: [Int]
    /// Resources that it is made of after the change, or that go with it; data sources are none of them.
    public var parts: Int
    /// Those of them that something is done to.
    public var changedParts: Int

    public var type: ResourceType {
        if case .kind(let type, _, _)? = path.steps.last { type } else { ResourceType("") }
    }

    public var name: String {
        if case .kind(_, let name, _)? = path.steps.last { name } else { "" }
    }
}

extension Change {
    /// Something that a person is shown: not what stays as it is, nor what only its record tells apart.
    public var isShown: Bool { (action != .noOp && action != .record) || previousAddress != nil || importing != nil }
}

extension Plan {
    /// The kinds of which a part changes, by address. Linear in the changes, but for sorting.
    public var kindChanges: [KindChange] {
        var byPath: [ModulePath: [Int]] = [:]
        for (index, change) in changes.enumerated() {
            guard let kind = change.address.instance.module.kind else { continue }
            byPath[kind, default: []].append(index)
        }
        return byPath.keys.sorted().compactMap { path in
            let all = byPath[path] ?? []
            let shown = all.filter { changes[$0].isShown }
            guard !shown.isEmpty else { return nil }
            let managed = all.filter { changes[$0].address.instance.mode == .managed }
            let touched = managed.filter { changes[$0].isShown }
            return KindChange(
                path: path, action: action(of: managed.map { changes[$0] }),
                changes: shown.sorted { changes[$0].address < changes[$1].address },
                parts: Set(managed.map { changes[$0].address.instance }).count,
                changedParts: Set(touched.map { changes[$0].address.instance }).count)
        }
    }

    private func action(of parts: [Change]) -> KindChange.Action {
        let stays = parts.contains { $0.action == .noOp || $0.action == .record || $0.action == .update }
        let isMoved = parts.contains { $0.action == .createThenDelete && $0.reason == .containerReplaced }
        let comes = parts.contains { $0.action == .create }
        let goes = parts.contains { $0.action == .delete || ($0.action == .forget && $0.reason == .containerDeleted) }
        let isLeft = parts.contains { $0.action == .forget && $0.reason != .containerDeleted }
        let isReplaced = parts.contains(where: \.action.isReplace)
        if parts.isEmpty { return .read }
        // Parts of another composition, or on another target, take over from all that there was.
        if !stays, isMoved || (comes && goes && !isReplaced) { return .move }
        if stays || isReplaced { return .update }
        switch (comes, goes, isLeft) {
        case (true, false, false): return .create
        case (false, true, _): return .delete
        case (false, false, true): return .forget
        default: return .update
        }
    }
}
