import Applying
import ConfigModel
import Diagnostics
import Engine
import Foundation
import HCLSyntax
import PlanModel
import Planning
import StateModel
import Values

extension TestRunner {
    /// Plans, applies, and looks at what came of it. What was opened for it is closed, however it ends.
    func carryOut(_ run: TestRun, of file: TestFile) async -> Outcome {
        var outcome = await planned(run, of: file)
        if let planner = outcome.planned?.planner { outcome.diagnostics += await planner.closeEphemerals() }
        return outcome
    }

    private func planned(_ run: TestRun, of file: TestFile) async -> Outcome {
        let configuration = configuration(of: run)
        var known = TestVariables(
            file: file, run: run, globals: globals(for: file), outputs: outputs, functions: session.engine.freeFunctions())
        let doubles: Doubles
        let variables: [String: Value]
        do throws(DiagnosticError) {
            try checkExpectations(of: run)
            doubles = try self.doubles(for: run, of: file, &known)
            variables = try known.values(for: configuration)
        } catch {
            return Outcome(status: .error, diagnostics: known.warnings + error.diagnostics)
        }
        let state = state(for: run, configuration)
        var outcome = Outcome(status: .pass, diagnostics: known.warnings)
        do {
            var request = request(configuration, variables, doubles, mode: run.isRefreshOnly ? .refreshOnly : .normal)
            request.options.targets = run.targets
            request.options.replace = run.replacements
            request.options.refresh = run.refresh
            let planned = try await session.engine.plan(
                request, against: try await state.store.snapshot(), catalog: catalog(configuration, doubles))
            outcome.planned = planned
            outcome.snapshot = try await state.store.snapshot()
            // Checks are judged once: what a plan leaves open by `undecidedChecks`, of an apply what it came to.
            let judgedLater = run.command == .apply ? ["Check block assertion failed"] : []
            var found = planned.diagnostics.filter { diagnostic in
                diagnostic.summary != "Check block assertion known after apply" && !judgedLater.contains(diagnostic.summary)
            }
            if !run.targets.isEmpty {
                found.append(
                    .warning(
                        "Resource targeting is in effect",
                        "The plan of this run has a target, so that its result may not represent all of the changes requested by the configuration."
                    ))
            }
            if run.command == .apply {
                // What it leaves is cleaned up as it was made: a run that only planned leaves nothing.
                state.run = run
                state.configuration = configuration
                state.variables = variables
                state.doubles = doubles
                interrupts.mayMake(.init(run: run.name, file: file.path, isMain: run.module == nil, store: state.store))
                let result = try await apply(planned, state.store)
                found += result.diagnostics.filter { $0.severity == .warning } + result.errors
                outcome.snapshot = try await state.store.snapshot()
            } else {
                found += await undecidedChecks(planned)
            }
            judge(found.map { known.located($0, in: configuration) }, of: run, &outcome)
            if outcome.status != .pass { return outcome }
            await look(at: run, planned.planner, configuration, known, &outcome)
            if let value = try? await planned.planner.rootOutputs() { outputs[run.name] = value }
        } catch let error as DiagnosticError {
            let found = error.diagnostics.filter { $0.summary != "Check block assertion known after apply" }
            judge(found.map { known.located($0, in: configuration) }, of: run, &outcome, whilePlanning: true)
        } catch {
            outcome.status = .error
            outcome.diagnostics.append(.error("The run could not be carried out", "\(error)"))
        }
        return outcome
    }

    private func globals(for file: TestFile) -> [String: Value] {
        let isInside = file.path.hasPrefix(testDirectory.path + "/")
        return isInside ? globals.merging(testDirectory.globals) { _, inner in inner } : globals
    }

    private func state(for run: TestRun, _ configuration: Configuration) -> State {
        let key = run.stateKey.map { "key \($0)" } ?? run.module.map { "module \($0.source)" } ?? ""
        let state = states[key] ?? State(key, run, configuration)
        states[key] = state
        order.removeAll { $0 == key }
        order.append(key)
        return state
    }

    // MARK: Engine

    func request(_ configuration: Configuration, _ variables: [String: Value], _ doubles: Doubles, mode: Plan.Mode) -> Engine.PlanRequest {
        var request = Engine.PlanRequest(configuration: configuration, variables: variables, mode: mode)
        request.replacedModules = doubles.replacedModules
        return request
    }

    func catalog(_ configuration: Configuration, _ doubles: Doubles) -> DoubledCatalog {
        let required = configuration.modules[0].settings.requiredProviders
        let names = required.map { ($0.localName, configuration.modules[0].settings.providerType($0.localName)) }
        return DoubledCatalog(real: session.catalog, doubles: doubles, names: Dictionary(names) { first, _ in first })
    }

    func apply(_ planned: Engine.Planned, _ store: MemoryStore) async throws -> ApplyResult {
        let lock = try await store.lock(for: session.holder("test"))
        // Nothing from here to where it is given back can throw: the tear-down needs it.
        let run = await session.engine.run(
            planned, run: session.run(planned.plan.mode == .destroy ? .destroy : .apply, "test", planDigest: planned.digest), store: store,
            lock: lock, limits: ApplyLimits(parallelism: parallelism), observer: nil)
        // An interrupt does not cut it off: half a run tells nothing, and what it makes has to be recorded for the tear-down.
        let result = await run.run()
        await session.releaseKeepsakes()
        try await store.unlock(lock)
        return result
    }

    // MARK: Doubles

    private func doubles(for run: TestRun, of file: TestFile, _ known: inout TestVariables) throws(DiagnosticError) -> Doubles {
        var doubles = Doubles()
        doubles.overrides = file.overrides + run.overrides
        let defined = Dictionary(file.providers.map { ($0.name, $0.provider) }) { first, _ in first }
        let wanted = run.providers ?? file.providers.map { ($0.name, $0.name, run.span) }
        for (inner, outer, span) in wanted {
            switch defined[outer] {
            case nil:
                throw DiagnosticError(
                    .error(
                        "Missing provider definition for \(outer)",
                        "This provider block references a provider definition that does not exist.", at: span))
            case .mocked(let mock)?: doubles.providers[inner] = .mocked(mock)
            case .configured(let body)?:
                if let block = body.blocks.first {
                    throw DiagnosticError(
                        .error(
                            "Unsupported block type", "Provider blocks of test files take arguments, and no blocks yet.",
                            at: body.span(block.headerRange)))
                }
                var arguments: [String: Value] = [:]
                for attribute in body.attributes where attribute.name.name != "alias" && attribute.name.name != "version" {
                    arguments[attribute.name.name] = try known.value(of: LocatedExpression(attribute.expression, file: body.file))
                }
                doubles.providers[inner] = .configured(arguments)
            }
        }
        return doubles
    }
}
