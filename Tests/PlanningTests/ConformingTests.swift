import Addresses
import Diagnostics
import PlanModel
import Planning
import ProviderKit
import StateModel
import Testing
import Values

/// What a step turns out to be is what was approved, or it is not done.
@Suite struct ConformingTests {
    private static let text = """
        resource "echo_thing" "a" { input = { z = 1 } }
        resource "echo_thing" "given" { input = echo_thing.a.id }
        resource "echo_thing" "prefixed" { input = { text = "p-${echo_thing.a.id}" } }
        resource "echo_thing" "decided" { input = echo_thing.a.id == null ? "none" : "one" }
        resource "echo_thing" "listed" { input = [echo_thing.a.output, "x"] }
        """

    private func refusal(_ address: String, _ run: Finishing) async -> String? {
        do throws(DiagnosticError) {
            _ = try await run.complete(address)
            return nil
        } catch {
            return error.diagnostics.map { "\($0.summary): \($0.detail)" }.joined()
        }
    }

    @Test func whatIsWithinThePromiseIsDone() async throws {
        let run = try await Finishing(Self.text)
        try await run.done("echo_thing.a", output: .null)
        for address in ["given", "prefixed", "decided", "listed"] {
            #expect(await refusal("echo_thing.\(address)", run) == nil, "\(address)")
        }
    }

    /// The plan was made on the provider's word that there would be an id.
    @Test func nullWhereAValueWasPromisedIsRefused() async throws {
        let run = try await Finishing(Self.text)
        #expect(run.plan.changes.first { $0.address.description == "echo_thing.decided" }?.after?["input"] == .string("one"))
        try await run.done("echo_thing.a", id: .null(.string))
        #expect(
            await refusal("echo_thing.given", run)
                == "Step differs from the plan: echo_thing.given is not done, because it would not be what the plan showed. input was planned to have a value, and now is null."
        )
    }
}
