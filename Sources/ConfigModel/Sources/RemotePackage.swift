/// A package that is fetched whole from an address: a repository, an archive, a folder.
public struct RemotePackage: Sendable, Hashable, CustomStringConvertible {
    /// What fetches it: `git`, `http`, `https`, `file`, or a word that nothing answers to.
    public let getter: String
    /// Without the getter in front. May hold credentials: `description` does not.
    public let url: String

    public init(getter: String, url: String) {
        self.getter = getter
        self.url = url
    }

    /// The package that an address names, and the folder in it that `//` or its short form names.
    public static func taken(apart address: String) throws(ModuleAddress.Fault) -> (package: RemotePackage, subdirectory: String) {
        let (package, subdirectory) = try ModuleAddress.splitSubdirectory(address)
        let (remote, inner) = try detect(package)
        return (remote, [inner, subdirectory].filter { !$0.isEmpty }.joined(separator: "/"))
    }

    /// The package that an address without a folder names, and the folder that its short form implies.
    ///
    /// Short forms are those of hosts of repositories; everything else must be a URL or an absolute path.
    static func detect(_ text: String) throws(ModuleAddress.Fault) -> (RemotePackage, subdirectory: String) {
        let (forced, rest) = splitGetter(text)
        if let scheme = scheme(of: rest) { return (RemotePackage(getter: forced ?? scheme, url: rest), "") }
        if let found = try github(rest) { return (RemotePackage(getter: forced ?? "git", url: found.url), found.subdirectory) }
        if let url = secureShell(rest) { return (RemotePackage(getter: forced ?? "git", url: url), "") }
        if rest.hasPrefix("bitbucket.org/") {
            guard let found = repository(rest) else { throw .init("Bitbucket is addressed as bitbucket.org/OWNER/REPOSITORY") }
            return (RemotePackage(getter: forced ?? "git", url: found.url), found.subdirectory)
        }
        if rest.hasPrefix("www.googleapis.com/") { return (RemotePackage(getter: forced ?? "gcs", url: "https://\(rest)"), "") }
        if rest.contains(".amazonaws.com/") { return (RemotePackage(getter: forced ?? "s3", url: "https://\(rest)"), "") }
        if rest.hasPrefix("/") { return (RemotePackage(getter: forced ?? "file", url: "file://\(rest)"), "") }
        throw .init("\"\(text)\" is no source that modules can be fetched from")
    }

    /// `git::https://…`: what is in front of the colons, and the rest.
    private static func splitGetter(_ text: String) -> (forced: String?, rest: String) {
        guard let colons = text.firstRange(of: "::") else { return (nil, text) }
        let word = text[..<colons.lowerBound]
        guard !word.isEmpty, word.utf8.allSatisfy({ ("0"..."9").contains(Character(UnicodeScalar($0))) || $0.isASCIILetter }) else {
            return (nil, text)
        }
        return (String(word), String(text[colons.upperBound...]))
    }

    /// In lower case; nil where the text does not begin with one.
    static func scheme(of text: String) -> String? {
        guard let colon = text.firstIndex(of: ":"), let first = text.utf8.first, first.isASCIILetter else { return nil }
        let scheme = text[..<colon]
        let others: [UInt8] = Array("+-.0123456789".utf8)
        guard scheme.utf8.allSatisfy({ $0.isASCIILetter || others.contains($0) }) else { return nil }
        return scheme.lowercased()
    }

    private static func github(_ text: String) throws(ModuleAddress.Fault) -> (url: String, subdirectory: String)? {
        guard text.hasPrefix("github.com/") else { return nil }
        guard let found = repository(text) else { throw .init("GitHub is addressed as github.com/OWNER/REPOSITORY") }
        return found
    }

    /// `HOST/OWNER/REPOSITORY/FOLDER?QUERY`.
    private static func repository(_ text: String) -> (url: String, subdirectory: String)? {
        let query = text.firstIndex(of: "?") ?? text.endIndex
        let parts = text[..<query].split(separator: "/")
        guard parts.count >= 3 else { return nil }
        let name = parts[2].hasSuffix(".git") ? String(parts[2]) : "\(parts[2]).git"
        return ("https://\(parts[0])/\(parts[1])/\(name)\(text[query...])", parts.dropFirst(3).joined(separator: "/"))
    }

    /// `git@HOST:PATH`, for that user alone: with another it could be anything.
    private static func secureShell(_ text: String) -> String? {
        guard text.hasPrefix("git@"), let colon = text.firstIndex(of: ":") else { return nil }
        let path = text[text.index(after: colon)...]
        return "ssh://\(text[..<colon])/\(path.hasPrefix("/") ? path.dropFirst() : path)"
    }

    /// For people: without credentials, with the getter where it is not the URL's scheme.
    public var description: String {
        let shown = Self.withoutCredentials(url)
        return Self.scheme(of: url) == getter ? shown : "\(getter)::\(shown)"
    }

    /// The URL with its user's password and the values of its query that may be secrets left out.
    public static func withoutCredentials(_ url: String) -> String {
        var result = url
        if let authority = result.firstRange(of: "://")?.upperBound {
            let end = result[authority...].firstIndex { $0 == "/" || $0 == "?" || $0 == "#" } ?? result.endIndex
            if let at = result[authority..<end].lastIndex(of: "@") {
                // A user alone names an account; with a password, or as a token over HTTP, it is a secret.
                let user = result[authority..<at]
                if user.contains(":") || !result.hasPrefix("ssh:") { result.replaceSubrange(authority..<at, with: "…") }
            }
        }
        guard let question = result.firstIndex(of: "?") else { return result }
        let shown = ["ref", "depth", "archive", "checksum", "terraform-get"]
        let query = result[result.index(after: question)...].split(separator: "&").map { pair -> String in
            let name = pair.prefix { $0 != "=" }
            return shown.contains(String(name)) ? String(pair) : "\(name)=…"
        }
        return result[...question] + query.joined(separator: "&")
    }
}

extension UInt8 {
    fileprivate var isASCIILetter: Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self | 0x20) }
}
