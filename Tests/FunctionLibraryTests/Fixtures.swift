import Foundation
import FunctionLibrary

/// The files beside this one.
enum Fixtures {
    static let folder = String(#filePath.dropLast("Fixtures.swift".count))

    static func names(in directory: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder + directory)
    }

    static func read(_ path: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(fileURLWithPath: folder + path)))
    }
}

/// The folder `Fixtures` as working directory; time and randomness recorded.
struct FixtureEnvironment: FunctionEnvironment {
    var planTime: FunctionInstant? = FunctionInstant(seconds: 1_700_000_000)
    var applyTime: FunctionInstant?
    var randomness: [UInt8]?
    var homeDirectory: String? { "/home/ashlar" }
    var workingDirectory: String { "/work" }

    func randomBytes(_ count: Int) -> [UInt8]? { randomness.map { Array($0.prefix(count)) } }

    private func place(_ path: String) -> String {
        path.hasPrefix("/") ? path : Fixtures.folder + "Fixtures/" + path
    }

    func readFile(_ path: String) throws -> [UInt8] {
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: place(path), isDirectory: &isDirectory) else { throw FileFailure.missing }
        if isDirectory.boolValue { throw FileFailure.isDirectory }
        return Array(try Data(contentsOf: URL(fileURLWithPath: place(path))))
    }

    func fileExists(_ path: String) throws -> Bool {
        var isDirectory: ObjCBool = false
        let exists = FileManager.default.fileExists(atPath: place(path), isDirectory: &isDirectory)
        if exists, isDirectory.boolValue { throw FileFailure.isDirectory }
        return exists
    }

    func files(beneath directory: String, levels: Int?) throws -> [String] {
        guard let paths = try? FileManager.default.subpathsOfDirectory(atPath: place(directory)) else { return [] }
        return paths.filter { path in
            var isDirectory: ObjCBool = false
            let exists = FileManager.default.fileExists(atPath: place(directory) + "/" + path, isDirectory: &isDirectory)
            return exists && !isDirectory.boolValue && path.split(separator: "/").count <= levels ?? .max
        }
    }
}
