import Addresses
import ProviderKit
import StateModel
import Values

/// Where an object stands in its container: `/srv/app` on `host.web`.
struct Place: Hashable {
    var container: String
    var path: String

    /// Nil where the type knows no places, or this one is not known yet.
    init?(_ attributes: Value, _ schema: ResourceSchema, container: ResourceInstanceAddress?) {
        guard let name = schema.nestedBy, let value = attributes[name], value.isWhollyKnown, let path = value.stringValue else {
            return nil
        }
        self.container = container?.description ?? ""
        self.path = path
    }

    private init(container: String, path: String) {
        self.container = container
        self.path = path
    }

    /// What it stands in: `/srv` of `/srv/app`; nil for what stands in the root.
    var enclosing: Place? {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")), slash > path.startIndex else { return nil }
        return Place(container: container, path: String(path[..<slash]))
    }
}

extension Planner {
    /// A directory is made before what stands in it, and what stands in it goes before the directory: no reference says so within one
    /// `for_each`, and nobody writes one between a file and its folder.
    func orderByPlace(_ layout: inout PlanLayout) {
        var made: [Place: Int32] = [:]
        var removed: [Place: Int32] = [:]
        for (index, draft) in drafts.enumerated() {
            if let place = draft.place, layout.effectOf[index] >= 0 { made[place] = layout.effectOf[index] }
            if let place = draft.priorPlace, layout.removalOf[index] >= 0 { removed[place] = layout.removalOf[index] }
        }
        guard !made.isEmpty || !removed.isEmpty else { return }
        for (index, draft) in drafts.enumerated() {
            if layout.effectOf[index] >= 0, let holder = nearest(to: draft.place, in: made) {
                layout.wait(layout.effectOf[index], for: holder)
            }
            if layout.removalOf[index] >= 0, let holder = nearest(to: draft.priorPlace, in: removed) {
                layout.wait(holder, for: layout.removalOf[index])
            }
        }
    }

    private func nearest(to place: Place?, in vertices: [Place: Int32]) -> Int32? {
        var place = place?.enclosing
        while let current = place {
            if let vertex = vertices[current] { return vertex }
            place = current.enclosing
        }
        return nil
    }
}
