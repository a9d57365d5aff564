import Diagnostics
import Evaluation
import HCLSyntax

/// Native syntax: no byte is lost, places are in the file, what the formatter makes of a file is one, and it comes to rest.
struct SyntaxTarget: FuzzTarget {
    let dictionary = [
        "\"", "${", "%{", "}", "{", "[", "]", "(", ")", "<<E\n", "<<-E\n", "E\n", "\n", "\\", "\\u00e9", "\\U0001F600", "$", "$${", "%%{",
        "~}", "${~",
        "for ", "in ", "if ", ".", "*", "[*]", ".*", "=", "==", "!", "-", "é", "日", "/*", "*/", "//", "#", "a", "0", "1e9", "0.5", "endif",
        "else",
        "endfor", "::", "...", "=>", "?", ":", ",", "null", "true", "resource \"a\" \"b\" {\n", "dynamic \"x\" {\n", "a = ", "  ", "\t",
    ]

    func run(_ bytes: [UInt8]) -> String? {
        let result = parseFile(bytes, path: "fuzz.tf")
        var position: UInt32 = 0
        for token in result.tree.tokens {
            if token.range.start != position { return "a gap at \(position)" }
            position = token.range.end
        }
        if Int(position) != bytes.count { return "bytes are lost behind \(position)" }
        if let fault = misplaced(result.diagnostics, bytes.count) { return fault }
        _ = traversals(in: result.tree.body)
        _ = parseExpression(bytes, path: "-")
        let once = formatted(bytes, path: "fuzz.tf")
        if once.diagnostics.hasErrors { return once.tree == bytes ? nil : "a faulty file was formatted" }
        // The reference takes one level of "${"${a}"}" away at a time: it comes to rest, but not at once.
        var last = once.tree
        for _ in 0...200 {
            let next = formatted(last, path: "fuzz.tf")
            // "1e9 .0" becomes "1e9.0", and "x.* .0 .0" "x.*.0.0", as in the reference.
            let ofIndices = ["Invalid number literal", "Invalid legacy index syntax"]
            if next.diagnostics.hasErrors, next.diagnostics.allSatisfy({ ofIndices.contains($0.summary) }) { return nil }
            if next.diagnostics.hasErrors { return "formatting made a fault: \(next.diagnostics.map(\.summary))" }
            if next.tree == last { return nil }
            last = next.tree
        }
        return "formatting changes it again and again"
    }
}

/// A place that is in no file.
func misplaced(_ diagnostics: [Diagnostic], _ size: Int) -> String? {
    for diagnostic in diagnostics {
        guard let range = diagnostic.subject?.range else { continue }
        if range.start > range.end || Int(range.end) > size { return "\(diagnostic.summary) at \(range), in \(size) bytes" }
    }
    return nil
}
