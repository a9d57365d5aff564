import Addresses
import Applying
import ConfigModel
import Diagnostics
import Engine
import Foundation
import PlanModel
import Planning
import StateModel
import Values

/// Carries out test files: each run is planned and applied against a state in memory, and what it made is destroyed at the end.
final class TestRunner {
    enum Status: String {
        case pass, fail, error, skip

        /// A file is as bad as the worst of its runs; those that were skipped say nothing.
        func merged(_ other: Status) -> Status {
            let order: [Status] = [.skip, .pass, .fail, .error]
            return (order.firstIndex(of: self) ?? 0) < (order.firstIndex(of: other) ?? 0) ? other : self
        }
    }

    /// What came of a run.
    struct Outcome {
        var status: Status
        var diagnostics: [Diagnostic] = []
        /// What -verbose shows.
        var planned: Engine.Planned?
        var snapshot: StateSnapshot?
        var seconds = 0.0
        var startedAt = Date()
    }

    /// The state that runs of one module share, and how the last of them was configured.
    final class State {
        let store: MemoryStore
        var run: TestRun
        var configuration: Configuration
        var variables: [String: Value]
        var doubles: Doubles

        init(_ name: String, _ run: TestRun, _ configuration: Configuration) {
            store = MemoryStore("test-\(name)")
            self.run = run
            self.configuration = configuration
            variables = [:]
            doubles = Doubles()
        }
    }

    let session: Session
    let root: Configuration
    /// Configurations of the modules that runs name, by directory.
    let modules: [String: Configuration]
    /// Variables from outside, and those files for tests of the test directory.
    let globals: [String: Value]
    let testDirectory: (path: String, globals: [String: Value])
    let view: TestView
    let isVerbose: Bool
    let parallelism: Int

    let interrupts = TestInterrupts()
    /// Something that tests made could not be destroyed.
    private(set) var hasLeftovers = false
    /// Of the file under way.
    var states: [String: State] = [:]
    /// Keys of `states`, the one last used at the end.
    var order: [String] = []
    var outputs: [String: Value] = [:]

    init(
        session: Session, root: Configuration, modules: [String: Configuration], globals: [String: Value],
        testDirectory: (path: String, globals: [String: Value]), view: TestView, isVerbose: Bool, parallelism: Int
    ) {
        self.session = session
        self.root = root
        self.modules = modules
        self.globals = globals
        self.testDirectory = testDirectory
        self.view = view
        self.isVerbose = isVerbose
        self.parallelism = parallelism
    }

    /// All that diagnostics may point into.
    var sources: SourceMap {
        var all = root.sources
        for directory in modules.keys.sorted() { if let module = modules[directory] { all.merge(module.sources) } }
        all.merge(view.sources)
        return all
    }

    /// Carries out all of them; an interrupt ends that early, and not before what was made is destroyed.
    func run(_ files: [TestFile]) async throws -> [(file: TestFile, runs: [(run: TestRun, outcome: Outcome)])] {
        let (interrupts, view) = (interrupts, view)
        return try await session.handlingInterrupts {
            switch interrupts.raise() {
            case 1: view.interrupted()
            case 2:
                Task {
                    view.ending(leaving: await interrupts.remainders())
                    await RootCommand.end(1)
                }
            default: Session.exitAtOnce()
            }
        } while: {
            var results: [(file: TestFile, runs: [(run: TestRun, outcome: Outcome)])] = []
            for file in files { results.append((file, await run(file))) }
            return results
        }
    }

    /// - Returns: the outcomes of its runs, in order.
    func run(_ file: TestFile) async -> [(run: TestRun, outcome: Outcome)] {
        states = [:]
        order = []
        outputs = [:]
        view.began(file)
        var results: [(run: TestRun, outcome: Outcome)] = []
        view.tell(idleOverrides(of: file), sources, file: file.path, run: nil)
        var isBroken = false
        for run in file.runs {
            var outcome = Outcome(status: .skip)
            if !isBroken, !interrupts.isRaised {
                view.began(run, in: file)
                let began = Date()
                outcome = await carryOut(run, of: file)
                outcome.startedAt = began
                outcome.seconds = Date().timeIntervalSince(began)
            }
            if outcome.status == .error { isBroken = true }
            view.ended(run, outcome, in: file, sources: sources, isVerbose: isVerbose)
            results.append((run, outcome))
        }
        view.tearingDown(file)
        let isClean = await tearDown(file)
        interrupts.tornDown()
        if !isClean { hasLeftovers = true }
        view.ended(file, results.reduce(isClean ? .skip : .error) { $0.merged($1.outcome.status) }, isClean: isClean)
        return results
    }

    func configuration(of run: TestRun) -> Configuration { run.module.flatMap { modules[$0.source] } ?? root }

    /// Overrides that are about nothing in any module that the file runs.
    private func idleOverrides(of file: TestFile) -> [Diagnostic] {
        let configurations = file.runs.map { configuration(of: $0) }
        var mocks: [TestOverride] = []
        for (_, provider) in file.providers { if case .mocked(let mock) = provider { mocks += mock.overrides } }
        return (file.overrides + mocks + file.runs.flatMap(\.overrides)).filter { item in
            !configurations.contains { $0.holds(item) }
        }.map { item in
            .warning(
                "Invalid override target",
                "The override target \(item.target) does not exist within the configuration under test. This could indicate a typo in the target address or an unnecessary override.",
                at: item.targetSpan)
        }
    }

    // MARK: Cleaning up

    /// Destroys what the file's runs have made, the state that was used last first.
    ///
    /// - Returns: whether nothing is left.
    private func tearDown(_ file: TestFile) async -> Bool {
        var isClean = true
        for key in order.reversed() {
            guard let state = states[key] else { continue }
            let faults = await destroy(state, in: file)
            // A state in memory cannot fail to be read.
            let left =
                (try? await state.store.snapshot().objects.values.filter { $0.address.instance.mode == .managed }.map(\.address)) ?? []
            guard !left.isEmpty || faults.hasErrors else { continue }
            isClean = false
            view.tell(faults, sources, file: file.path, run: state.run.name)
            if !left.isEmpty { view.left(left.sorted(), by: state.run, in: file) }
        }
        return isClean
    }

    private func destroy(_ state: State, in file: TestFile) async -> [Diagnostic] {
        do {
            let snapshot = try await state.store.snapshot()
            if snapshot.objects.isEmpty { return [] }
            view.tearingDown(state.run, in: file)
            let planned = try await session.engine.plan(
                request(state.configuration, state.variables, state.doubles, mode: .destroy), against: snapshot,
                catalog: catalog(state.configuration, state.doubles))
            do {
                let errors = try await apply(planned, state.store).errors
                return errors + (await planned.planner.closeEphemerals())
            } catch {
                return [.error("Failed to clean up", "\(error)")] + (await planned.planner.closeEphemerals())
            }
        } catch let error as DiagnosticError {
            return error.diagnostics
        } catch {
            return [.error("Failed to clean up", "\(error)")]
        }
    }
}

extension Configuration {
    /// Whether there is something that an override could be about.
    fileprivate func holds(_ item: TestOverride) -> Bool {
        modules.contains { module in
            item.kind == .module
                ? item.target.mayName(call: module.path)
                : module.resources.contains { item.target.mayMatch(call: module.path, resource: $0.name) }
        }
    }
}
