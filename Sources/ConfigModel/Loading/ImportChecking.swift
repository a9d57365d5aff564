import Addresses
import Diagnostics
import Evaluation

/// What import blocks name, compared with what is declared. A resource of the root module that is not declared may still be generated:
/// planning decides that.
extension Loader {
    mutating func checkImport(_ block: ImportBlock, _ module: DeclaredModule) {
        let target = block.target
        let path = ModulePath(
            target.call.steps.map { step in
                switch step {
                case .module(let name): .module(name: name, key: .none)
                case .kind(let type, let name): .kind(type: type, name: name, key: .none)
                }
            })
        guard let declared = declaration(of: .resource(path, target.resource, .none), in: module) else {
            guard !target.call.isRoot else { return }
            report(
                "Configuration for import target does not exist",
                "The configuration for the given import target \(target.description) does not exist. All target instances must have an associated configuration to be imported.",
                block.to.span, hints: ["Add a resource block for it to that module."])
            return
        }
        if declared.isKind {
            report(
                "Invalid import address", "A kind is made of several resources: an object is imported into one of its parts.",
                block.to.span,
                hints: ["Write the address of the part, as a plan shows it beneath the kind."])
        }
    }
}
