import ConfigModel
import Crypto
import Values

/// One package that is there, and how it was chosen.
struct LockedPackage: Sendable, Hashable {
    /// Stands for the request, whose address may hold credentials and is not written down.
    var key: String
    /// For people, without credentials.
    var source: String
    var constraint: String
    /// Of a registry, as it writes it; empty otherwise.
    var version = ""
    /// The commit of a repository, the digest of an archive.
    var revision = ""
    /// Name of its directory within the folder of packages.
    var directory: String
    /// The folder in it that its registry names.
    var subdirectory = ""

    static func key(of request: PackageRequest) -> String {
        let text =
            switch request.origin {
            case .registry(let module):
                "registry \(module.host) \(module.namespace)/\(module.name)/\(module.provider) \(request.constraint)"
            case .remote(let package): "remote \(package.getter) \(package.url)"
            }
        return String(hexadecimal(SHA256.hash(data: Array(text.utf8))).prefix(32))
    }
}

/// `modules.json`: what was fetched for which request.
struct PackageLock: Sendable {
    var packages: [String: LockedPackage] = [:]

    static let formatVersion = 1

    /// Nil where the text is no such file, or one of a later version.
    init?(_ bytes: [UInt8]) {
        // Whatever is wrong with it, the packages are fetched again.
        guard let document = try? Value.parsingJSON(bytes), document["format_version"]?.intValue == Self.formatVersion,
            let entries = document["packages"]?.elements
        else { return nil }
        for entry in entries {
            guard let key = entry["key"]?.stringValue, let directory = entry["directory"]?.stringValue, Self.isName(directory) else {
                return nil
            }
            func text(_ name: String) -> String { entry[name]?.stringValue ?? "" }
            packages[key] = LockedPackage(
                key: key, source: text("source"), constraint: text("constraint"), version: text("version"), revision: text("revision"),
                directory: directory, subdirectory: cleanPath("/" + text("subdirectory")).dropFirst().description)
        }
    }

    init() {}

    /// Whether it is one part of a path, and can be of nothing outside.
    private static func isName(_ text: String) -> Bool { !text.isEmpty && !text.hasPrefix(".") && !text.contains("/") }

    /// In the order of sources, each package on a line, so that a difference is read easily.
    func text() throws(JSONError) -> String {
        var lines: [String] = []
        for package in packages.values.sorted(by: { ($0.source, $0.constraint, $0.key) < ($1.source, $1.constraint, $1.key) }) {
            var fields: [(String, Value)] = [
                ("source", .string(package.source)), ("directory", .string(package.directory)), ("key", .string(package.key)),
            ]
            for (name, value) in [
                ("constraint", package.constraint), ("version", package.version), ("revision", package.revision),
                ("subdirectory", package.subdirectory),
            ] where !value.isEmpty {
                fields.append((name, .string(value)))
            }
            lines.append("    " + (try Value.object(fields).jsonText()))
        }
        return "{\n  \"format_version\": \(Self.formatVersion),\n  \"packages\": [\n" + lines.joined(separator: ",\n") + "\n  ]\n}\n"
    }
}
