import Addresses
import BuiltinProviders
import Diagnostics
import ProviderKit
import Testing
import Values

struct RandomTests {
    @Test func aPasswordHasTheCharactersAskedFor() async throws {
        let password = Lifecycle(.random, "random_password")
        let object = try await password.create([
            "length": .int(40), "special": .true, "override_special": .string("_%"), "min_upper": .int(5), "min_lower": .int(5),
            "min_numeric": .int(5), "min_special": .int(5),
        ])
        let result = try #require(object.attributes["result"]?.stringValue)
        #expect(result.count == 40)
        #expect(result.filter(\.isUppercase).count >= 5)
        #expect(result.filter(\.isLowercase).count >= 5)
        #expect(result.filter(\.isNumber).count >= 5)
        #expect(result.filter { "_%".contains($0) }.count >= 5)
        #expect(result.allSatisfy { $0.isLetter || $0.isNumber || "_%".contains($0) })
        #expect(object.attributes["id"] == .string("none"))
        #expect(object.attributes["numeric"] == .true && object.attributes["number"] == .true)
        let schema = try #require(BuiltinProvider.random.schema.resources[password.type])
        #expect(schema.block.attribute("result")?.isSensitive == true)
    }

    @Test func classesThatAreNotWantedAreNotUsed() async throws {
        let text = Lifecycle(.random, "random_string")
        let object = try await text.create(["length": .int(200), "special": .false, "upper": .false, "number": .false])
        #expect(object.attributes["result"]?.stringValue?.allSatisfy { ("a"..."z").contains($0) } == true)
        #expect(object.attributes["id"] == object.attributes["result"])
        #expect(object.attributes["numeric"] == .false)
    }

    @Test func twoDrawsDiffer() async throws {
        for (type, arguments, attribute) in [
            ("random_password", ["length": Value.int(30)], "result"), ("random_string", ["length": .int(30)], "result"),
            ("random_id", ["byte_length": .int(16)], "hex"), ("random_uuid", [:], "result"), ("random_bytes", ["length": .int(16)], "hex"),
        ] as [(String, [String: Value], String)] {
            let driven = Lifecycle(.random, type)
            let first = try await driven.create(arguments)
            let second = try await driven.create(arguments)
            #expect(first.attributes[attribute] != second.attributes[attribute], "\(type)")
        }
    }

    @Test func anIdHasManyForms() async throws {
        let object = try await Lifecycle(.random, "random_id").create(["byte_length": .int(8), "prefix": .string("p-")])
        let hex = try #require(object.attributes["hex"]?.stringValue)
        #expect(hex.hasPrefix("p-"))
        #expect(hex.count == 18)
        let number = try #require(UInt64(hex.dropFirst(2), radix: 16))
        #expect(object.attributes["dec"] == .string("p-\(number)"))
        #expect(object.attributes["b64_std"]?.stringValue?.hasSuffix("=") == true)
        let id = try #require(object.attributes["id"]?.stringValue)
        #expect(object.attributes["b64_url"] == .string("p-\(id)"))
        #expect(id.count == 11)
    }

    @Test func petsAreWords() async throws {
        let pet = Lifecycle(.random, "random_pet")
        #expect(try await pet.create([:]).attributes["id"]?.stringValue?.split(separator: "-").count == 2)
        let long = try await pet.create(["length": .int(4), "separator": .string("_"), "prefix": .string("web")])
        let words = try #require(long.attributes["id"]?.stringValue?.split(separator: "_"))
        #expect(words.count == 5)
        #expect(words[0] == "web")
    }

    @Test(arguments: [
        ("random_pet", "length"), ("random_id", "byte_length"), ("random_bytes", "length"), ("random_password", "length"),
        ("random_password", "min_upper"), ("random_shuffle", "result_count"),
    ]) func endlessDrawsAreRefused(_ type: String, _ argument: String) throws {
        for length in [65_537, Int.max] {
            let given: [(String, Value)] = [(argument, .int(length))] + (argument == "min_upper" ? [("min_lower", .int(.max))] : [])
            let faults = BuiltinProvider.random.validate(.object(given), of: ResourceType(type), mode: .managed)
            #expect(faults.contains { $0.detail.contains("at most 65536") }, "\(faults)")
        }
    }

    @Test func seedsRepeat() async throws {
        let integer = Lifecycle(.random, "random_integer")
        let arguments: [String: Value] = ["min": .int(1), "max": .int(1_000_000), "seed": .string("s")]
        #expect(try await integer.create(arguments).attributes == integer.create(arguments).attributes)
        let shuffle = Lifecycle(.random, "random_shuffle")
        let list = Value.list((0..<20).map { Value.string("\($0)") }, of: .string)
        let first = try await shuffle.create(["input": list, "seed": .string("s")])
        #expect(try await shuffle.create(["input": list, "seed": .string("s")]).attributes == first.attributes)
        #expect(Set(first.attributes["result"]?.elements ?? []) == Set(list.elements ?? []))
        let more = try await shuffle.create(["input": list, "result_count": .int(45)])
        #expect(more.attributes["result"]?.elements?.count == 45)
        let fewer = try await shuffle.create(["input": list, "result_count": .int(3)])
        #expect(fewer.attributes["result"]?.elements?.count == 3)
    }

    @Test func integersStayWithinTheirBounds() async throws {
        let integer = Lifecycle(.random, "random_integer")
        for _ in 0..<50 {
            let object = try await integer.create(["min": .int(-2), "max": .int(2)])
            let result = try #require(object.attributes["result"]?.intValue)
            #expect((-2...2).contains(result))
            #expect(object.attributes["id"] == .string("\(result)"))
        }
    }

    // MARK: Plans

    func map(_ entries: [String: Value]) -> Value { .map(entries.map { ($0.key, $0.value) }, of: .string) }

    @Test func anUnchangedObjectIsLeftAlone() async throws {
        let password = Lifecycle(.random, "random_password")
        let arguments: [String: Value] = ["length": .int(20), "keepers": map(["a": .string("1")])]
        let object = try await password.create(arguments)
        let proposal = try await password.propose(arguments, from: object)
        #expect(proposal.planned == object.attributes)
        #expect(proposal.replaces.isEmpty)
    }

    @Test func changedArgumentsAndKeepersReplace() async throws {
        let password = Lifecycle(.random, "random_password")
        let keepers = map(["a": .string("1"), "b": .null(.string)])
        let object = try await password.create(["length": .int(20), "keepers": keepers])
        let changes: [([String: Value], [String])] = [
            (["length": .int(21), "keepers": keepers], ["length"]),
            (["length": .int(20), "keepers": map(["a": .string("2")])], ["keepers"]),
            (["length": .int(20)], ["keepers"]),
            (["length": .int(20), "keepers": .unknown(.map(.string))], ["keepers"]),
            (["length": .int(20), "keepers": keepers, "special": .false], ["special"]),
            (["length": .int(20), "keepers": keepers, "numeric": .false], ["number", "numeric"]),
            // Entries that are null count as absent.
            (["length": .int(20), "keepers": map(["a": .string("1")])], []),
            (["length": .int(20), "keepers": map(["a": .string("1"), "c": .null(.string)])], []),
        ]
        for (arguments, replaced) in changes {
            let proposal = try await password.propose(arguments, from: object)
            #expect(proposal.replaces.map(\.description) == replaced)
            #expect(proposal.planned?["result"]?.isUnknown == !replaced.isEmpty)
        }
    }

    @Test func anUpdateOfKeepersKeepsWhatWasDrawn() async throws {
        let uuid = Lifecycle(.random, "random_uuid")
        let object = try await uuid.create(["keepers": map(["a": .string("1")])])
        let proposal = try await uuid.propose(["keepers": map(["a": .string("1"), "b": .null(.string)])], from: object)
        guard case .done(let updated?) = try await uuid.apply(.update, proposal, prior: object) else {
            Issue.record("not done")
            return
        }
        #expect(updated.attributes["result"] == object.attributes["result"])
        #expect(updated.attributes["keepers"] != object.attributes["keepers"])
    }

    @Test(
        arguments: [
            ("random_password", ["length": Value.int(0)], "Invalid Attribute Value"),
            ("random_password", ["length": .int(3), "min_upper": .int(4)], "Invalid Attribute Value"),
            (
                "random_string", ["length": .int(3), "upper": .false, "lower": .false, "special": .false, "numeric": .false],
                "Invalid Attribute Value"
            ),
            ("random_string", ["length": .int(3), "number": .true, "numeric": .false], "Invalid Attribute Value"),
            ("random_id", ["byte_length": .int(0)], "Invalid Attribute Value"),
            ("random_bytes", ["length": .int(0)], "Invalid Attribute Value"),
            ("random_pet", ["length": .int(0)], "Invalid Attribute Value"),
            ("random_integer", ["min": .int(2), "max": .int(1)], "Create Random Integer Error"),
        ] as [(String, [String: Value], String)])
    func faultsAreFoundBeforehand(type: String, arguments: [String: Value], summary: String) throws {
        #expect(try Lifecycle(.random, type).validate(arguments).map(\.summary) == [summary])
    }
}
