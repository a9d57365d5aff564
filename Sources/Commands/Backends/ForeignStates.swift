import Foundation
import Values

/// States that Terraform has left beside a configuration. Until `init` has taken them over, or was told to leave them, nothing is planned: a plan
/// from an empty state would make everything a second time.
struct ForeignStates {
    /// The path of one of them.
    var example: String

    /// Nil where there are none that record anything, or a state of our own was begun.
    init?(in data: DataFolder) {
        if StateFiles.databases(in: data.directory).anyExists { return nil }
        let documents = StateFiles.documents(in: data.directory)
        guard let found = documents.all.map(documents.path).first(where: Self.isSomething) else { return nil }
        example = found.hasPrefix(data.directory + "/") ? String(found.dropFirst(data.directory.count + 1)) : found
    }

    /// What cannot be read may be something.
    private static func isSomething(_ path: String) -> Bool {
        guard FileManager.default.fileExists(atPath: path) else { return false }
        guard let bytes = FileManager.default.contents(atPath: path) else { return true }
        if bytes.isEmpty { return false }
        guard let document = try? Value.parsingJSON([UInt8](bytes)) else { return true }
        return ["resources", "outputs", "modules"].contains { name in
            guard let part = document[name] else { return false }
            return part.elements?.isEmpty == false || part.entries?.isEmpty == false
        }
    }
}

extension StateFiles {
    /// Where states are when the configuration has no `backend`.
    static func databases(in directory: String) -> StateFiles {
        StateFiles(
            standard: "\(directory)/\(Session.stateFile)", folder: "\(directory)/terraform.ashlar.d", name: Session.stateFile)
    }

    var anyExists: Bool { all.contains { FileManager.default.fileExists(atPath: path(of: $0)) } }
}
