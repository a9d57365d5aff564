import Diagnostics

/// `-compact-warnings`: a line for each kind of warning, where there is nothing worse.
func compactText(of warnings: [Diagnostic], _ sources: SourceMap) -> String {
    var order: [String] = []
    var groups: [String: [Diagnostic]] = [:]
    for warning in warnings {
        // Which check failed is what matters of it.
        let key = warning.summary == "Check block assertion failed" ? "\(warning.summary)\u{1F}\(order.count)" : warning.summary
        if groups[key] == nil { order.append(key) }
        groups[key, default: []].append(warning)
    }
    var text = "\nWarnings:\n\n"
    for key in order {
        let group = groups[key] ?? []
        let summary = group.first?.summary ?? ""
        text += "- \(summary)\n"
        if let place = group.first?.subject {
            let line = sources.position(of: place).map { " line \($0.line)" } ?? ""
            text += "  on \(place.file)\(line)" + (group.count > 1 ? " (and \(group.count - 1) more)" : "") + "\n"
        }
    }
    return text + "\nTo see the full warning notes, run Ashlar without -compact-warnings.\n"
}
