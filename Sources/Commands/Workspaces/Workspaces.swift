import Foundation
import Values

/// The states of one configuration, each under a name, and which of them is worked on.
struct Workspaces: Sendable {
    static let standard = "default"
    /// Which of them is worked on, where that is not the default.
    private static let selection = "environment"

    /// Of the configuration.
    let directory: String
    let environment: [String: String]

    private var data: DataFolder { DataFolder(directory: directory, environment: environment) }

    /// Chosen by TF_WORKSPACE, so that nothing else can choose.
    var isOverridden: Bool { environment["TF_WORKSPACE"]?.isEmpty == false }

    var isChosen: Bool { isOverridden || chosen != nil }

    private var chosen: String? { Self.selected(in: "\(data.path)/\(Self.selection)") }

    var current: String {
        if let named = environment["TF_WORKSPACE"], !named.isEmpty { return named }
        // Without the file nobody has chosen.
        return chosen ?? Self.standard
    }

    /// What such a file names; nil where nobody has chosen.
    static func selected(in path: String) -> String? {
        guard let bytes = try? Data(contentsOf: URL(filePath: path)) else { return nil }
        let name = String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
        return isName(name) ? name : nil
    }

    func select(_ name: String) throws {
        try FileManager.default.createDirectory(atPath: data.path, withIntermediateDirectories: true)
        try Data(name.utf8).write(to: URL(filePath: "\(data.path)/\(Self.selection)"), options: .atomic)
    }

    /// Characters that stand for themselves in a part of a URL's path, which a file's name can have as well.
    static func isName(_ name: String) -> Bool {
        if name.isEmpty || name == "." || name == ".." { return false }
        return name.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
            default: "-_.~$&+=:@".utf8.contains(byte)
            }
        }
    }
}

/// States in files: that of `default` under a name of its own, the others in a folder each.
struct StateFiles: Sendable {
    var standard: String
    var folder: String
    /// Of the state in each workspace's folder.
    var name: String

    /// Where Terraform keeps states when it is told nothing.
    static func documents(in directory: String) -> StateFiles {
        StateFiles(standard: "\(directory)/terraform.tfstate", folder: "\(directory)/terraform.tfstate.d", name: "terraform.tfstate")
    }

    /// The default first, then by name.
    var all: [String] {
        // Without the folder there are no others.
        let others = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return [Workspaces.standard]
            + others.filter { name in
                var isFolder: ObjCBool = false
                return name != Workspaces.standard && Workspaces.isName(name)
                    && FileManager.default.fileExists(atPath: "\(folder)/\(name)", isDirectory: &isFolder) && isFolder.boolValue
            }.sorted { $0.precedesByBytes($1) }
    }

    func path(of workspace: String) -> String {
        workspace == Workspaces.standard ? standard : "\(folder)/\(workspace)/\(name)"
    }

    /// - Throws: where the folder cannot be made.
    func create(_ workspace: String) throws {
        if workspace == Workspaces.standard { return }
        try FileManager.default.createDirectory(atPath: "\(folder)/\(workspace)", withIntermediateDirectories: true)
    }

    /// With its state.
    func remove(_ workspace: String) throws {
        try FileManager.default.removeItem(atPath: "\(folder)/\(workspace)")
    }
}
