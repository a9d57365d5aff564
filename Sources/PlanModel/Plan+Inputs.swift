import Values

extension Plan {
    /// How those of `kinds` differ now, in words: `main.tf has changed, more.tf is new`. Empty where they do not.
    public func inputsChanged(to now: [InputDigest], of kinds: Set<InputDigest.Kind> = [.configuration, .file, .provider]) -> String {
        func byName(_ inputs: [InputDigest]) -> [String: String] {
            Dictionary(
                inputs.filter { kinds.contains($0.kind) }.map { ($0.kind == .provider ? "provider \($0.name)" : $0.name, $0.digest) }
            ) {
                first, _ in first
            }
        }
        let (old, new) = (byName(inputs), byName(now))
        let names = Set(old.keys).union(new.keys).sorted { $0.precedesByBytes($1) }
        return names.compactMap { name in
            switch (old[name], new[name]) {
            case (let before?, let after?): before == after ? nil : "\(name) has changed"
            case (nil, _): "\(name) is new"
            case (_, nil): "\(name) is gone"
            }
        }.joined(separator: ", ")
    }
}
