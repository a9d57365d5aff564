import FoundationEssentials
import Testing

/// Cases that stand in a file, so that they can be compared with the reference by a program.
enum CaseFile {
    static func load<Case: Decodable>(_ name: String, as type: Case.Type = Case.self) -> [Case] {
        let path = folder + "/" + name
        do {
            return try JSONDecoder().decode([Case].self, from: try Data(contentsOf: URL(filePath: path)))
        } catch {
            Issue.record("\(path): \(error)")
            return []
        }
    }

    static var folder: String { String(#filePath.dropLast("CaseFile.swift".count)) + "Cases" }

    static func bytes(hex: String) -> [UInt8] {
        stride(from: 0, to: hex.utf8.count - 1, by: 2).compactMap { offset in
            UInt8(hex.dropFirst(offset).prefix(2), radix: 16)
        }
    }
}
