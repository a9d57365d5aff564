import Crypto
import FunctionLibrary
import Testing
import Values

/// Functions that give something else each time: unknown in a plan, drawn from the run's record while applying.
@Suite struct ImpureTests {
    private func call(_ name: String, _ arguments: [Value], _ environment: FixtureEnvironment) throws -> Value {
        try FunctionTable.standard.call(try #require(FunctionTable.standard[name]), arguments, environment: environment)
    }

    @Test func unknownWhilePlanning() throws {
        let planning = FixtureEnvironment()
        for (name, arguments) in [("uuid", []), ("timestamp", []), ("bcrypt", [.string("x")])] as [(String, [Value])] {
            let value = try call(name, arguments, planning)
            #expect(value.isUnknown && value.type == .string, "\(name)")
            #expect(FunctionTable.standard[name]?.isImpure == true)
        }
        #expect(try call("plantimestamp", [], planning).stringValue == "2023-11-14T22:13:20Z")
    }

    @Test func drawnWhileApplying() throws {
        var applying = FixtureEnvironment()
        applying.applyTime = FunctionInstant(seconds: 1_700_000_001, nanoseconds: 5)
        applying.randomness = (0..<16).map { $0 * 16 + 15 }
        #expect(try call("timestamp", [], applying).stringValue == "2023-11-14T22:13:21Z")
        #expect(try call("uuid", [], applying).stringValue == "0f1f2f3f-4f5f-4f7f-8f9f-afbfcfdfefff")
    }

    @Test(arguments: [
        ("", 6, "DCq7YPn5Rq63x1Lad4cll.", "TV4S6ytwfsfvkgY8jIucDrjc8deX1s."),
        ("a", 6, "m0CrhHm10qJ3lXRY.5zDGO", "3rS2KdeeWLuGmsfGlMfOxih58VYVfxe"),
        ("abc", 4, "If6bvum7DFjUnE9p2uDeDu", "cp2Wtj9yCnnZ/22ojXzNt6nEEkieowK"),
        ("pässwörd", 5, "If6bvum7DFjUnE9p2uDeDu", "K5qewkwD3b4guBbGv2wlQCTz9q/112a"),
        (String(repeating: "x", count: 72), 4, "If6bvum7DFjUnE9p2uDeDu", "b2EGDjVtZjqoykJDTnnEiBX3ycUPhDS"),
    ])
    func bcryptGivesTheSystemsDigest(_ password: String, _ cost: Int, _ salt: String, _ digest: String) throws {
        var applying = FixtureEnvironment()
        applying.randomness = bytes(salt)
        let value = try call("bcrypt", [.string(password), .int(cost)], applying)
        #expect(value.stringValue == "$2a$0\(cost)$\(salt)\(digest)")
    }

    /// bcrypt's own Base64.
    private func bytes(_ salt: String) -> [UInt8] {
        let alphabet = Array("./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")
        var bits: [Bool] = []
        for character in salt {
            let value = alphabet.firstIndex(of: character) ?? 0
            for place in stride(from: 5, through: 0, by: -1) { bits.append(value >> place & 1 == 1) }
        }
        return (0..<16).map { byte in (0..<8).reduce(0) { $0 << 1 | (bits[byte * 8 + $1] ? 1 : 0) } }
    }

    @Test func bcryptRefusesWhatItCannotDo() throws {
        let long = Value.string(String(repeating: "x", count: 73))
        #expect(throws: FunctionError.self) { try call("bcrypt", [long], FixtureEnvironment()) }
        #expect(throws: FunctionError.self) { try call("bcrypt", [.string("x"), .int(32)], FixtureEnvironment()) }
        #expect(throws: FunctionError.self) { try call("bcrypt", [.string("x"), .int(4), .int(5)], FixtureEnvironment()) }
    }

    /// The environment may stop a call to be asked again; its error arrives as it was.
    @Test func theEnvironmentsOwnErrorsArrive() throws {
        struct Demand: Error, Equatable { let path: String }
        struct Demanding: FunctionEnvironment {
            func readFile(_ path: String) throws -> [UInt8] { throw Demand(path: path) }
            func fileExists(_ path: String) throws -> Bool { throw Demand(path: path) }
            func files(beneath directory: String, levels: Int?) throws -> [String] { throw Demand(path: directory) }
            var homeDirectory: String? { nil }
            var workingDirectory: String { "/" }
            var planTime: FunctionInstant? { nil }
            var applyTime: FunctionInstant? { nil }
            func randomBytes(_ count: Int) -> [UInt8]? { nil }
        }
        for (name, arguments, path) in [
            ("file", ["./a/../b"], "b"), ("fileexists", ["/x//y"], "/x/y"), ("filesha256", ["z"], "z"), ("fileset", ["d", "*.txt"], "d"),
        ] {
            let function = try #require(FunctionTable.standard[name])
            let error = #expect(throws: FunctionError.self) {
                try FunctionTable.standard.call(function, arguments.map { .string($0) }, environment: Demanding())
            }
            #expect(error?.cause as? Demand == Demand(path: path), "\(name)")
        }
    }

    @Test(
        arguments: [
            ("*.txt", 1), ("a/*.txt", 1), ("*/*.txt", 2), ("**/x", nil), ("a/b/c.txt", 1), ("{a,b}/*", 2),
        ] as [(String, Int?)])
    func filesetLooksNoDeeperThanItMust(_ pattern: String, _ levels: Int?) throws {
        struct Listing: Error { let directory: String, levels: Int? }
        struct Recording: FunctionEnvironment {
            func readFile(_ path: String) throws -> [UInt8] { [] }
            func fileExists(_ path: String) throws -> Bool { false }
            func files(beneath directory: String, levels: Int?) throws -> [String] {
                throw Listing(directory: directory, levels: levels)
            }
            var homeDirectory: String? { nil }
            var workingDirectory: String { "/" }
            var planTime: FunctionInstant? { nil }
            var applyTime: FunctionInstant? { nil }
            func randomBytes(_ count: Int) -> [UInt8]? { nil }
        }
        let function = try #require(FunctionTable.standard["fileset"])
        let error = #expect(throws: FunctionError.self) {
            try FunctionTable.standard.call(function, [.string("."), .string(pattern)], environment: Recording())
        }
        #expect((error?.cause as? Listing)?.levels == levels)
    }
}
