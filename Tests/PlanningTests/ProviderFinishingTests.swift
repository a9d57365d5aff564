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

/// A provider whose configuration waits for a fact, asked for by many steps at once.
@Suite struct ProviderFinishingTests {
    private static let text = """
        resource "echo_thing" "token" {}
        provider "echo" {
          alias = "late"
          token = echo_thing.token.id
        }
        resource "echo_thing" "user" { provider = echo.late }
        """

    /// The planner of an applied token, and what its provider was configured with, in order.
    private func planner(fails: Bool = false, _ seen: Notes) async throws -> (Planner, Plan) {
        let (configuration, diagnostics) = loadConfiguration(
            root: ".", sources: ModuleSources(files: ["main.tf": Array(Self.text.utf8)]), functions: NoFunctions())
        guard let configuration, !diagnostics.hasErrors else { throw DiagnosticError(diagnostics) }
        var echo = EchoProvider()
        echo.configured = { (value: Value) async throws(ProviderFailure) in
            let token = value["token"] ?? .null
            if token.isWhollyKnown, !token.isNull {
                // Everybody else gets a chance to ask meanwhile.
                for _ in 0..<50 { await Task.yield() }
                seen.append(token)
                if fails { throw ProviderFailure(.invalidConfiguration, summary: "Token refused", detail: "It is not known here.") }
            } else {
                seen.append(token)
            }
        }
        let planner = try Planner(
            inputs: PlanningInputs(
                configuration: configuration, variables: [:], base: PlanTests.empty, createdAt: 0, workingDirectory: "/"),
            catalog: EchoCatalog(provider: echo), functions: NoFunctions())
        let made = await planner.makePlan()
        let plan = try #require(made.plan, "\(made.diagnostics)")
        await planner.beginApplying(functions: NoFunctions())
        let vertex = try #require(
            plan.vertices.firstIndex { vertex in
                guard case .effect(.create, let change) = vertex.kind else { return false }
                return plan.changes[change].address.description == "echo_thing.token"
            })
        let change = try #require(plan.changes.first { $0.address.description == "echo_thing.token" })
        let attributes = try #require(change.after?.replacing(at: [.attribute("id")], with: .string("secret")))
        await planner.settle(
            vertex, object: StateObject(address: change.address, attributes: attributes, provider: change.provider))
        return (planner, plan)
    }

    private let late = ProviderConfigAddress(name: "echo", alias: "late")

    @Test func isConfiguredOnceHoweverManyAsk() async throws {
        let seen = Notes()
        let (planner, _) = try await planner(seen)
        let before = seen.values.count
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<20 { group.addTask { _ = try await planner.provider(for: late) } }
            try await group.waitForAll()
        }
        #expect(seen.values.dropFirst(before) == [.string("secret")])
        _ = try await planner.provider(for: late)
        #expect(seen.values.count == before + 1)
    }

    @Test func everybodyIsToldWhyItCouldNotBe() async throws {
        let seen = Notes()
        let (planner, _) = try await planner(fails: true, seen)
        let told = await withTaskGroup(of: [String].self) { group in
            for _ in 0..<20 {
                group.addTask {
                    do throws(DiagnosticError) {
                        _ = try await planner.provider(for: late)
                        return ["configured"]
                    } catch {
                        return error.diagnostics.map(\.summary)
                    }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(told == Array(repeating: ["Token refused"], count: 20))
        #expect(seen.values.filter { $0 == .string("secret") }.count == 1)
    }
}

/// Values noted in order.
private final class Notes: Sendable {
    private let noted = Mutex<[Value]>([])
    var values: [Value] { noted.withLock { $0 } }
    func append(_ value: Value) { noted.withLock { $0.append(value) } }
}
