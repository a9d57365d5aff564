import Diagnostics
import HCLSyntax
import Testing

struct SmokeTests {
    @Test func parsesABlock() {
        let result = parseFile(Array("a = 1\nb \"x\" {\n  c = [1, 2]\n}\n".utf8), path: "main.tf")
        #expect(result.diagnostics.isEmpty)
        #expect(result.tree.body.blocks.count == 1)
    }
}
