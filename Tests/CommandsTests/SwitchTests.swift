import Testing

@testable import Commands

/// Switches as the reference takes them: with a value or without.
struct SwitchTests {
    @Test(arguments: [
        (["plan", "-json=true"], ["plan", "--json"]), (["plan", "-json=false"], ["plan"]),
        (["plan", "-refresh"], ["plan", "--refresh=true"]),
        (["plan", "-refresh=false"], ["plan", "--refresh=false"]), (["apply", "-auto-approve=T", "p"], ["apply", "--auto-approve", "p"]),
        (["workspace", "select", "-or-create", "b"], ["workspace", "select", "--or-create=true", "b"]),
        (["plan", "-json=maybe"], ["plan", "--json=maybe"]), (["plan", "-var", "json=true"], ["plan", "--var", "json=true"]),
        (["fmt", "--", "-json=false"], ["fmt", "--", "-json=false"]), (["plan", "-out=lock"], ["plan", "--out=lock"]),
    ])
    func settled(_ given: [String], _ expected: [String]) {
        #expect(CommandLineArguments.settlingSwitches(CommandLineArguments(given).arguments) == expected)
    }
}
