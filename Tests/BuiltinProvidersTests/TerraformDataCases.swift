import Addresses
import BuiltinProviders
import FoundationEssentials
import ProviderKit
import Testing
import Values

/// Plans of terraform_data, each as the reference shows it for the same prior object and the same arguments.
struct TerraformDataCases {
    static let type = ResourceType("terraform_data")

    static func cases() throws -> [Value] {
        let path = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Cases/terraform_data.json")
        return Array(try Value.parsingJSON(Array(try Data(contentsOf: path))).elements ?? [])
    }

    func argument(_ value: Value?) -> Value {
        value?.stringValue == "$unknown" ? .unknown(.string, .notNull) : value ?? .null
    }

    @Test func plansAreThoseOfTheReference() async throws {
        let cases = try Self.cases()
        #expect(cases.count > 100)
        for (index, example) in cases.enumerated() {
            let desired = Desired(
                configuration: .object([
                    "id": .null(.string), "input": argument(example["input"]), "output": .null,
                    "triggers_replace": argument(example["triggers"]),
                ]))
            var prior: RemoteObject?
            if let recorded = example["prior"], !recorded.isNull {
                let input = recorded["input"] ?? .null
                prior = RemoteObject(
                    type: Self.type,
                    attributes: .object([
                        "id": .string("x"), "input": input, "output": input, "triggers_replace": recorded["triggers"] ?? .null,
                    ]))
            }
            let proposal = try await BuiltinProvider.terraform.propose(desired, from: prior, of: Self.type)
            let planned = try #require(proposal.planned)
            let actions =
                prior == nil
                ? ["create"] : !proposal.replaces.isEmpty ? ["delete", "create"] : planned == prior?.attributes ? ["no-op"] : ["update"]
            let wanted = (example["actions"]?.elements ?? []).compactMap(\.stringValue)
            #expect(actions == wanted, "case \(index): \(example)")
            let replaces = proposal.replaces.map(\.description)
            #expect(replaces == (example["replaces"]?.elements ?? []).compactMap(\.stringValue), "case \(index)")
            // A replacement is planned as a create: that is what the reference shows.
            let shown = replaces.isEmpty ? proposal : try await BuiltinProvider.terraform.propose(desired, from: nil, of: Self.type)
            let unknown = (shown.planned?.entries ?? []).filter(\.value.isUnknown).map(\.key)
            #expect(unknown == (example["unknown"]?.elements ?? []).compactMap(\.stringValue), "case \(index): \(example)")
        }
    }
}
