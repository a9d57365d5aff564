import ConfigModel
import Diagnostics
import Evaluation
import Foundation
import HCLSyntax
import Values

/// Tokens for hosts of registries, from where Terraform's users have them: `TF_TOKEN_…`, the CLI configuration, and what `login` has written.
struct ModuleCredentials: Sendable {
    private var tokens: [String: String] = [:]
    /// What could not be read of the files.
    private(set) var diagnostics: [Diagnostic] = []
    private(set) var sources = SourceMap()

    init(environment: [String: String], homeDirectory: String, read: (String) throws -> [UInt8]?) {
        // Later ones win.
        take(homeDirectory + "/.terraform.d/credentials.tfrc.json", isJSON: true, read)
        take(environment["TF_CLI_CONFIG_FILE"] ?? homeDirectory + "/.terraformrc", isJSON: false, read)
        for (name, token) in environment.sorted(by: { $0.key < $1.key }) where name.hasPrefix("TF_TOKEN_") && !token.isEmpty {
            tokens[Self.host(inVariable: name.dropFirst("TF_TOKEN_".count))] = token
        }
    }

    func token(for host: String) -> String? { tokens[host] }

    /// Dots are written as underscores, dashes as two of them or as they are.
    static func host(inVariable name: some StringProtocol) -> String {
        String(name).replacingOccurrences(of: "__", with: "-").replacingOccurrences(of: "_", with: ".").lowercased()
    }

    private mutating func take(_ path: String, isJSON: Bool, _ read: (String) throws -> [UInt8]?) {
        do {
            guard let bytes = try read(path) else { return }
            if isJSON { try takeJSON(bytes) } else { takeNative(bytes, path) }
        } catch {
            diagnostics.append(
                .warning(
                    "Unable to open CLI configuration file", "\(path), which may hold tokens of registries, could not be read: \(error)."))
        }
    }

    private mutating func takeJSON(_ bytes: [UInt8]) throws(JSONError) {
        for (host, entry) in try Value.parsingJSON(bytes)["credentials"]?.entries ?? [] {
            if let token = entry["token"]?.stringValue { tokens[host.lowercased()] = token }
        }
    }

    /// Blocks `credentials "HOST" { token = "…" }`; everything else in the file is for others.
    private mutating func takeNative(_ bytes: [UInt8], _ path: String) {
        let parsed = parseFile(bytes, path: path)
        if parsed.diagnostics.hasErrors {
            // No excerpt: there are secrets in it.
            diagnostics.append(
                .warning("Unable to open CLI configuration file", "\(path), which may hold tokens of registries, has faults in its syntax.")
            )
            return
        }
        for block in parsed.tree.body.blocks where block.type.name == "credentials" {
            guard let host = block.labels.first?.name.lowercased(), let token = block.body.attribute("token") else { continue }
            // A token that is computed is none of ours.
            if let text = try? constantValue(of: LocatedExpression(token.expression, file: path)).stringValue { tokens[host] = text }
        }
    }
}
