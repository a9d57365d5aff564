import ConfigModel
import Diagnostics
import Evaluation
import Testing

struct SmokeTests {
    @Test func aSmallConfigurationLoads() {
        let text = "variable \"a\" {\n  default = 1\n}\nresource \"terraform_data\" \"x\" {\n  input = var.a\n}\n"
        let (configuration, diagnostics) = loadConfiguration(
            root: ".", sources: ModuleSources(files: ["main.tf": Array(text.utf8)]), functions: NoFunctions())
        #expect(diagnostics.isEmpty)
        #expect(configuration?.modules.first?.resources.first?.references.map(\.subject) == [.variable("a")])
    }
}
