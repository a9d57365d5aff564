import Testing

/// Commands that Ashlar does not have, and what two kinds on one host may not share, through the real program.
@Suite struct MissingCommandTests {
    @Test(arguments: [
        ("providers lock", "nothing to be locked"), ("state mv a b", "\"moved\" block"), ("state push f", "no command \"state push\" yet"),
    ])
    func aCommandOfTerraformIsToldFromAMistake(_ command: String, _ words: String) async throws {
        let work = try Workplace("")
        let (output, code) = try await work.run("ashlar \(command)")
        #expect(code == 1 && output.contains("Ashlar has no command") && output.contains(words), "\(output)")
    }

    @Test(arguments: [(80, false), (81, true)])
    func twoSitesOnOnePortOfAHostAreRefused(_ port: Int, _ isFine: Bool) async throws {
        let work = try Workplace(
            """
            resource "host" "a" { address = "127.0.0.1" }
            resource "web_server" "one" {
              host  = host.a
              sites = [{ name = "one" }]
            }
            resource "web_server" "two" {
              host  = host.a
              sites = [{ name = "two", port = \(port) }]
            }
            """)
        let (output, code) = try await work.run("ashlar plan")
        #expect((code == 0) == isFine, "\(output)")
        #expect((output.contains("host.a, TCP port 80") && output.contains("main.tf line 6")) != isFine, "\(output)")
    }
}
