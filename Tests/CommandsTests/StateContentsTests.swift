import Addresses
import StateModel
import Testing
import Values

@testable import Commands

/// What `state rm -contents` forgets: a machine with all that is recorded on it.
@Suite struct StateContentsTests {
    private func object(_ address: String, on container: String? = nil) throws -> StateObject {
        StateObject(
            address: ObjectAddress(try #require(AddressPattern(address)?.instance)), attributes: .emptyObject,
            provider: ProviderConfigAddress(name: "host"), container: try container.map { try #require(AddressPattern($0)?.instance) })
    }

    @Test func contentsAreThoseOfContainersWithinToo() throws {
        let objects = [
            try object("lxd_instance.m"), try object("host.a", on: "lxd_instance.m"), try object("host_file.f", on: "host.a"),
            try object("web_server.w.host_file.g[\"x\"]", on: "host.a"), try object("host.b"), try object("host_file.h", on: "host.b"),
        ]
        let state = StateSnapshot(
            version: StateVersion(lineage: "l", serial: 1), objects: Dictionary(uniqueKeysWithValues: objects.map { ($0.address, $0) }))
        func contents(_ name: String) throws -> [String] {
            let address = ObjectAddress(try #require(AddressPattern(name)?.instance))
            return state.withContents([address]).map(\.description).sorted()
        }
        #expect(try contents("lxd_instance.m") == ["host.a", "host_file.f", "lxd_instance.m", "web_server.w.host_file.g[\"x\"]"])
        #expect(try contents("host.b") == ["host.b", "host_file.h"])
        #expect(try contents("host_file.h") == ["host_file.h"])
    }
}
