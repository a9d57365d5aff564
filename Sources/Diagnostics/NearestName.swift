/// The one of `candidates` that is closest to `given`, if it is close enough to be a slip of the pen:
/// fewer than three insertions, deletions or replacements. Ties go to the first candidate.
/// A name of which nothing would remain is not near, so that `a` does not suggest `id`. Where none is, the only one of which `given` is the
/// first words will do: `cidr` suggests `cidr_block`.
public func nearestName(_ given: String, among candidates: some Sequence<String>) -> String? {
    let wanted = Array(given.unicodeScalars)
    var best: String?
    var bestDistance = 3
    for candidate in candidates {
        let other = Array(candidate.unicodeScalars)
        guard abs(other.count - wanted.count) < bestDistance else { continue }
        let distance = editDistance(wanted, other, limit: bestDistance)
        if distance < bestDistance, distance < wanted.count || distance == 0 {
            best = candidate
            bestDistance = distance
            if distance == 0 { break }
        }
    }
    if best != nil || wanted.count < 3 { return best }
    let longer = candidates.filter { $0.hasPrefix(given + "_") }
    return longer.count == 1 ? longer[0] : nil
}

/// Levenshtein distance of `left` and `right`, or `limit` if it is not smaller.
private func editDistance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar], limit: Int) -> Int {
    var row = Array(0...right.count)
    for (i, scalar) in left.enumerated() {
        var diagonal = row[0]
        row[0] = i + 1
        var smallest = row[0]
        for j in right.indices {
            let replaced = diagonal + (right[j] == scalar ? 0 : 1)
            diagonal = row[j + 1]
            row[j + 1] = min(replaced, diagonal + 1, row[j] + 1)
            smallest = min(smallest, row[j + 1])
        }
        if smallest >= limit { return limit }
    }
    return min(limit, row[right.count])
}
