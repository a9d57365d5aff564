import Addresses
import Foundation
import ProviderKit
import Testing
import Values

@testable import ManifestProviders

/// What import ids say of objects, for the provider folders of the repository and for what a manifest leaves out.
@Suite struct ImportingTests {
    private static let settings: [String: KeyValuePairs<String, Value>] = [
        "aws": ["region": .string("eu-central-1"), "access_key": .string("AKID"), "secret_key": .string("SECRET")], "lxd": [:], "host": [:],
    ]

    private func imported(_ provider: String, _ type: String, _ id: String) async throws -> RemoteObject {
        let life = try await Lifecycle(try repositoryProvider(provider, transports()), settings: Self.settings[provider] ?? [:])
        let importer = try #require(life.provider as? any Importing)
        return try await importer.importObject(
            ImportRequest(address: address(type), id: id, container: provider == "host" ? localHost : nil))
    }

    @Test(arguments: [
        ("aws", "aws_vpc", "vpc-1", "id", "vpc-1"), ("aws", "aws_key_pair", "deploy", "id", "deploy"),
        ("aws", "aws_route", "rtb-1_10.0.0.0/8", "destination_cidr_block", "10.0.0.0/8"),
        ("aws", "aws_route", "rtb-1_::/0", "destination_ipv6_cidr_block", "::/0"),
        ("aws", "aws_route", "rtb-1_pl-7", "destination_prefix_list_id", "pl-7"),
        ("aws", "aws_security_group_rule", "sg-1_ingress_tcp_80_443_10.0.0.0/8_10.1.0.0/16", "security_group_id", "sg-1"),
        ("aws", "aws_lb_targets", "arn:aws:x", "target_group_arn", "arn:aws:x"),
        ("lxd", "lxd_instance", "web", "name", "web"), ("lxd", "lxd_instance", "shop/web", "project", "shop"),
        ("lxd", "lxd_network_forward", "lxdbr0/10.0.0.1", "network", "lxdbr0"),
        ("host", "host_file", "/etc/motd", "path", "/etc/motd"), ("host", "host_package", "nginx", "name", "nginx"),
        ("host", "host_nftables_table", "inet shop", "name", "shop"),
    ])
    func anIDSaysWhatItNames(_ provider: String, _ type: String, _ id: String, _ attribute: String, _ value: String) async throws {
        let object = try await imported(provider, type, id)
        #expect(object.attributes[attribute] == .string(value))
        #expect(object.attributes.isWhollyKnown)
    }

    @Test func partsOfAnIDBecomeNumbersAndLists() async throws {
        let object = try await imported("aws", "aws_security_group_rule", "sg-1_ingress_tcp_80_443_10.0.0.0/8_self")
        #expect(object.attributes["to_port"] == .int(443))
        #expect(object.attributes["cidr_blocks"] == .list([.string("10.0.0.0/8")], of: .string))
        #expect(object.attributes["self"] == .true)
        #expect(object.attributes["ipv6_cidr_blocks"]?.isNull == true)
    }

    @Test(arguments: [("host", "host_probe", "x"), ("aws", "aws_lb_target_group_attachment", "x")])
    func whatNoIDNamesIsNotImported(_ provider: String, _ type: String, _ id: String) async throws {
        await #expect { try await imported(provider, type, id) } throws: { error in
            (error as? ProviderFailure)?.summary == "Resource Import Not Implemented"
        }
    }

    @Test func anIDOfAnotherFormIsRefused() async throws {
        await #expect { try await imported("aws", "aws_route", "rtb-1") } throws: { error in
            (error as? ProviderFailure)?.summary == "Unexpected import id"
        }
    }

    @Test func whatIsThereIsRead() async throws {
        let directory = try TemporaryDirectory()
        let path = directory.path + "/motd"
        try "hello\n".write(toFile: path, atomically: true, encoding: .utf8)
        let object = try await imported("host", "host_file", path)
        let life = try await Lifecycle(try repositoryProvider("host", transports()), settings: ["user": .string(NSUserName())])
        var found: ReadOutcome?
        for await (_, outcome) in life.provider.read([
            ReadRequest(object: object, address: ObjectAddress(address("host_file")), container: localHost)
        ]) {
            found = outcome
        }
        guard case .found(let read)? = found else {
            Issue.record("\(String(describing: found))")
            return
        }
        #expect(read.attributes["content"]?.withoutMarks([.sensitive]) == .string("hello\n"))
    }
}
