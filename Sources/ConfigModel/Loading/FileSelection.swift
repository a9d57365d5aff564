/// Which files of a directory make up its module.
struct FileSelection {
    /// In byte order of their names.
    var primary: [String] = []
    /// `override.tf` and `*_override.tf`, in byte order: merged into the primary files in that order.
    var overrides: [String] = []

    init(_ names: [String]) {
        for name in names.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) where !Self.isIgnored(name) {
            guard let ending = Self.endings.first(where: { name.hasSuffix($0) }) else { continue }
            let stem = name.dropLast(ending.count)
            if stem == "override" || stem.hasSuffix("_override") { overrides.append(name) } else { primary.append(name) }
        }
    }

    /// Of files in native and in JSON syntax.
    private static let endings = [".tf", ".tf.json"]

    /// Hidden files and what editors leave behind.
    static func isIgnored(_ name: String) -> Bool {
        name.hasPrefix(".") || name.hasSuffix("~") || (name.hasPrefix("#") && name.hasSuffix("#"))
    }
}
