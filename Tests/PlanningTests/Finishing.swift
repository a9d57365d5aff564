import Addresses
import ConfigModel
import Diagnostics
import Evaluation
import PlanModel
import Planning
import ProviderKit
import StateModel
import Synchronization
import Testing
import Values

/// A plan whose steps are finished one by one, or all in order, without an apply run: what a step would do, becomes true.
final class Finishing {
    let planner: Planner
    let plan: Plan
    /// Warnings of the plan, then those of finishing.
    private(set) var warnings: [String]
    private(set) var outputs: [String: Value] = [:]
    private(set) var failed: [String: [String]] = [:]
    private(set) var notBegun: [String] = []
    private let echo: EchoProvider
    private let known: Known
    var facts: any Facts { known }

    private final class Known: Facts {
        private let objects: Mutex<[ObjectAddress: StateObject]>
        init(_ objects: [ObjectAddress: StateObject]) { self.objects = Mutex(objects) }
        func object(at address: ObjectAddress) -> StateObject? { objects.withLock { $0[address] } }
        func set(_ object: StateObject) { objects.withLock { $0[object.address] = object } }
    }

    init(
        _ text: String, files: [String: String] = [:], base: StateSnapshot = PlanTests.empty, provider: EchoProvider = EchoProvider(),
        functions: any FunctionCalling = NoFunctions()
    ) async throws {
        var all = files.mapValues { Array($0.utf8) }
        all["main.tf"] = Array(text.utf8)
        let (configuration, diagnostics) = loadConfiguration(root: ".", sources: ModuleSources(files: all), functions: functions)
        guard let configuration, !diagnostics.hasErrors else { throw DiagnosticError(diagnostics) }
        planner = try Planner(
            inputs: PlanningInputs(configuration: configuration, variables: [:], base: base, createdAt: 0, workingDirectory: "/"),
            catalog: EchoCatalog(provider: provider), functions: functions)
        let made = await planner.makePlan()
        guard let plan = made.plan else { throw DiagnosticError(made.diagnostics) }
        self.plan = plan
        warnings = made.diagnostics.map(\.summary)
        echo = provider
        known = Known(base.objects)
        await planner.beginApplying(functions: functions)
    }

    /// The create, update, read or no-op vertex of an address.
    func vertex(_ address: String) throws -> Int {
        try #require(plan.vertices.indices.first { self.address($0) == address }, "no step of \(address)")
    }

    private func address(_ vertex: Int) -> String? {
        guard case .effect(let effect, let change) = plan.vertices[vertex].kind, effect != .delete, effect != .forget else { return nil }
        return plan.changes[change].address.description
    }

    func complete(_ address: String) async throws(DiagnosticError) -> CompletedStep {
        guard let vertex = try? vertex(address) else { throw DiagnosticError(.error("No step of \(address)")) }
        return try await planner.complete(vertex, facts: facts)
    }

    /// Finishes a step and carries it out; its id is its address.
    ///
    /// - Parameters:
    ///   - output: what comes of it, where that is not its input or the provider's answer.
    ///   - id: where it is not its address.
    @discardableResult func done(_ address: String, output: Value? = nil, id: Value? = nil) async throws(DiagnosticError) -> StateObject? {
        guard let vertex = try? vertex(address) else { throw DiagnosticError(.error("No step of \(address)")) }
        return try await carryOut(vertex, output: output, id: id)
    }

    private func carryOut(_ vertex: Int, output: Value? = nil, id: Value? = nil) async throws(DiagnosticError) -> StateObject? {
        let step = try await planner.complete(vertex, facts: facts)
        guard var object = step.planned else { return nil }
        if step.action == .read {
            do throws(ProviderFailure) {
                object.attributes = try await echo.readData(
                    DataRequest(
                        address: object.address.instance, configuration: step.configuration ?? .null, container: step.container))
                if let output { object.attributes = object.attributes.replacing(at: [.attribute("answer")], with: output) ?? .null }
            } catch {
                throw DiagnosticError(error.diagnostic(address: object.address.description, subject: step.origin))
            }
        } else if step.action != .noOp {
            let input = object.attributes["input"] ?? .null
            object.attributes = object.attributes.transformed { path, value in
                guard value.isUnknown else { return value }
                return path == [.attribute("id")] ? id ?? .string(object.address.description) : output ?? input
            }
        }
        known.set(object)
        await planner.settle(vertex, object: object)
        return object
    }

    /// Everything, in order; what waits for something that failed is not begun.
    func run() async {
        var stopped: Set<Int32> = []
        var ended: Set<Int> = []
        while let vertex = plan.vertices.indices.first(where: { vertex in
            !ended.contains(vertex) && plan.edges[vertex].allSatisfy { ended.contains(Int($0)) }
        }) {
            ended.insert(vertex)
            let name = name(vertex)
            if plan.edges[vertex].contains(where: { stopped.contains($0) }) {
                stopped.insert(Int32(vertex))
                if !name.isEmpty { notBegun.append(name) }
                continue
            }
            let problems = await problems(of: vertex)
            warnings += problems.filter { $0.severity == .warning }.map(\.summary)
            let errors = problems.filter { $0.severity == .error }.map(\.summary)
            if errors.isEmpty { continue }
            failed[name, default: []] += errors
            stopped.insert(Int32(vertex))
        }
    }

    private func problems(of vertex: Int) async -> [Diagnostic] {
        do throws(DiagnosticError) {
            switch plan.vertices[vertex].kind {
            case .effect: _ = try await carryOut(vertex)
            case .output(let index): outputs[plan.outputs[index].name] = try await planner.output(index, facts: facts)
            case .condition(let index): return await planner.check(index, facts: facts)
            case .open: return await planner.open(vertex)
            case .join: break
            }
            return []
        } catch {
            return error.diagnostics
        }
    }

    private func name(_ vertex: Int) -> String {
        switch plan.vertices[vertex].kind {
        case .effect(_, let change): plan.changes[change].address.description
        case .output(let index): "output.\(plan.outputs[index].name)"
        case .condition(let index): "\(plan.checks[index].subject) (condition)"
        case .open(let address): address
        case .join: ""
        }
    }
}
