public import Addresses
import ConfigModel
import Diagnostics
import Evaluation
import HCLSyntax
import PlanModel
public import ProviderKit
import StateModel
public import Values

/// An object that an import block names and no resource block declares: what a block for it can be written from.
public struct UnconfiguredObject: Sendable {
    public var name: ResourceName
    /// The name by which it was found.
    public var id: String
    /// Written as the `provider` argument; nil where the type's first word says it.
    public var provider: String?
    public var schema: BlockSchema
    public var attributes: Value
}

extension Planner {
    /// Import blocks of resources of the root module that are not declared: read, so that blocks can be written for them, or refused.
    func visitUnconfiguredImports() async {
        guard inputs.mode == .normal, !isValidating, !selection.isTargeted else { return }
        for block in imports.blocks
        where block.target.call.isRoot && declarations.indices[0].resources[block.target.resource] == nil {
            do throws(DiagnosticError) {
                try await visitUnconfigured(block)
            } catch {
                report(error)
            }
        }
    }

    private func visitUnconfigured(_ block: ImportBlock) async throws(DiagnosticError) {
        let target = block.target
        guard inputs.generates else {
            throw DiagnosticError(
                .error(
                    "Configuration for import target does not exist",
                    "The configuration for the given import target \(target.description) does not exist.", at: block.to.span,
                    hints: [
                        "Add a resource block for it, or have one written: ashlar plan -generate-config-out=generated.tf"
                    ]))
        }
        guard block.forEach == nil, target.hasNoKeys else {
            throw DiagnosticError(
                .error(
                    "Configuration for import target does not exist",
                    "The given import block is not compatible with config generation. The -generate-config-out option cannot be used with import blocks which use for_each, or resources which use for_each or count.",
                    at: block.to.span))
        }
        let module = inputs.configuration.modules[0]
        let reference = block.provider ?? .implied(by: target.resource.type)
        let address = inputs.configuration.providerConfiguration(for: reference, in: module)
        let declared = ResourceBlock(
            name: target.resource, repetition: .single, provider: reference, dependsOn: [], lifecycle: Lifecycle(),
            body: Body(attributes: [], blocks: [], range: block.span.range, file: block.span.file), provisioners: [], references: [],
            span: block.to.span)
        let type = try await schema(of: declared, provider: address)
        let provider = try await provider(address, neededBy: block.span)
        for (instance, wanted) in try evaluated(block, for: nil) {
            var works = [
                InstanceWork(
                    number: 0, address: instance, repetition: .none, desired: Desired(configuration: .null(type.shape.impliedType)),
                    prior: nil, importing: wanted)
            ]
            await importObjects(&works, type, declared, address, provider)
            guard let object = works.first?.prior else { continue }
            unconfigured.append(
                UnconfiguredObject(
                    name: target.resource, id: wanted.id,
                    provider: block.provider.map { $0.alias.map { alias in "\(reference.name).\(alias)" } ?? reference.name },
                    schema: type.schema.block, attributes: object.attributes))
        }
    }
}
