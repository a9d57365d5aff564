import Diagnostics
import HCLSyntax
import Testing

/// Mutations of what is in the case files. The parser must end, keep every byte, and say something about what it does not read.
struct FuzzTests {
    /// A small generator with a seed, so that a failure can be repeated.
    struct Random: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var z = state
            z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
            return z ^ (z >> 31)
        }
    }

    static let seeds: [[UInt8]] = {
        var seeds = SnippetTests.snippets.map(\.bytes)
        for shape in ExpressionTests.shapes { seeds.append(Array("v = \(shape.0)\n".utf8)) }
        for template in CaseFile.load("templates.json", as: TemplateCase.self) { seeds.append(Array("v = \(template.source)\n".utf8)) }
        return seeds
    }()

    static let pieces: [[UInt8]] = {
        let texts: [String] = [
            "\"", "${", "%{", "}", "{", "[", "]", "(", ")", "<<E\n", "E\n", "\n", "\r\n", "\\", "$", "~}", "for ", "if ", ".", "*", "=",
            "\u{FEFF}",
            "é", "/*", "*/", "#", "a", "0", "e", "endif", "::", "...", "=>", "?", ":",
        ]
        var pieces: [[UInt8]] = [[0xFF], [0xC3], [0x00], [0xE2, 0x80]]
        for text in texts { pieces.append(Array(text.utf8)) }
        return pieces
    }()

    private func mutated(_ random: inout Random) -> [UInt8] {
        var bytes = Self.seeds.randomElement(using: &random) ?? []
        for _ in 0..<Int.random(in: 1...6, using: &random) {
            let place = Int.random(in: 0...bytes.count, using: &random)
            switch Int.random(in: 0..<5, using: &random) {
            case 0: bytes.insert(contentsOf: Self.pieces.randomElement(using: &random) ?? [], at: place)
            case 1 where place < bytes.count: bytes.remove(at: place)
            case 2 where place < bytes.count: bytes[place] = UInt8.random(in: 0...255, using: &random)
            case 3: bytes.removeSubrange(place..<min(bytes.count, place + Int.random(in: 0...8, using: &random)))
            default:
                let other = Self.seeds.randomElement(using: &random) ?? []
                bytes.insert(contentsOf: other.prefix(Int.random(in: 0...other.count, using: &random)), at: place)
            }
        }
        return bytes
    }

    @Test func mutationsEndAndKeepEveryByte() {
        var random = Random(state: 2024)
        let end = ContinuousClock.now + .milliseconds(1_500)
        var count = 0
        while ContinuousClock.now < end {
            let bytes = mutated(&random)
            let result = parseFile(bytes, path: "fuzz.tf")
            var position: UInt32 = 0
            for token in result.tree.tokens {
                if token.range.start != position { Issue.record("gap at \(position) in \(bytes)") }
                position = token.range.end
            }
            if Int(position) != bytes.count { Issue.record("bytes lost of \(bytes)") }
            for diagnostic in result.diagnostics {
                let range = diagnostic.subject?.range ?? SourceRange(start: .max, end: 0)
                if range.start > range.end || Int(range.end) > bytes.count { Issue.record("place beyond the file in \(bytes)") }
            }
            if result.diagnostics.isEmpty { checkAgain(result.tree, bytes) }
            _ = formatted(bytes)
            _ = parseTemplate(bytes, path: "fuzz.tftpl")
            _ = parseExpression(bytes, path: "-")
            count += 1
        }
        #expect(count > 100)
    }

    /// A file without errors has no `.invalid` in it, and is within its places.
    private func checkAgain(_ file: SourceFile, _ bytes: [UInt8]) {
        if Outline.of(file.body).contains("(invalid)") { Issue.record("an error was not reported in \(bytes)") }
    }
}
