import Diagnostics
import Values

/// Objects and their differences, attribute by attribute.
struct ValuePrinter {
    enum Mark { case none, add, change, remove, replace, replaceFirst, read, forget }

    let paint: Paint
    let write: (String) -> Void
    /// Columns to the right of where a resource that is no kind's part stands.
    var shift = 0
    /// Whether long texts are cut: in plans, not where somebody asks for the value itself.
    var shortens = false

    func symbol(_ mark: Mark) -> String {
        switch mark {
        case .none: " "
        case .add: paint.green("+")
        case .change: paint.yellow("~")
        case .remove: paint.red("-")
        case .replace: paint.red("-") + "/" + paint.green("+")
        case .replaceFirst: paint.green("+") + "/" + paint.red("-")
        case .read: paint.cyan("<=")
        case .forget: "."
        }
    }

    func block(mark: Mark, title: String, before: Value?, after: Value?, replaced: [Path]) {
        let lead =
            switch mark {
            case .replace, .replaceFirst: ""
            case .read: " "
            default: "  "
            }
        let space = String(repeating: " ", count: shift)
        write("\(space)\(lead)\(symbol(mark)) \(title) {\n")
        members(before: before, after: after, indent: 6 + shift, replaced: replaced)
        write("\(space)    }\n")
    }

    func members(before: Value?, after: Value?, indent: Int, replaced: [Path], hidesAll: Bool = false) {
        let old = before?.entries ?? []
        let new = after?.entries ?? []
        var names = old.map(\.key)
        var seen = Set(names)
        for (key, _) in new where seen.insert(key).inserted { names.append(key) }
        names.sort { $0.precedesByBytes($1) }
        let left = Dictionary(old.map { ($0.key, $0.value) }) { first, _ in first }
        let right = Dictionary(new.map { ($0.key, $0.value) }) { first, _ in first }
        var hidden = 0
        var shown: [(String, Value?, Value?)] = []
        for name in names {
            // Null is as good as absent, but where that a name comes or goes is the whole change.
            let isNullShown = before != nil && after != nil && (left[name] == nil) != (right[name] == nil)
            let a = left[name].flatMap { $0.isNull && !isNullShown ? nil : $0 }
            let b = right[name].flatMap { $0.isNull && !isNullShown ? nil : $0 }
            if a == nil, b == nil { continue }
            // What names the object is shown though it stays.
            if a == b, before != nil, after != nil, hidesAll || (name != "id" && name != "name") {
                hidden += 1
                continue
            }
            shown.append((name, a, b))
        }
        let width = shown.map { displayWidth(key($0.0)) }.max() ?? 0
        for (name, a, b) in shown {
            let forces = replaced.contains { $0.steps.first == .attribute(name) }
            attribute(
                key(name), width: width, indent: indent, before: a, after: b, suffix: forces ? paint.red(" # forces replacement") : "")
        }
        if hidden > 0 {
            write(
                String(repeating: " ", count: indent + 2) + paint.dim("# (\(hidden) unchanged attribute\(hidden == 1 ? "" : "s") hidden)")
                    + "\n")
        }
    }

    func attribute(_ name: String, width: Int, indent: Int, before: Value?, after: Value?, suffix: String = "") {
        let pad = name + String(repeating: " ", count: max(0, width - displayWidth(name)))
        let space = String(repeating: " ", count: indent)
        switch (before, after) {
        case (nil, let after?):
            write("\(space)\(symbol(.add)) \(pad) = \(text(after, indent: indent + 2, mark: .add))\(suffix)\n")
        case (let before?, nil):
            write(
                "\(space)\(symbol(.remove)) \(pad) = \(text(before, indent: indent + 2, mark: .remove))\(before.isNull ? "" : " " + paint.dim("-> null"))\(suffix)\n"
            )
        case (let before?, let after?) where before == after:
            write("\(space)  \(pad) = \(text(after, indent: indent + 2))\(suffix)\n")
        case (let before?, let after?):
            write("\(space)\(symbol(.change)) \(pad) = ")
            difference(before, after, indent: indent + 2)
            write("\(suffix)\n")
        case (nil, nil): break
        }
    }
}
