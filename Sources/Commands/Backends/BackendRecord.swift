import Diagnostics
import Engine
import Foundation
import Values

/// What `init` has settled: which backend with which settings, and which block it was made of. In `backend.json` of the data folder, its owner's alone, since
/// settings may be secret.
struct BackendRecord: Equatable {
    var settings: BackendSettings
    /// What the block alone says: where it says something else later, `init` is to be run again.
    var block: BackendSettings

    private static let name = "backend.json"

    init(settings: BackendSettings, block: BackendSettings) {
        self.settings = settings
        self.block = block
    }

    /// Nil where nothing was initialized.
    init?(in folder: DataFolder) throws(DiagnosticError) {
        let path = "\(folder.path)/\(Self.name)"
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        let fault = DiagnosticError(
            .error(
                "Backend configuration cannot be read", "\(folder.name)/\(Self.name), which `ashlar init` has written, cannot be read.",
                hints: ["Run: ashlar init -reconfigure"]))
        guard let data = FileManager.default.contents(atPath: path), let value = try? Value.parsingJSON([UInt8](data)),
            let kind = value["type"]?.stringValue.flatMap(BackendKind.init),
            let config = value["config"]?.entries, let block = value["block"]?.entries
        else { throw fault }
        func settings(_ entries: some Sequence<(key: String, value: Value)>) -> BackendSettings {
            BackendSettings(
                kind: kind, values: Dictionary(entries.map { ($0.key, $0.value.stringValue ?? "") }) { first, _ in first })
        }
        self.settings = settings(config.map { ($0.key, $0.value) })
        self.block = settings(block.map { ($0.key, $0.value) })
    }

    func write(to folder: DataFolder) throws {
        var json = JSONText(indent: 0)
        json.object { json in
            json.pair("type", settings.kind.rawValue)
            for (name, settings) in [("config", settings), ("block", block)] {
                json.key(name)
                json.object { json in
                    for (name, text) in settings.values.sorted(by: { $0.key.precedesByBytes($1.key) }) { json.pair(name, text) }
                }
            }
        }
        let path = "\(folder.path)/\(Self.name)"
        try FileManager.default.createDirectory(atPath: folder.path, withIntermediateDirectories: true)
        let draft = "\(path).new-\(ProcessInfo.processInfo.processIdentifier)"
        guard
            FileManager.default.createFile(
                atPath: draft, contents: Data(json.bytes + [UInt8(ascii: "\n")]), attributes: [.posixPermissions: 0o600]),
            rename(draft, path) == 0
        else { throw FileReadFailure(errno) }
    }

    static func remove(from folder: DataFolder) throws {
        let path = "\(folder.path)/\(name)"
        if FileManager.default.fileExists(atPath: path) { try FileManager.default.removeItem(atPath: path) }
    }
}
