import FunctionLibrary
import Testing
import Values

/// The table against what `terraform metadata functions -json` says (`Cases/signatures.json`, without its descriptions).
@Suite struct SignatureTests {
    /// These need an evaluator.
    private static let elsewhere: Set<String> = ["try", "can", "templatefile", "templatestring"]

    private func signatures() throws -> [(key: String, value: Value)] {
        let signatures = try Value.parsingJSON(try Fixtures.read("Cases/signatures.json"))
        return (signatures.entries ?? []).filter { !Self.elsewhere.contains($0.key) }
    }

    @Test func everyFunctionIsThere() throws {
        let wanted = try signatures().map(\.key)
        #expect(wanted.count > 100)
        let named = FunctionTable.standard.names.filter { !$0.utf8.contains(UInt8(ascii: ":")) }
        #expect(named == wanted.sorted())
    }

    @Test func parametersAreTheReferences() throws {
        for (name, signature) in try signatures() {
            let function = try #require(FunctionTable.standard[name], "\(name)")
            let parameters = signature["parameters"]?.elements ?? []
            #expect(function.parameters.map(\.name) == parameters.map { $0["name"]?.stringValue }, "\(name)")
            #expect(function.parameters.map { typeText($0.type) } == parameters.map { text($0["type"]) }, "\(name)")
            #expect(function.parameters.map(\.allowsNull) == parameters.map { $0["is_nullable"]?.boolValue ?? false }, "\(name)")
            let variadic = signature["variadic_parameter"]
            #expect(function.variadic?.name == variadic?["name"]?.stringValue, "\(name)")
            #expect(function.variadic.map { typeText($0.type) } == variadic.map { text($0["type"]) }, "\(name)")
            #expect(function.variadic?.allowsNull ?? false == variadic?["is_nullable"]?.boolValue ?? false, "\(name)")
            #expect(!function.summary.isEmpty && function.summary.hasSuffix("."), "\(name)")
        }
    }

    @Test func coreNamesAreTheSameFunctions() throws {
        #expect(FunctionTable.standard["core::upper"]?.name == "upper")
        #expect(FunctionTable.standard["core::nothing"] == nil)
        #expect(FunctionTable.standard["core::"] == nil)
        #expect(FunctionTable.standard["Upper"] == nil)
    }

    @Test func furtherFunctionsJoinTheTable() throws {
        let upper = try #require(FunctionTable.standard["upper"])
        let table = FunctionTable([upper]).adding([try #require(FunctionTable.standard["lower"])])
        #expect(table.names == ["lower", "upper"])
    }

    private func typeText(_ type: ValueType) -> String {
        type == .dynamic ? "dynamic" : type.constraintText.replacing("any", with: "dynamic")
    }

    /// `["list", "string"]` as `list(string)`.
    private func text(_ type: Value?) -> String {
        guard let type else { return "" }
        if let name = type.stringValue { return name }
        let parts = type.elements ?? []
        return (parts.first?.stringValue ?? "") + "(" + text(parts.last) + ")"
    }
}
