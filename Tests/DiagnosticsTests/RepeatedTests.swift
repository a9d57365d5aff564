import Diagnostics
import Testing

@Suite struct RepeatedTests {
    private let span = SourceSpan(file: "main.tf", range: SourceRange(start: 0, end: 4))

    private func fault(_ index: Int, _ detail: String = "Not so.") -> Diagnostic {
        .error("Wrong", "While making a.b[\(index)]: \(detail)", at: span, address: "a.b[\(index)]")
    }

    @Test func manyOfOneResourceAreOne() {
        let told = ((0..<30).map { fault($0) } + [.error("Other")]).withoutRepetitions()
        #expect(told.count == 2)
        #expect(told[0].detail == "While making a.b[0]: Not so.\nThe same holds for 29 others: a.b[1], a.b[2], a.b[3] and 26 more.")
        #expect(told[0].address == "a.b[0]" && told[1].summary == "Other")
    }

    @Test func threeAreAllTold() {
        let few = (0..<3).map { fault($0) }
        #expect(few.withoutRepetitions() == few)
    }

    @Test func whatDiffersIsTold() {
        let unlike = (0..<9).map { fault($0, "Not \($0).") }
        #expect(unlike.withoutRepetitions() == unlike)
    }
}
