import Addresses
import BuiltinProviders
import ProviderKit
import Testing
import Values

/// Random values that were drawn elsewhere, and those of newer types.
struct RandomImportTests {
    private func imported(_ type: String, _ id: String) async throws -> Value {
        let lifecycle = Lifecycle(.random, type)
        return try await BuiltinProvider.random.importObject(ImportRequest(address: lifecycle.address, id: id)).attributes
    }

    @Test(
        arguments: [
            ("random_id", "p-9hc4Q", ["byte_length": .int(5), "b64_url": "p-9hc4Q", "b64_std": "p+9hc4Q=", "hex": "a7ef617384"]),
            ("random_id", "my-,AQID", ["prefix": "my-", "hex": "my-010203", "id": "AQID", "dec": "my-66051"]),
            ("random_integer", "15,1,50000", ["result": .int(15), "min": .int(1), "max": .int(50_000), "id": "15"]),
            ("random_integer", "15,1,50000,s", ["seed": "s"]),
            ("random_bytes", "8/fu3q+2DcgSJ19i0jZ5Cw==", ["length": .int(16), "hex": "f3f7eedeafb60dc812275f62d236790b"]),
            ("random_string", "tést", ["length": .int(4), "result": "tést", "id": "tést", "special": .true, "min_lower": .int(0)]),
            ("random_password", "secret", ["length": .int(6), "result": "secret", "id": "none", "numeric": .true]),
            ("random_uuid", "AABBCCDD-eeff-0011-2233-445566778899", ["result": "aabbccdd-eeff-0011-2233-445566778899"]),
            ("random_uuid7", "01941f29-7c00-7aaa-aaaa-aaaaaaaaaaaa", ["id": "01941f29-7c00-7aaa-aaaa-aaaaaaaaaaaa"]),
        ] as [(String, String, [String: Value])])
    func anIDSaysWhatItIs(type: String, id: String, wanted: [String: Value]) async throws {
        let object = try await imported(type, id)
        for (name, value) in wanted { #expect(object[name] == value, "\(name)") }
        #expect(object["keepers"]?.isNull == true)
    }

    @Test(
        arguments: [
            ("random_id", "?"), ("random_integer", "1,2"), ("random_integer", "a,1,2"), ("random_bytes", "?"), ("random_uuid", "x"),
            ("random_pet", "good-dog"), ("random_shuffle", "-"),
        ])
    func whatIsNoIDIsRefused(type: String, id: String) async throws {
        await #expect(throws: ProviderFailure.self) { try await imported(type, id) }
    }

    @Test func anImportedPasswordStays() async throws {
        let lifecycle = Lifecycle(.random, "random_password")
        let object = try await BuiltinProvider.random.importObject(ImportRequest(address: lifecycle.address, id: "secret"))
        let proposal = try await lifecycle.propose(["length": .int(6)], from: object)
        #expect(proposal.replaces.isEmpty && proposal.planned == object.attributes)
    }

    @Test func aPasswordHasItsHash() async throws {
        let object = try await Lifecycle(.random, "random_password").create(["length": .int(80)]).attributes
        let hash = try #require(object["bcrypt_hash"]?.stringValue)
        #expect(hash.hasPrefix("$2a$10$") && hash.utf8.count == 60)
    }

    @Test func uuidsHaveTheirVersions() async throws {
        var last = ""
        for _ in 0..<20 {
            let four = try #require(try await Lifecycle(.random, "random_uuid4").create([:]).attributes["result"]?.stringValue)
            #expect(four.utf8.count == 36 && Array(four)[14] == "4" && "89ab".contains(Array(four)[19]))
            let seven = try #require(try await Lifecycle(.random, "random_uuid7").create([:]).attributes["result"]?.stringValue)
            #expect(Array(seven)[14] == "7" && "89ab".contains(Array(seven)[19]))
            // Later ones come later.
            #expect(seven.prefix(13) >= last.prefix(13))
            last = seven
        }
    }
}
