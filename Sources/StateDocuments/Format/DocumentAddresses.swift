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
        let names = steps.flatMap { step in
            switch step {
            case .module(let name, _): [name]
            case .kind(let type, let name, _): [type.rawValue, name]
            }
        }
        guard names.allSatisfy(DocumentName.isPlain) else { return nil }
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

/// Names as a configuration can have them: they are shown, and stand in addresses.
enum DocumentName {
    static func isPlain(_ text: String) -> Bool {
        !text.isEmpty && text.unicodeScalars.allSatisfy { $0.properties.isIDContinue || $0 == "-" }
    }
}

/// Whatever a file says, as one line that moves no cursor.
func quoted(_ text: String) -> String {
    "\""
        + text.unicodeScalars.prefix(200).map {
            $0.properties.isIDContinue || $0.isASCII && $0.value > 31 && $0.value < 127 ? String($0) : $0.escaped(asASCII: true)
        }.joined() + "\""
}
