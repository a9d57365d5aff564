import Addresses
import Values

extension ModulePath {
    /// A module instance as a document names it. Kinds' instances look like modules there: what they are, the record beside them says.
    init?(document text: String) {
        if text.isEmpty {
            self = .root
            return
        }
        // A resource behind it makes it an address, of which there is a reader.
        guard let instance = AddressPattern(text + ".a.b")?.instance else { return nil }
        self = instance.module
    }
}

/// `module.a.provider["registry.terraform.io/hashicorp/aws"].west`
struct DocumentProvider {
    var module: ModuleCallPath
    var source: String
    var alias: String?

    init(module: ModuleCallPath, source: String, alias: String?) {
        self.module = module
        self.source = source
        self.alias = alias
    }

    init?(_ text: String) {
        guard let start = text.firstRange(of: "provider[\"") else { return nil }
        let before = text[..<start.lowerBound]
        let rest = text[start.upperBound...]
        guard let end = rest.firstRange(of: "\"]") else { return nil }
        source = String(rest[..<end.lowerBound])
        let after = rest[end.upperBound...]
        // OpenTofu's keys of provider instances stand behind the alias; the record beside has them.
        alias = after.hasPrefix(".") ? String(after.dropFirst().prefix { $0 != "[" }) : nil
        guard let path = ModulePath(document: before.hasSuffix(".") ? String(before.dropLast()) : String(before)) else { return nil }
        module = path.call
    }

    var description: String {
        (module.isRoot ? "" : "\(module.publishedDescription).") + "provider[\"\(source)\"]" + (alias.map { ".\($0)" } ?? "")
    }
}
