import Values

/// Where sensitive values are, as a document writes it.
enum DocumentPaths {
    /// What cannot be understood ends the path: more is kept secret then, not less.
    static func decode(_ value: Value) -> Path {
        var steps: [Path.Step] = []
        for step in value.elements ?? [] {
            switch (step["type"]?.stringValue, step["value"]) {
            case ("get_attr", let name?):
                guard let name = name.stringValue else { return Path(steps) }
                steps.append(.attribute(name))
            case ("index", let index?):
                let key = index["value"] ?? index
                if let number = key.intValue {
                    steps.append(.index(number))
                } else if let text = key.stringValue {
                    steps.append(.key(text))
                } else {
                    return Path(steps)
                }
            default: return Path(steps)
            }
        }
        return Path(steps)
    }
}
