import Testing
import Transport

@testable import SSHTransport

@Suite struct RunTests {
    @Test func outputErrorsAndStatus() async throws {
        let lab = try await TestLab.shared
        let transport = SSHHostTransport(trace: { print($0()) })
        let host = try lab.endpoint(1)
        let (status, output, errors) = try await transport.text("hostname; echo oops >&2; exit 7", on: host)
        #expect(status == 7)
        #expect(output == "h1\n")
        #expect(errors == "oops\n")
        await transport.close()
    }
}
