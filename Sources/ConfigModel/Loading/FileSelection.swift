/// Which files of a directory make up its module.
struct FileSelection {
    /// In byte order of their names.
    var primary: [String] = []
    /// `override.tf` and `*_override.tf`, in byte order: merged into the primary files in that order.
    var overrides: [String] = []
    /// Configuration in JSON syntax.
    var json: [String] = []

    init(_ names: [String]) {
        for name in names.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) where !Self.isIgnored(name) {
            if name.hasSuffix(".tf.json") {
                json.append(name)
            } else if name.hasSuffix(".tf") {
                let stem = name.dropLast(3)
                if stem == "override" || stem.hasSuffix("_override") { overrides.append(name) } else { primary.append(name) }
            }
        }
    }

    /// Hidden files and what editors leave behind.
    static func isIgnored(_ name: String) -> Bool {
        name.hasPrefix(".") || name.hasSuffix("~") || (name.hasPrefix("#") && name.hasSuffix("#"))
    }
}
