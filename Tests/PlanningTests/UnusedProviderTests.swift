import Addresses
import Diagnostics
import PlanModel
import StateModel
import Synchronization
import Testing
import Values

@Suite struct UnusedProviderTests {
    /// A provider that nothing uses is not configured; one that something uses, or that has made something, is.
    @Test func whatNothingUsesIsNotConfigured() async throws {
        let configured = Mutex<[String]>([])
        var provider = EchoProvider()
        provider.configured = { value in configured.withLock { $0.append(value["token"]?.stringValue ?? "") } }
        let text = """
            provider "echo" {
              alias = "idle"
              token = "idle"
            }
            provider "echo" {
              alias = "busy"
              token = "busy"
            }
            provider "echo" {
              alias = "former"
              token = "former"
            }
            resource "echo_thing" "a" { provider = echo.busy }
            """
        _ = try await PlanTests().plan(text, provider: provider)
        #expect(configured.withLock { $0 } == ["busy"])
        configured.withLock { $0 = [] }
        var left = try PlanTests().thing("echo_thing.gone", [:])
        left.provider.alias = "former"
        _ = try await PlanTests().plan(text, base: PlanTests().base([left]), provider: provider)
        #expect(configured.withLock { $0.sorted() } == ["busy", "former"])
        await #expect(throws: DiagnosticError.self) { try await PlanTests().plan("provider \"ecco\" {}", provider: provider) }
    }
}
