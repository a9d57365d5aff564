import Addresses
import ConfigModel
import Diagnostics
import Evaluation
import PlanModel
import ProviderKit
import StateModel

/// `moved` blocks from one type to another: the new type's provider says what becomes of the object.
extension Planner {
    /// Puts what such blocks name into the shape of its new type, before anything is read or compared. What applying has to record of it
    /// is an observation.
    func takeOverMovedTypes() async {
        for (address, former) in previousAddresses.sorted(by: { $0.key < $1.key }) where former.type != address.type {
            let current = inputs.base.objects[ObjectAddress(address)].map { [$0] } ?? []
            for object in current + inputs.base.deposed(of: address) {
                do throws(DiagnosticError) {
                    let taken = try await takenOver(object, from: former)
                    inputs.base.put(taken)
                    observed.append(.init(kind: .moved, address: taken.address, object: taken))
                } catch {
                    report(error, address: object.address.description)
                }
            }
        }
        refresh = RefreshBoard(base: inputs.base)
    }

    private func takenOver(_ object: StateObject, from former: ResourceInstanceAddress) async throws(DiagnosticError) -> StateObject {
        let address = object.address.instance
        let place = placeOfMove(former, address)
        let configured = configuredProvider(of: address)
        let source = try await providers.source(configured, from: catalog)
        guard let mover = source as? any StateMoving else {
            throw DiagnosticError(
                .error(
                    "Unsupported `moved` across resource types",
                    "The provider \"\(source.schema.name)\" does not support moved operations across resource types and providers.",
                    at: place, hints: Self.insteadOfMoving))
        }
        let now: RemoteObject?
        do throws(ProviderFailure) {
            var remote = object.remote
            remote.type = former.type
            now = try mover.moved(remote, from: providers.providerName(object.provider), to: address.type)
        } catch {
            throw DiagnosticError(error.diagnostic(address: address.description, subject: place))
        }
        guard let now else {
            throw DiagnosticError(
                .error(
                    "Unable to Move Resource State",
                    "No \(address.type.rawValue) can be made of a \(former.type.rawValue): the type takes over objects of no other type, or not of this one.",
                    at: place, hints: Self.insteadOfMoving))
        }
        var taken = object
        taken.attributes = now.attributes
        taken.privateBytes = now.privateBytes
        taken.schemaVersion = now.schemaVersion
        taken.provider = configured
        taken.identity = ""
        taken.hostKeys = [:]
        return taken
    }

    private static let insteadOfMoving = [
        "Let go of the old one with a \"removed\" block that says destroy = false, or destroy it, and let the new one be made."
    ]

    /// Of the block that is there now; where there is none, by the type.
    private func configuredProvider(of address: ResourceInstanceAddress) -> ProviderConfigAddress {
        let name = address.resource.resource
        let module = inputs.configuration.module(at: address.module.call) ?? inputs.configuration.modules[0]
        let declared = module.resources.first { $0.name == name }?.provider
        return inputs.configuration.providerConfiguration(for: declared ?? .implied(by: name.type), in: module)
    }

    /// Of the block that makes another type of the object; where several do so one after the other, of the last.
    private func placeOfMove(_ former: ResourceInstanceAddress, _ address: ResourceInstanceAddress) -> SourceSpan? {
        var place: SourceSpan?
        for module in inputs.configuration.modules {
            for block in module.moved {
                guard case .resource(_, let from, _) = block.source, case .resource(_, let to, _) = block.target, from.type != to.type,
                    to.type == address.type
                else { continue }
                if block.source.pattern(within: module.path).matches(former) { return block.span }
                place = block.span
            }
        }
        return place
    }
}
