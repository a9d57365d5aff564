import Diagnostics
import Evaluation
import HCLSyntax
import Values

/// Makes a script's template ready: refuses interpolations where a quoted word would mean something else, and notes before each
/// command which line of the manifest it stands on, so that a failure can name it.
struct ShellTemplateCheck {
    let file: String
    let report: ManifestReport
    let sensitive: SensitiveNames
    let fragments: [String: FragmentManifest]
    /// Line of the manifest.
    var line: Int
    private var context = ShellContext()
    /// Nothing of the current line has been passed but blanks.
    private var atLineStart = true
    /// The last line left its command unfinished (`&&`, `|`, a backslash).
    private var continues = false

    /// Words that cannot have a command before them.
    private static let continuing: Set<String> = ["then", "do", "else", "elif", "fi", "done", "esac", "in", "}", "{"]

    /// To find the lines again where directives have stripped line ends.
    private let sources: ManifestSources

    init(
        file: String, report: ManifestReport, sensitive: SensitiveNames, fragments: [String: FragmentManifest] = [:], line: Int,
        sources: ManifestSources
    ) {
        self.fragments = fragments
        self.sources = sources
        self.file = file
        self.report = report
        self.sensitive = sensitive
        self.line = line
    }

    mutating func prepared(_ parts: [TemplatePart]) -> [TemplatePart] {
        var result: [TemplatePart] = []
        for (index, part) in parts.enumerated() {
            switch part {
            case .literal(let text, let range): result.append(.literal(literal(text, range), range))
            case .interpolation(let expression) where Self.namesFragment(expression):
                result += included(expression, before: parts.dropFirst(index + 1).first)
            case .interpolation(let expression):
                check(expression)
                context.passWord()
                atLineStart = false
                result.append(part)
            case .conditional(let condition, let then, let otherwise, let range):
                var first = self
                let thenParts = first.prepared(then)
                var second = self
                second.line = first.line
                let otherwiseParts = second.prepared(otherwise)
                if first.context.frames != second.context.frames {
                    report.error(
                        "Invalid manifest", "The branches of this directive leave the script within different quotes.",
                        at: SourceSpan(file: file, range: range))
                }
                result.append(.conditional(condition: condition, then: thenParts, otherwise: otherwiseParts, range))
                self = second
            case .loop(let clause, let body, let range):
                let before = context.frames
                let bodyParts = prepared(body)
                if before != context.frames {
                    report.error(
                        "Invalid manifest", "What this directive repeats leaves the script within other quotes than it began in.",
                        at: SourceSpan(file: file, range: range))
                }
                result.append(.loop(clause, body: bodyParts, range))
            }
        }
        return result
    }

    private mutating func literal(_ text: String, _ range: SourceRange) -> String {
        var result = ""
        if let start = startLine(of: text, range) { line = start }
        var rest = Substring(text)
        while !rest.isEmpty {
            let end = rest.utf8.firstIndex(of: UInt8(ascii: "\n")).map { rest.utf8.index(after: $0) } ?? rest.endIndex
            let piece = rest[..<end]
            rest = rest[end...]
            if atLineStart, context.isTopLevel, !continues, takesMark(piece) { result += "_l=\(line);" }
            refuseTraps(piece)
            let wasTop = context.isTopLevel
            context.pass(String(piece))
            result += piece
            if piece.utf8.last == UInt8(ascii: "\n") {
                line += 1
                atLineStart = true
                let trimmed = piece.dropLast().reversed().drop { $0 == " " || $0 == "\t" }.prefix(2)
                let tail = String(trimmed.reversed())
                continues = wasTop ? tail.hasSuffix("|") || tail.hasSuffix("&&") || tail.hasSuffix("\\") : continues && !context.isTopLevel
            } else if piece.contains(where: { $0 != " " && $0 != "\t" }) {
                atLineStart = false
            }
        }
        return result
    }

    /// Line of the text's first character: `~}` before it has taken blanks and line ends away.
    private func startLine(of text: String, _ range: SourceRange) -> Int? {
        guard let bytes = sources.files[file], range.start < range.end, Int(range.end) <= bytes.count else { return nil }
        func blankLines(_ bytes: some Sequence<UInt8>) -> Int {
            var count = 0
            for byte in bytes {
                if byte == UInt8(ascii: "\n") { count += 1 } else if byte != 0x20 && byte != 0x09 && byte != 0x0D { break }
            }
            return count
        }
        let source = bytes[Int(range.start)..<Int(range.end)]
        return sources.lineNumber(of: range.start, in: file) + max(0, blankLines(source) - blankLines(text.utf8))
    }

    private func takesMark(_ line: Substring) -> Bool {
        let text = line.drop { $0 == " " || $0 == "\t" }
        guard let first = text.first, !first.isNewline else { return false }
        if "#)|&;".contains(first) { return false }
        // An assignment in front would hide the status that the line asks for.
        if line.contains("$?") { return false }
        let word = text.prefix { $0.isLetter || $0 == "{" || $0 == "}" }
        return !Self.continuing.contains(String(word))
    }

    private func refuseTraps(_ line: Substring) {
        let words = line.split { $0 == " " || $0 == "\t" || $0 == "\n" || $0 == ";" }
        if words.contains("trap"), words.contains("EXIT") || words.contains("0") {
            report.error(
                "Invalid manifest", "A script may not trap EXIT on line \(self.line): its result is reported there.",
                at: SourceSpan(file: file, range: .empty), hints: ["Use: at_exit 'rm -f \"$tmp\"'"])
        }
    }

    private func check(_ expression: Expression) {
        let span = SourceSpan(file: file, range: expression.range)
        switch ShellWord.landing(of: expression) {
        case .raw: return
        case .secret:
            refuse(at: span)
        case .word:
            refuse(at: span)
            refuseSensitive(expression)
        }
    }

    private func refuse(at span: SourceSpan) {
        guard let obstacle = context.obstacle else { return }
        report.error(
            "Invalid manifest", "An interpolation is a word of its own, already quoted; here it stands \(obstacle).", at: span,
            hints: ["Take the quotes away: write ${path}, not \"${path}\"."])
    }

    private func refuseSensitive(_ expression: Expression) {
        for name in sensitive.names(in: expression) {
            report.error(
                "Sensitive value in a script",
                "\"\(name)\" is sensitive: as a word of a script it could end in the process list of the host.",
                at: SourceSpan(file: file, range: expression.range),
                hints: [
                    "Give it to the script's standard input: stdin = \(name).",
                    "If only builtins of the shell see it, write ${secret(\(name))}.",
                ])
        }
    }

    // MARK: Fragments

    /// The text so far is whole commands: another could begin here.
    var isBetweenCommands: Bool { context.isTopLevel && !continues }

    private static func namesFragment(_ expression: Expression) -> Bool {
        traversals(in: expression).contains { $0.root.name == "fragment" }
    }

    /// The parts of the fragment that an interpolation names: commands, where commands can stand.
    private mutating func included(_ expression: Expression, before next: TemplatePart?) -> [TemplatePart] {
        func fault(_ detail: String, hints: [String] = []) -> [TemplatePart] {
            report.error("Invalid manifest", detail, at: SourceSpan(file: file, range: expression.range), hints: hints)
            return []
        }
        guard case .traversal(_, let steps) = expression.kind, steps.count == 1, case .attribute(let name) = steps[0] else {
            return fault("A fragment is included by its name alone: ${fragment.NAME}.")
        }
        guard let fragment = fragments[name.name] else {
            let known = fragments.keys.sorted { $0.precedesByBytes($1) }
            return fault(
                "There is no fragment \"\(name.name)\" that could be included here.\(known.isEmpty ? "" : " Known are: \(known.joined(separator: ", ")).")",
                hints: nearestName(name.name, among: known).map { ["Did you mean \"\($0)\"?"] } ?? [])
        }
        guard fragment.given.file == file else {
            return fault(
                "The fragment \"\(name.name)\" stands in \(fragment.given.file), and scripts include fragments of their own file: a failing line is shown from there."
            )
        }
        var endsLine = next == nil
        if case .literal(let text, _)? = next { endsLine = text.utf8.first == UInt8(ascii: "\n") }
        guard atLineStart, isBetweenCommands, endsLine else {
            return fault("A fragment is commands: it is included on a line of its own, outside of quotes, parentheses and case.")
        }
        for inner in Self.words(of: fragment.parts) { refuseSensitive(inner) }
        atLineStart = false
        return fragment.parts
    }

    /// What is put in as words.
    private static func words(of parts: [TemplatePart]) -> [Expression] {
        parts.flatMap { part -> [Expression] in
            switch part {
            case .literal: []
            case .interpolation(let expression):
                if case .word = ShellWord.landing(of: expression) { [expression] } else { [] }
            case .conditional(_, let then, let otherwise, _): words(of: then) + words(of: otherwise)
            case .loop(_, let body, _): words(of: body)
            }
        }
    }
}
