import Addresses
import BuiltinProviders
import ProviderKit
import Testing
import Values

struct TerraformDataTests {
    static let type = ResourceType("terraform_data")

    func desired(_ input: Value = .null, triggers: Value = .null) -> Desired {
        Desired(configuration: .object(["id": .null(.string), "input": input, "output": .null, "triggers_replace": triggers]))
    }

    func prior(_ input: Value, triggers: Value = .null) -> RemoteObject {
        RemoteObject(
            type: Self.type, attributes: .object(["id": .string("x"), "input": input, "output": input, "triggers_replace": triggers]))
    }

    func propose(_ desired: Desired, _ prior: RemoteObject?) async throws -> Proposal {
        try await BuiltinProvider.terraform.propose(desired, from: prior, of: Self.type)
    }

    @Test func aCreateKnowsAllButIdAndOutput() async throws {
        let proposal = try await propose(desired(.string("a")), nil)
        let planned = try #require(proposal.planned)
        #expect(planned["id"]?.isUnknown == true)
        #expect(planned["output"] == .unknown(.string))
        #expect(planned["input"] == .string("a"))
        #expect(planned["triggers_replace"] == .null)
    }

    @Test func aNullInputHasANullOutput() async throws {
        let planned = try #require(try await propose(desired(), nil).planned)
        #expect(planned["output"]?.isNull == true)
    }

    @Test func anUnchangedInputChangesNothing() async throws {
        let recorded = prior(.string("a"), triggers: .tuple([.string("t")]))
        let proposal = try await propose(desired(.string("a"), triggers: .tuple([.string("t")])), recorded)
        #expect(proposal.planned == recorded.attributes)
        #expect(proposal.replaces.isEmpty)
    }

    @Test(arguments: [Value.string("b"), .null, .unknown(.string), .unknown])
    func aChangedInputIsAnUpdateWithAnUnknownOutput(_ input: Value) async throws {
        let proposal = try await propose(desired(input), prior(.string("a")))
        #expect(proposal.planned?["output"]?.isUnknown == true)
        #expect(proposal.planned?["id"] == .string("x"))
        #expect(proposal.replaces.isEmpty)
    }

    @Test(arguments: [Value.string("u"), .null, .unknown(.string)])
    func aChangedTriggerReplaces(_ trigger: Value) async throws {
        let proposal = try await propose(desired(.string("a"), triggers: trigger), prior(.string("a"), triggers: .string("t")))
        #expect(proposal.replaces == [Path([.attribute("triggers_replace")])])
        #expect(proposal.planned?["id"]?.isUnknown == true)
    }

    @Test func whatIsSecretInTheInputIsSecretInTheOutputAtTheSamePlaceOnly() async throws {
        let input = Value.object([
            "user": .string("bob"), "password": .string("hush").marked(.sensitive), "list": .tuple([.int(1), .int(2).marked(.sensitive)]),
        ])
        let created = try #require(try await propose(desired(input), nil).planned?["output"])
        #expect(created.sensitivePaths == input.sensitivePaths)
        #expect(created["user"] == .unknown(.string))
        let recorded = prior(input.unmarkedDeep().0)
        let unchanged = try #require(try await propose(desired(input), recorded).planned?["output"])
        #expect(unchanged == input)
        #expect(unchanged.sensitivePaths == input.sensitivePaths)
        let whole = try #require(try await propose(desired(input.marked(.sensitive)), nil).planned?["output"])
        #expect(whole.isUnknown && whole.isSensitive)
    }

    @Test func aChangeOfTypeAloneIsAChange() async throws {
        let list = Value.list([.string("a")], of: .string)
        let proposal = try await propose(desired(list), prior(.tuple([.string("a")])))
        #expect(proposal.planned?["output"]?.isUnknown == true)
    }

    @Test func aGroupIsAppliedAtOnceAndEachOutcomePlaced() async throws {
        var group: [ApplyRequest] = []
        for index in 0..<1_000 {
            let wanted = desired(.int(index))
            let name = ResourceName(type: Self.type, name: "r\(index)")
            group.append(
                ApplyRequest(
                    action: .create, address: ResourceAddress(resource: name).instance(.none), type: Self.type, desired: wanted, prior: nil,
                    proposal: try await propose(wanted, nil), intent: IntentID(rawValue: "\(index)")))
        }
        var ids: Set<String> = []
        var count = 0
        for await (index, outcome) in BuiltinProvider.terraform.apply(group) {
            guard case .done(let object?) = outcome else {
                Issue.record("\(outcome)")
                continue
            }
            #expect(object.attributes["output"] == .int(index))
            #expect(object.attributes.isWhollyKnown)
            ids.insert(object.attributes["id"]?.stringValue ?? "")
            count += 1
        }
        #expect(count == 1_000)
        #expect(ids.count == 1_000)
        let id = try #require(ids.first)
        #expect(id.split(separator: "-").map(\.count) == [8, 4, 4, 4, 12])
        #expect(id.split(separator: "-")[2].hasPrefix("4"))
    }

    @Test func anUpdateKeepsTheIdAndSetsTheOutput() async throws {
        let wanted = desired(.string("b"))
        let recorded = prior(.string("a"))
        let request = ApplyRequest(
            action: .update, address: ResourceAddress(resource: ResourceName(type: Self.type, name: "r")).instance(.none), type: Self.type,
            desired: wanted, prior: recorded, proposal: try await propose(wanted, recorded), intent: IntentID(rawValue: "0"))
        for await (_, outcome) in BuiltinProvider.terraform.apply([request]) {
            guard case .done(let object?) = outcome else {
                Issue.record("\(outcome)")
                return
            }
            #expect(object.attributes == prior(.string("b")).attributes)
        }
    }
}
