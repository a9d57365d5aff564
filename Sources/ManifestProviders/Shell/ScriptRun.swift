import Values

/// One piece of a script for a host: a step of an object's recipe, or facts for a type. A script is units in order.
struct ScriptUnit: Sendable {
    enum Form: Sendable {
        case step(input: String?)
        case facts
    }

    var form: Form
    /// The manifest it comes from, for messages.
    var file: String
    var text: String
    /// Seconds.
    var timeout: Double
    /// Of a create: what it remembers, and that it has begun, is kept on the host under this name until it is recorded.
    var intent: String?
}

/// What a unit said.
struct UnitResult: Sendable {
    var emitted: [String: String] = [:]
    var notes = PrivateNotes()
    var isGone = false
    var hasChanged = false
    /// Output of a facts script.
    var facts: String?
    /// Line of the manifest that failed.
    var line: Int?
    var status = 0
}

/// A script of several units, and what comes back of it.
struct ScriptRun {
    let token: String
    let text: String
    private var parser: FrameParser
    private var current: Int?
    private var result = UnitResult()
    private let count: Int
    /// Files of scripts that wait for a new connection, not yet taken.
    private var confirmations: [String] = []

    /// - Parameters:
    ///   - stopsAtFailure: whether units after one that failed are not run.
    ///   - owner: whose keepsakes are left on the host.
    ///   - sweeps: whether those of the owner's earlier runs go.
    init(_ units: [ScriptUnit], stopsAtFailure: Bool, owner: KeepsakeOwner, sweeps: Bool = false, token: String = Prelude.randomToken()) {
        self.token = token
        count = units.count
        parser = FrameParser(token: token)
        var text = Prelude.text(token: token, owner: owner)
        if sweeps { text += Prelude.sweeping(of: owner) }
        for (index, unit) in units.enumerated() {
            text += "_mark \(index) \(ShellWord.quoted(unit.intent ?? ""))\n"
            switch unit.form {
            case .step(let input): text += Prelude.isolated(unit.text, input: input)
            case .facts: text += Prelude.captured(unit.text)
            }
            // With the last unit of a create that went well it is made, whether or not it has said that it changes something.
            let next = units.indices.contains(index + 1) ? units[index + 1].intent : nil
            if let intent = unit.intent, intent != next { text += "[ \"$_s\" != 0 ] || _note\n" }
            text += "_frame x \"$_s\" ''\n"
            if stopsAtFailure { text += "[ \"$_s\" = 0 ] || exit 1\n" }
        }
        self.text = text + "exit 0\n"
    }

    /// A unit that has begun and not ended.
    var underWay: Int? { current }

    /// Units that ended with these bytes.
    mutating func receive(_ bytes: [UInt8]) -> [(index: Int, result: UnitResult)] {
        var ended: [(index: Int, result: UnitResult)] = []
        for frame in parser.parse(bytes) {
            if frame.kind == .begin {
                guard let index = Int(frame.name), index >= 0, index < count else { continue }
                current = index
                result = UnitResult()
                continue
            }
            guard let index = current else { continue }
            switch frame.kind {
            case .begin: break
            case .emitted: result.emitted[frame.name] = String(decoding: frame.value, as: UTF8.self)
            case .emittedFile: result.emitted[frame.name] = decodedBase64(frame.value).map { String(decoding: $0, as: UTF8.self) } ?? ""
            case .remembered: result.notes.facts[frame.name] = String(decoding: frame.value, as: UTF8.self)
            case .rememberedFile:
                result.notes.files[frame.name] = String(decoding: frame.value.filter { $0 != 0x0A && $0 != 0x0D }, as: UTF8.self)
            case .gone: result.isGone = true
            case .changed: result.hasChanged = true
            case .unchanged: result.hasChanged = false
            case .facts: result.facts = String(decoding: frame.value, as: UTF8.self)
            case .line: result.line = Int(String(decoding: frame.value, as: UTF8.self))
            case .confirm: confirmations.append(frame.name)
            case .end:
                result.status = Int(frame.name) ?? 255
                ended.append((index, result))
                current = nil
            }
        }
        return ended
    }

    /// Scripts that wait for a new connection since this was asked last.
    mutating func takeConfirmations() -> [String] {
        defer { confirmations = [] }
        return confirmations
    }

    /// What a unit wrote to standard error: the last lines of it.
    func errorLines(of index: Int, in output: [UInt8], limit: Int = 8) -> [String] {
        let lines = String(decoding: output, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: true)
        let start = lines.lastIndex { $0 == "\(token) \(index)" }
        let next = lines[(start.map { $0 + 1 } ?? 0)...].firstIndex { $0.hasPrefix(token + " ") } ?? lines.endIndex
        return lines[(start.map { $0 + 1 } ?? 0)..<next].suffix(limit).map(String.init)
    }
}
