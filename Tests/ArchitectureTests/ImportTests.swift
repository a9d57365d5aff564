import Foundation
import Testing

/// The package's table of modules is the architecture: every `import` of ours in the sources must be in it, and point up it.
@Suite struct ImportTests {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// Name and dependencies of each module, in the table's order.
    static func table() throws -> [(name: String, dependencies: Set<String>)] {
        let text = try String(contentsOf: root.appending(path: "Package.swift"), encoding: .utf8)
        let start = try #require(text.range(of: "let modules: [Module] = ["))
        let end = try #require(text.range(of: "let strict:"))
        var result: [(String, Set<String>)] = []
        for chunk in text[start.upperBound..<end.lowerBound].components(separatedBy: "Module(").dropFirst() {
            let name = try #require(chunk.firstMatch(of: /name: "(\w+)"/)).1
            let list = try #require(chunk.firstMatch(of: /dependencies: \[([^\]]*)\]/)).1
            result.append((String(name), Set(list.matches(of: /"(\w+)"/).map { String($0.1) })))
        }
        return result
    }

    @Test func importsFollowTheTable() throws {
        let table = try Self.table()
        #expect(table.count > 15)
        let names = Set(table.map(\.name))
        for (module, dependencies) in table {
            for file in try Self.sources(of: module) {
                for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n") {
                    guard
                        let found = line.firstMatch(
                            of:
                                /^\s*(?:@\w+(?:\([^)]*\))?\s+)*(?:public |package |internal |private |fileprivate )?import (?:struct |class |enum |protocol |func )?(\w+)/
                        )
                    else { continue }
                    let imported = String(found.1)
                    if names.contains(imported) || imported == "ashlar" {
                        #expect(dependencies.contains(imported), "\(module) imports \(imported): \(file.lastPathComponent)")
                    }
                }
            }
        }
    }

    @Test func dependenciesPointUp() throws {
        var seen: Set<String> = ["CCurl", "CSSH2", "CSpawn", "CPQ"]
        for (module, dependencies) in try Self.table() {
            #expect(dependencies.isSubset(of: seen), "\(module) depends on \(dependencies.subtracting(seen)), which stands below it")
            seen.insert(module)
        }
    }

    /// Foundation brings 42 MB and start-up time: only where there is no way round it.
    @Test func foundationStaysAtTheEdges() throws {
        let allowed: Set<String> = ["Commands", "SQLiteStore", "SSHTransport", "CurlTransport"]
        for (module, _) in try Self.table() where !allowed.contains(module) {
            for file in try Self.sources(of: module) {
                let text = try String(contentsOf: file, encoding: .utf8)
                #expect(
                    text.firstMatch(of: /(?m)^(?:public |internal |@preconcurrency )?import Foundation$/) == nil,
                    "\(module)/\(file.lastPathComponent)")
            }
        }
    }

    @Test func everyModuleSaysWhatItIsFor() throws {
        for (module, _) in try Self.table() {
            let readme = try String(contentsOf: Self.root.appending(path: "Sources/\(module)/README.md"), encoding: .utf8)
            #expect(readme.split(separator: "\n").count >= 3, "\(module)")
        }
    }

    @Test func nothingTrapsOnOutsideData() throws {
        for (module, _) in try Self.table() {
            for file in try Self.sources(of: module) {
                for (number, line) in try String(contentsOf: file, encoding: .utf8).split(separator: "\n", omittingEmptySubsequences: false)
                    .enumerated()
                {
                    let code = line.prefix { $0 != "/" || !line.contains("//") }
                    #expect(
                        !code.contains("try!") && !code.contains("fatalError(") && !code.contains("preconditionFailure("),
                        "\(module)/\(file.lastPathComponent):\(number + 1)")
                }
            }
        }
    }

    /// A write by `FileHandle` ends the program where it fails, and `print` waits for whoever reads: only the output's thread writes.
    @Test func nothingWritesPastTheOutputsThread() throws {
        for (module, _) in try Self.table() {
            for file in try Self.sources(of: module) {
                for (number, line) in try String(contentsOf: file, encoding: .utf8).split(separator: "\n", omittingEmptySubsequences: false)
                    .enumerated() where !line.contains("//") && !line.contains("func print(")
                {
                    #expect(
                        line.firstMatch(of: /\bFileHandle\b|(?:^|[^.\w])(?:print|fputs|fwrite|puts|printf)\(/) == nil,
                        "\(module)/\(file.lastPathComponent):\(number + 1)")
                }
            }
        }
    }

    static func sources(of module: String) throws -> [URL] {
        let folder = root.appending(path: "Sources/\(module)")
        let files = try #require(FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil))
        return files.compactMap { $0 as? URL }.filter { $0.pathExtension == "swift" }
    }
}
