extension [Diagnostic] {
    /// For people: of diagnostics that say the same of many instances of one resource, the first, which names the others.
    public func withoutRepetitions() -> [Diagnostic] {
        var places: [Diagnostic: Int] = [:]
        var result: [Diagnostic] = []
        var others: [[Int]] = []
        for (index, diagnostic) in enumerated() {
            let likeness = diagnostic.withoutInstance
            if diagnostic.address != nil, diagnostic.subject != nil, let place = places[likeness] {
                others[place].append(index)
            } else {
                places[likeness] = result.count
                result.append(diagnostic)
                others.append([])
            }
        }
        // Two or three are all told: nothing is gained by hiding them.
        guard others.contains(where: { $0.count > 2 }) else { return self }
        return zip(result, others).flatMap { first, others in
            if others.count <= 2 { return [first] + others.map { self[$0] } }
            var told = first
            let names = others.prefix(3).compactMap { self[$0].address }.joined(separator: ", ")
            let more = others.count > 3 ? " and \(others.count - 3) more" : ""
            told.detail += "\(first.detail.isEmpty ? "" : "\n")The same holds for \(others.count) others: \(names)\(more)."
            return [told]
        }
    }
}

extension Diagnostic {
    /// Without what tells one instance from another.
    fileprivate var withoutInstance: Diagnostic {
        var copy = self
        copy.address = nil
        copy.references = []
        if let address { copy.detail = detail.split(separator: address, omittingEmptySubsequences: false).joined(separator: "\u{0}") }
        return copy
    }
}
