import Diagnostics
import HCLSyntax
import Testing

/// A hostile file gives a diagnostic; it exhausts neither the stack nor the patience.
struct NestingTests {
    static let levels = 10_000

    enum Piece: Sendable {
        case once(String)
        case many(String, Int)
    }

    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let pieces: [Piece]

        init(_ name: String, _ pieces: [Piece]) {
            testDescription = name
            self.pieces = pieces
        }

        /// The case, and an argument that must be read whatever is before it.
        var bytes: [UInt8] {
            var text = ""
            for piece in pieces {
                switch piece {
                case .once(let part): text += part
                case .many(let part, let count): text += String(repeating: part, count: count)
                }
            }
            return Array((text + "\nz = 1\n").utf8)
        }
    }

    static let deep: [Case] = [
        Case("brackets", [.once("a = "), .many("[", levels)]),
        Case("closed brackets", [.once("a = "), .many("[", levels), .many("]", levels)]),
        Case("parentheses", [.once("a = "), .many("(", levels), .once("1"), .many(")", levels)]),
        Case("objects", [.once("a = "), .many("{a=", levels)]),
        Case("calls", [.once("a = "), .many("f(", levels)]),
        Case("indices", [.once("a = "), .many("x[", levels)]),
        Case("blocks", [.many("a {\n", levels)]),
        Case("blocks, closed", [.many("a {\n", levels), .many("}\n", levels)]),
        Case("strings", [.once("a = "), .many("\"${", levels)]),
        Case("for", [.once("a = "), .many("[for x in ", levels)]),
        Case("conditions", [.once("a = "), .many("x ? ", levels)]),
        Case("directives", [.once("a = \""), .many("%{ if x }", levels), .once("\"")]),
        Case("loops", [.once("a = \""), .many("%{ for x in y }", levels), .many("%{ endfor }", levels), .once("\"")]),
        Case("splats", [.once("a = x"), .many("[*]", levels)]),
    ]

    @Test(arguments: deep)
    func nested(_ test: Case) {
        let result = parseFile(test.bytes, path: "main.tf")
        #expect(result.diagnostics.first?.summary == "Nesting too deep")
        #expect(result.diagnostics.count == 1)
        expectCover(result.tree)
    }

    static let long: [Case] = [
        Case("sums", [.once("a = 1"), .many(" + 1", levels)]),
        Case("right-hand conditionals", [.once("a = "), .many("x ? 1 : ", levels), .once("2")]),
        Case("negations", [.once("a = "), .many("!", levels), .once("x")]),
        Case("indices", [.once("a = x"), .many("[y]", levels)]),
        Case("alternating splats", [.once("a = x"), .many(".*.y[0]", levels)]),
        Case("mixed", [.once("a = (1"), .many(" + 1", 600), .once(")"), .many(" + 1", 600)]),
    ]

    @Test(arguments: long)
    func chained(_ test: Case) {
        let result = parseFile(test.bytes, path: "main.tf")
        #expect(result.diagnostics.map(\.summary) == ["Expression too long"])
        #expect(result.tree.body.attribute("z") != nil)
    }

    static let readable: [Case] = [
        Case("sum", [.once("a = 1"), .many(" + 1", 900)]),
        Case("attributes", [.once("a = x"), .many(".y", levels)]),
        Case("indices", [.once("a = x"), .many("[0]", levels)]),
        Case("elements", [.once("a = ["), .many("1,", levels), .once("]")]),
        Case("brackets", [.once("a = "), .many("[", 150), .many("]", 150)]),
        Case("interpolations", [.once("a = \""), .many("${x}", levels), .once("\"")]),
        Case("conditionals", [.once("a = "), .many("x ? 1 : ", 900), .once("2")]),
    ]

    @Test(arguments: readable)
    func whatIsLongButNotDeepIsRead(_ test: Case) {
        #expect(parseFile(test.bytes, path: "main.tf").diagnostics.isEmpty)
    }

    /// Time grows with the length, not with its square: 16 times the input may take no more than some 50 times as long.
    @Test(arguments: [
        "a = \"x\n", "a = \"x\ny\n", "a = << EOT\n", "a = [\n", "a = f(\n", "a = \"${\"\n", "b {\n", "}\n", "a = 1 2\n", "/*\n", "\"", "a = <<E\n",
        "a = {\nb = [\n", "\u{00A0}", "x \"y {\n", "$", "\"$", "a = \"\\\n", "%{ if x }", "~", "a.*.0",
    ])
    func linear(piece: String) {
        func time(_ count: Int) -> Duration {
            let bytes = Array(String(repeating: piece, count: count).utf8)
            return (0..<2).map { _ in
                ContinuousClock().measure { expectCover(parseFile(bytes, path: "main.tf").tree) }
            }.min() ?? .zero
        }
        let small = time(500)
        let large = time(8_000)
        #expect(large < max(small * 60, .milliseconds(50)), "\(small) became \(large)")
    }
}
