import Diagnostics
import Glibc
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

        func repeated(_ times: Int) -> Case {
            Case(
                testDescription,
                pieces.map { piece in
                    switch piece {
                    case .once: piece
                    case .many(let part, let count): .many(part, count * times)
                    }
                })
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

    /// Refused as soon as it is met: what follows is not looked at again for every level.
    @Test(arguments: deep)
    func refusalIsLinear(_ test: Case) {
        let small = test.bytes
        let large = test.repeated(8).bytes
        var ratios: [Double] = []
        for _ in 0..<5 {
            ratios.append(cpuTime { _ = parseFile(large, path: "main.tf") } / cpuTime { _ = parseFile(small, path: "main.tf") })
            if let ratio = ratios.last, ratio < 25 { return }
        }
        Issue.record("8 times the input took \(ratios) times as long")
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
        "a = \"x\n", "a = \"x\ny\n", "a = << EOT\n", "a = [\n", "a = f(\n", "a = \"${\"\n", "b {\n", "}\n", "a = 1 2\n", "/*\n", "\"",
        "a = <<E\n",
        "a = {\nb = [\n", "\u{00A0}", "x \"y {\n", "$", "\"$", "a = \"\\\n", "%{ if x }", "~", "a.*.0", "a = [)\n", "a = (((]\n",
        "a = [[[[\nb = 2\n", "a = {{{{ ]]\n", "x {\n a = [(\n", "a = \"${((]]\"\n",
        "a = [\nb \"c\" {\n",
    ])
    func linear(piece: String) {
        let small = Array(String(repeating: piece, count: 500).utf8)
        let large = Array(String(repeating: piece, count: 8_000).utf8)
        // Several attempts, since caches and other processes disturb even the time that the thread itself used.
        var ratios: [Double] = []
        for _ in 0..<5 {
            ratios.append(cpuTime { _ = parseFile(large, path: "main.tf") } / cpuTime { _ = parseFile(small, path: "main.tf") })
            if let ratio = ratios.last, ratio < 50 { return }
        }
        Issue.record("16 times the input took \(ratios) times as long")
    }

    /// Seconds of processor time that this thread spent.
    private func cpuTime(_ body: () -> Void) -> Double {
        func now() -> Double {
            var time = timespec()
            clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
            return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
        }
        let start = now()
        body()
        return max(now() - start, 1e-4)
    }
}
