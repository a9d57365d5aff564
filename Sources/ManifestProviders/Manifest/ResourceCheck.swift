import Diagnostics
import ProviderKit

/// Whether a type's parts make a whole, and which engine it takes.
struct ResourceCheck {
    let report: ManifestReport
    let provider: ProviderManifest

    /// What the parts must have to make a whole.
    func check(_ resource: inout ResourceManifest, isData: Bool, what: String) {
        let all = [resource.read, resource.create, resource.delete, resource.find, resource.list].compactMap { $0 } + resource.updates
        let hasRequests = all.contains { $0.steps.contains { if case .request = $0 { true } else { false } } }
        let hasScripts = all.contains { !$0.facts.isEmpty || $0.steps.contains { if case .script = $0 { true } else { false } } }
        resource.engine = hasRequests ? .http : .shell
        if hasRequests && hasScripts {
            report.error("Invalid manifest", "The \(what) has requests and scripts; a type has either.", at: resource.headerSpan)
        }
        if hasRequests && provider.http == nil {
            report.error("Invalid manifest", "The \(what) makes requests, and the provider has no http block.", at: resource.headerSpan)
        }
        if hasScripts && provider.ssh == nil {
            report.error("Invalid manifest", "The \(what) runs scripts, and the provider has no ssh block.", at: resource.headerSpan)
        }
        for recipe in all where recipe.paged {
            if provider.http?.page == nil {
                report.error("Invalid manifest", "A recipe is paged, and http has no page block that says how.", at: recipe.span)
            }
        }
        if resource.read == nil { report.error("Missing recipe", "The \(what) has no read.", at: resource.headerSpan) }
        if isData { return }
        if resource.create == nil { report.error("Missing recipe", "The \(what) has no create.", at: resource.headerSpan) }
        if resource.delete == nil { report.error("Missing recipe", "The \(what) has no delete.", at: resource.headerSpan) }
        // Whatever can change in place needs an update that covers it.
        let settable =
            resource.body.attributes.filter { attribute in
                guard attribute.schema.isSettable, !attribute.isHost else { return false }
                if case .always? = attribute.replaces { return false }
                return true
            }.map(\.name) + resource.body.blocks.filter { !$0.replaces }.map(\.name)
        let coversAll = resource.updates.contains { $0.attributes == nil }
        let covered = Set(resource.updates.flatMap { $0.attributes ?? [] })
        for name in settable where !coversAll && !covered.contains(name) {
            report.error(
                "Missing recipe", "No update of the \(what) covers \"\(name)\".", at: resource.headerSpan,
                hints: ["Give the attribute replaces = true if it cannot change in place."])
        }
        if hasScripts, resource.schema.containerAttribute == nil, !resource.schema.isContainer {
            report.error(
                "Invalid manifest", "The \(what) runs scripts, but has no attribute of type host that says where.", at: resource.headerSpan)
        }
    }
}
