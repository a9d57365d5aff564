import FoundationEssentials
import Testing

@testable import Values

/// The type of a conditional whose arms have these types.
struct UnifyTests {
    @Test func typesUnifyAsTheReferences() throws {
        for line in unifyOracle.split(separator: "\n") {
            let parts = line.split(separator: "\t").map(String.init)
            let types = try JSONDecoder().decode([ValueType].self, from: Data(parts[0].utf8))
            #expect(unify(types)?.constraintText ?? "-" == parts[1], "\(line)")
        }
    }

    @Test func nothingUnifiesToNothing() {
        #expect(unify([]) == nil)
        #expect(unify([.dynamic]) == .dynamic)
        #expect(unify([.dynamic, .number]) == .number)
        #expect(unify([.list(.dynamic), .list(.number)]) == .list(.number))
    }
}
