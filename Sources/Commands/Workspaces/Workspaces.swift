import Foundation
import Values

/// The states of one configuration, each under a name: that of `default` beside it, the others in a folder of their own.
struct Workspaces: Sendable {
    static let standard = "default"
    private static let folder = "terraform.ashlar.d"
    /// Which of them is worked on, where that is not the default.
    private static let selection = ".ashlar/environment"

    /// Of the configuration.
    let directory: String
    let environment: [String: String]

    /// Chosen by TF_WORKSPACE, so that nothing else can choose.
    var isOverridden: Bool { environment["TF_WORKSPACE"]?.isEmpty == false }

    var current: String {
        if let named = environment["TF_WORKSPACE"], !named.isEmpty { return named }
        // Without the file nobody has chosen.
        guard let bytes = try? Data(contentsOf: URL(filePath: "\(directory)/\(Self.selection)")) else { return Self.standard }
        let name = String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
        return Self.isName(name) ? name : Self.standard
    }

    /// The default first, then by name.
    var all: [String] {
        // Without the folder there are no others.
        let others = (try? FileManager.default.contentsOfDirectory(atPath: "\(directory)/\(Self.folder)")) ?? []
        return [Self.standard] + others.filter { $0 != Self.standard && Self.isName($0) }.sorted { $0.precedesByBytes($1) }
    }

    func statePath(of name: String) -> String {
        name == Self.standard ? "\(directory)/\(Session.stateFile)" : "\(directory)/\(Self.folder)/\(name)/\(Session.stateFile)"
    }

    /// So that a state can be written. Should it fail, writing the state says why.
    func makeFolder(of name: String) {
        if name == Self.standard { return }
        try? FileManager.default.createDirectory(atPath: "\(directory)/\(Self.folder)/\(name)", withIntermediateDirectories: true)
    }

    /// - Throws: where the folder or the choice cannot be written.
    func create(_ name: String) throws {
        try FileManager.default.createDirectory(atPath: "\(directory)/\(Self.folder)/\(name)", withIntermediateDirectories: true)
    }

    func select(_ name: String) throws {
        let path = "\(directory)/\(Self.selection)"
        try FileManager.default.createDirectory(atPath: "\(directory)/.ashlar", withIntermediateDirectories: true)
        try Data(name.utf8).write(to: URL(filePath: path), options: .atomic)
    }

    /// With its state.
    func remove(_ name: String) throws {
        try FileManager.default.removeItem(atPath: "\(directory)/\(Self.folder)/\(name)")
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
