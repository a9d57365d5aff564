import Addresses
import BuiltinProviders
import Diagnostics
import ProviderKit
import Testing
import Values

struct TimeTests {
    @Test func aGivenMomentIsTakenApart() async throws {
        let fixed = Lifecycle(.time, "time_static")
        let object = try await fixed.create(["rfc3339": .string("2020-02-29T23:59:58Z")])
        let parts = ["year", "month", "day", "hour", "minute", "second", "unix"].map { object.attributes[$0]?.intValue }
        #expect(parts == [2020, 2, 29, 23, 59, 58, 1_583_020_798])
        #expect(object.attributes["id"] == .string("2020-02-29T23:59:58Z"))
        let again = try await fixed.propose(["rfc3339": .string("2020-02-29T23:59:58Z")], from: object)
        #expect(again.planned == object.attributes && again.replaces.isEmpty)
        let changed = try await fixed.propose(["rfc3339": .string("2021-02-28T23:59:58+02:00")], from: object)
        #expect(changed.replaces.map(\.description) == ["rfc3339"])
        #expect(changed.planned?["unix"] == .int(1_614_549_598))
    }

    @Test func nowIsKept() async throws {
        let fixed = Lifecycle(.time, "time_static")
        let proposal = try await fixed.propose([:])
        #expect(proposal.planned?["rfc3339"]?.isUnknown == true)
        let object = try await fixed.create([:])
        #expect((object.attributes["unix"]?.intValue ?? 0) > 1_700_000_000)
        #expect(try await fixed.propose([:], from: object).planned == object.attributes)
    }

    // Checked with `timeadd` and the calendar.
    @Test(arguments: [
        ("2024-01-31T00:00:00Z", "offset_months", 1, "2024-03-02T00:00:00Z"),
        ("2024-02-29T12:00:00Z", "offset_years", 1, "2025-03-01T12:00:00Z"),
        ("2024-12-31T23:00:00Z", "offset_hours", 2, "2025-01-01T01:00:00Z"),
        ("2024-03-01T00:00:00Z", "offset_days", -1, "2024-02-29T00:00:00Z"),
        ("1969-12-31T23:59:59Z", "offset_seconds", 1, "1970-01-01T00:00:00Z"),
        ("2024-01-15T00:00:00Z", "offset_months", -13, "2022-12-15T00:00:00Z"),
        ("2024-01-15T00:00:00+05:30", "offset_minutes", 90, "2024-01-15T01:30:00+05:30"),
    ])
    func offsetsFollowTheCalendar(base: String, argument: String, amount: Int, expected: String) async throws {
        let offset = Lifecycle(.time, "time_offset")
        let arguments: [String: Value] = ["base_rfc3339": .string(base), argument: .int(amount)]
        #expect(try await offset.create(arguments).attributes["rfc3339"] == .string(expected))
        #expect(try await offset.propose(arguments).planned?["rfc3339"] == .string(expected))
    }

    @Test func aRotationThatIsOverIsGone() async throws {
        let rotating = Lifecycle(.time, "time_rotating")
        let over = try await rotating.create(["rfc3339": .string("2020-01-01T00:00:00Z"), "rotation_days": .int(30)])
        #expect(over.attributes["rotation_rfc3339"] == .string("2020-01-31T00:00:00Z"))
        guard case .gone = try await rotating.read(over) else { throw Lifecycle.Unexpected() }
        let current = try await rotating.create(["rotation_years": .int(3)])
        guard case .found(let same) = try await rotating.read(current) else { throw Lifecycle.Unexpected() }
        #expect(same == current)
        let unchanged = try await rotating.propose(["rotation_years": .int(3)], from: current)
        #expect(unchanged.planned == current.attributes && unchanged.replaces.isEmpty)
        let longer = try await rotating.propose(["rotation_years": .int(4)], from: current)
        #expect(longer.replaces.isEmpty)
        #expect(longer.planned?["rotation_rfc3339"] != current.attributes["rotation_rfc3339"])
        #expect(longer.planned?.isWhollyKnown == true)
    }

    @Test func aPauseTakesItsTime() async throws {
        let sleep = Lifecycle(.time, "time_sleep")
        let clock = ContinuousClock()
        let start = clock.now
        let object = try await sleep.create(["create_duration": .string("60ms"), "destroy_duration": .string("0.05s")])
        #expect(clock.now - start >= .milliseconds(60))
        let middle = clock.now
        try await sleep.delete(object)
        #expect(clock.now - middle >= .milliseconds(50))
    }

    @Test(
        arguments: [
            ("time_static", ["rfc3339": Value.string("yesterday")], "Invalid RFC3339 String Value"),
            ("time_static", ["rfc3339": .string("2023-02-29T00:00:00Z")], "Invalid RFC3339 String Value"),
            ("time_sleep", ["create_duration": .string("30")], "Invalid Attribute Value"),
            ("time_sleep", [:], "Missing Attribute Configuration"),
            ("time_rotating", [:], "Missing Attribute Configuration"),
            ("time_offset", [:], "Missing Attribute Configuration"),
            ("time_sleep", ["create_duration": .string("2562047788015215h")], "Invalid Attribute Value"),
            ("time_sleep", ["destroy_duration": .string("99999999999999999999h")], "Invalid Attribute Value"),
            ("time_sleep", ["create_duration": .string(String(repeating: "9", count: 400) + "ms")], "Invalid Attribute Value"),
            ("time_offset", ["offset_days": .number(Number(decimal: "1.5") ?? .zero)], "Invalid Attribute Value"),
        ] as [(String, [String: Value], String)])
    func faultsAreFoundBeforehand(type: String, arguments: [String: Value], summary: String) throws {
        #expect(try Lifecycle(.time, type).validate(arguments).map(\.summary) == [summary])
    }

    @Test func distancesKeepToTheYearsThatCanBeWritten() async throws {
        for (type, prefix, base) in [("time_offset", "offset_", "base_rfc3339"), ("time_rotating", "rotation_", "rfc3339")] {
            let moments = Lifecycle(.time, type)
            for unit in ["years", "months", "days", "hours", "minutes", "seconds"] where type == "time_offset" || unit != "seconds" {
                for amount in [Int.max, Int.min, 400_000_000_000] {
                    let arguments: [String: Value] = [base: .string("2024-01-01T00:00:00Z"), prefix + unit: .int(amount)]
                    #expect(try moments.validate(arguments).map(\.summary) == ["Invalid Attribute Value"], "\(type) \(unit) \(amount)")
                    await #expect(throws: ProviderFailure.self, "\(type) \(unit) \(amount)") { try await moments.propose(arguments) }
                }
            }
            // Within the bounds, and beyond the year 9999 from here.
            await #expect(throws: ProviderFailure.self) {
                try await moments.propose([base: .string("2024-01-01T00:00:00Z"), prefix + "years": .int(7_976)])
            }
            let last = try await moments.propose([base: .string("2024-01-01T00:00:00Z"), prefix + "years": .int(7_975)])
            #expect(last.planned?["year"] == .int(9_999))
        }
    }

    @Test func nullResourcesReplaceWhereATriggerChanges() async throws {
        let null = Lifecycle(.null, "null_resource")
        let triggers = Value.map([("a", .string("1"))], of: .string)
        let object = try await null.create(["triggers": triggers])
        #expect(object.attributes["id"]?.stringValue?.isEmpty == false)
        #expect(try await null.propose(["triggers": triggers], from: object).planned == object.attributes)
        #expect(try await null.propose([:], from: object).replaces.map(\.description) == ["triggers"])
    }

    @Test func everyTypeHasADescriptionForEveryAttribute() {
        for provider in BuiltinProvider.everyOne.values {
            for schema in Array(provider.schema.resources.values) + provider.schema.dataSources.values {
                #expect(!schema.block.description.isEmpty)
                for attribute in schema.block.attributes {
                    #expect(!attribute.description.isEmpty, "\(schema.type.rawValue).\(attribute.name)")
                }
            }
        }
        #expect(
            BuiltinProvider.everyOne.keys.sorted() == [
                "archive", "cloudinit", "external", "http", "local", "null", "random", "template", "terraform", "time", "tls",
            ])
    }
}
