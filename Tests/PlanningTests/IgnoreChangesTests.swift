import PlanModel
import Testing
import Values

/// `ignore_changes` of a map's key, as the reference has it: the key is on the planned object if and only if it is on the recorded one.
@Suite struct IgnoreChangesTests {
    /// The recorded map, the configured one, and what is planned; nil: null.
    static let cases: [(recorded: [String: String]?, configured: [String: String]?, planned: [String: String]?)] = [
        (["a": "1", "Owner": "x"], ["a": "1"], ["a": "1", "Owner": "x"]),
        (["a": "1"], ["a": "1", "Owner": "y"], ["a": "1"]),
        (["a": "1", "Owner": "x"], ["a": "2", "Owner": "y"], ["a": "2", "Owner": "x"]),
        (["a": "1", "Owner": "x"], ["b": "1"], ["b": "1", "Owner": "x"]),
        (nil, ["Owner": "y"], [:]), (nil, ["a": "1", "Owner": "y"], ["a": "1"]), (nil, nil, nil),
        (["Owner": "x"], nil, ["Owner": "x"]), (["a": "1", "Owner": "x"], nil, ["Owner": "x"]), (["a": "1"], nil, nil),
        (["a": "1", "Owner": "x"], [:], ["Owner": "x"]), ([:], ["Owner": "y"], [:]),
    ]

    @Test(arguments: cases, ["tags[\"Owner\"]", "tags.Owner"])
    func aKeyIsLeftAlone(
        _ test: (recorded: [String: String]?, configured: [String: String]?, planned: [String: String]?), _ path: String
    ) async throws {
        func map(_ entries: [String: String]?) -> Value {
            entries.map { .map($0.map { ($0.key, .string($0.value)) }, of: .string) } ?? .null(.map(.string))
        }
        let bench = PlanTests()
        let written = test.configured.map { "{ \($0.sorted { $0.key < $1.key }.map { "\($0) = \"\($1)\"" }.joined(separator: ", ")) }" }
        let plan = try await bench.plan(
            "resource \"echo_thing\" \"a\" {\n  tags = \(written ?? "null")\n  lifecycle { ignore_changes = [\(path)] }\n}",
            base: bench.base([try bench.thing("echo_thing.a", ["tags": map(test.recorded)])]))
        let change = try #require(plan.changes.first)
        #expect(change.after?["tags"] == map(test.planned))
        #expect(change.action == (test.planned == test.recorded ? .noOp : .update))
    }
}
