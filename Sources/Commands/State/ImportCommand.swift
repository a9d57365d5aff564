import Addresses
import ArgumentParser
import ConfigModel
import Diagnostics
import Engine
import Foundation
import PlanModel
import StateModel

struct ImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Record an object that exists already, so that it is managed from now on.")

    @OptionGroup var output: OutputOptions
    @OptionGroup var options: PlanningOptions

    @Argument(help: "The resource instance that it becomes; its resource has to be in the configuration.")
    var address: String

    @Argument(help: "The name by which the provider finds it.")
    var id: String

    func validate() throws {
        if options.destroy || options.refreshOnly || !options.targets.isEmpty || !options.excludes.isEmpty || !options.replacements.isEmpty
        {
            throw ValidationError("Import looks at one object alone: it takes no options that say what is to be planned.")
        }
    }

    func run() async throws {
        let session = output.session()
        let instance = try target(session)
        let flow = PlanFlow(session: session, options: options)
        try await session.locked("import", timeout: options.lockSeconds) { lock in
            let configuration = try session.configuration()
            try checkConfigured(instance, configuration, session)
            if try await session.snapshot().object(at: ObjectAddress(instance)) != nil {
                throw session.fail(
                    [
                        .error(
                            "Resource already managed by Terraform", "An object is recorded for \(instance) already.",
                            hints: ["To import another one to this address, forget that one first: ashlar state rm '\(instance)'"])
                    ], SourceMap())
            }
            say(session, "\(instance): Importing from ID \"\(id)\"...")
            let asking: (inout Engine.PlanRequest) -> Void = { request in
                request.imports = [instance: id]
                request.options.targets = [instance.description]
            }
            try await flow.withPlan(configuration, mode: .normal, lock: lock, asking: asking) { planned in
                guard let importing = planned.plan.changes.first(where: { $0.address == ObjectAddress(instance) })?.importing else {
                    throw session.fail([unconfigured(instance)], configuration.sources)
                }
                try await record(importing, planned, session, lock)
            }
            say(session, "\(instance): Import prepared!\n  Prepared \(instance.type.rawValue) for import")
            let done = "Import successful!"
            let rest =
                "The resources that were imported are shown above. These resources are now in\nyour state and will henceforth be managed by Ashlar.\n"
            session.terminal.write("\n" + session.paint.bold(session.paint.green(done)) + "\n\n" + rest)
        }
    }

    private func say(_ session: Session, _ text: String) { session.terminal.write(session.paint.bold(text) + "\n") }

    private func target(_ session: Session) throws(CommandFailure) -> ResourceInstanceAddress {
        guard let instance = try session.pattern(address).instance else {
            throw session.fail(
                [
                    .error(
                        "Invalid address",
                        "A resource instance address is required here: \(address) names a module or a kind, which are made of resources.")
                ], SourceMap())
        }
        guard instance.mode == .managed else {
            throw session.fail(
                [.error("A managed resource address is required. Importing into a data resource is not allowed.", "")], SourceMap())
        }
        return instance
    }

    private func checkConfigured(_ instance: ResourceInstanceAddress, _ configuration: Configuration, _ session: Session)
        throws(CommandFailure)
    {
        let module = configuration.index(of: instance.module.call).map { configuration.modules[$0] }
        if module?.resources.contains(where: { $0.name == instance.resource.resource }) == true { return }
        let place = instance.module.isRoot ? "the root module" : "\(instance.module)"
        throw session.fail(
            [
                .error(
                    "resource address \"\(instance)\" does not exist in the configuration.",
                    "Before this object can be imported, its resource has to be in the configuration of \(place).",
                    hints: [
                        "Add a block: resource \"\(instance.type.rawValue)\" \"\(instance.resource.resource.name)\" { … }",
                        "Or write an import block, and have the configuration written: ashlar plan -generate-config-out=generated.tf",
                    ])
            ], configuration.sources)
    }

    private func unconfigured(_ instance: ResourceInstanceAddress) -> Diagnostic {
        .error(
            "Configuration for import target does not exist",
            "The configuration for the given import \(instance) does not exist. All target instances must have an associated configuration to be imported."
        )
    }

    /// One run of its own in the journal.
    private func record(_ importing: Change.Import, _ planned: Engine.Planned, _ session: Session, _ lock: StateLock) async throws {
        let run = session.run(.importing, "import", planDigest: planned.digest)
        do throws(StateStoreError) {
            _ = try await session.store.append(
                [
                    .runBegan(run), .imported(importing.object, id: importing.id),
                    .runEnded(run.id, result: .done, at: Date().timeIntervalSince1970, counts: .init()),
                ], under: lock, expecting: planned.base.version)
        } catch {
            throw session.fail(error)
        }
    }
}
