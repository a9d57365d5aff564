import Diagnostics
import Testing

struct NearestNameTests {
    static let names = ["instance_type", "ami", "tags", "subnet_id", "id"]

    @Test(arguments: [
        ("instance_typ", "instance_type"), ("instancetype", "instance_type"), ("tag", "tags"), ("amii", "ami"), ("subnet_ids", "subnet_id"),
        ("ID_", nil), ("completely_else", nil), ("a", nil), ("", nil), ("ami", "ami"),
    ])
    func suggests(given: String, expected: String?) {
        #expect(nearestName(given, among: Self.names) == expected)
    }

    @Test func theFirstWordsOfOneNameWillDo() {
        #expect(nearestName("instance", among: Self.names) == "instance_type")
        #expect(nearestName("cidr", among: ["cidr_block", "cidr_size"]) == nil)
        #expect(nearestName("in", among: ["in_set"]) == nil)
    }

    @Test func theNearestWinsAndTiesGoToTheFirst() {
        #expect(nearestName("tagz", among: ["tagzzz", "tags", "tagg"]) == "tags")
    }
}
