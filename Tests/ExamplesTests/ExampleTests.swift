import Foundation
import Testing

/// Examples that need nothing but this machine, without root.
@Suite struct ExampleTests {
    @Test func first() async throws {
        let example = try Example("first")
        let card = example.folder.appending(path: "card.txt")
        try await example.live(adds: 2) {
            let text = try String(contentsOf: card, encoding: .utf8)
            #expect(text.wholeMatch(of: /Good morning, [A-Z][a-z]+-[A-Z]?[a-z]+!\n/) != nil, "\(text)")
            #expect(try await example.ashlar("output", "-raw", "card") == text)
        }
        #expect(!FileManager.default.fileExists(atPath: card.path))
    }

    @Test func awsNetwork() async throws {
        let aws = try await Surroundings.aws
        let kinds = ["Vpcs", "Subnets", "InternetGateways", "RouteTables", "SecurityGroups", "Volumes"]
        func inventory() async throws -> [String] {
            var answers: [String] = []
            for kind in kinds { answers.append(try await aws.ask("Describe\(kind)")) }
            return answers
        }
        let before = try await inventory()
        let example = try Example("aws-network", ["endpoint": aws.url])
        try await example.live(adds: 9) {
            #expect(try await aws.ask("DescribeVpcs").contains("<cidrBlock>10.20.0.0/16</cidrBlock>"))
            let subnets = try await aws.ask("DescribeSubnets")
            #expect(subnets.contains("<cidrBlock>10.20.0.0/24</cidrBlock>") && subnets.contains("<cidrBlock>10.20.1.0/24</cidrBlock>"))
            let address = try await example.ashlar("output", "-raw", "address")
            let instances = try await aws.ask("DescribeInstances")
            #expect(instances.contains("<name>running</name>") && !address.isEmpty && instances.contains(">\(address)<"))
        }
        #expect(try await inventory() == before)
        // AWS shows an instance for an hour after its end.
        let instances = try await aws.ask("DescribeInstances")
        #expect(instances.contains("<name>terminated</name>") && !instances.contains("<name>running</name>"))
    }
}

/// Examples on a real host and in a real private cloud, which need root.
@Suite struct HostedExampleTests {
    @Test func webOnPrem() async throws {
        let host = try await Surroundings.host
        func look() async throws -> String {
            try await host.exec(
                """
                dpkg-query -W -f '${Package} ${db:Status-Status}\\n' | grep ' installed$'
                find /etc /var/www /run/ashlar* -type f 2>/dev/null | grep -v '^/var/www/html/' | sort
                nft list ruleset
                """)
        }
        func answers(_ port: Int) async throws -> Bool {
            let (status, _) = try await Surroundings.tries("bash", "-c", "timeout 3 bash -c ': </dev/tcp/\(host.address)/\(port)'")
            return status == 0
        }
        // Something that listens, for the firewall to keep from the network.
        _ = try await host.exec("/usr/sbin/sshd -p 2222 -o PidFile=/run/second-sshd.pid")
        let before = try await look()
        #expect(try await answers(2222))
        let example = try Example(
            "web-on-prem", ["address": host.address, "private_key_file": host.key, "known_hosts": host.knownHosts])
        try await example.live(adds: 9) {
            let page = try await example.ashlar("output", "-raw", "page")
            #expect(page == "http://\(host.address):8080/")
            #expect(try await Surroundings.curl(page).contains("<h1>Served by h1</h1>"))
            #expect(try await !answers(2222))
            #expect(try await answers(22))
        }
        #expect(try await answers(2222))
        #expect(try await look() == before)
        _ = try await host.exec("kill $(cat /run/second-sshd.pid)")
    }

    @Test func privateCloud() async throws {
        let cloud = try await Surroundings.cloud
        let bridge = Surroundings.bridge
        func inventory() async throws -> [String] {
            var answers: [String] = []
            for path in ["instances", "network-acls", "networks/\(bridge)", "networks/\(bridge)/forwards", "profiles/default", "images"] {
                answers.append(try await cloud.get("/1.0/\(path)?recursion=1"))
            }
            return answers
        }
        let before = try await inventory()
        let listen = "\(Surroundings.cloudNetwork.replacing(/\.0$/, with: ".1")).10"
        let example = try Example(
            "private-cloud",
            [
                "lxd_address": cloud.url, "lxd_client_certificate": cloud.clientCertificate, "lxd_client_key": cloud.clientKey,
                "lxd_server_certificate": cloud.serverCertificate, "network": bridge, "listen_address": listen,
                "private_key_file": cloud.sshKey, "public_key_file": "\(cloud.sshKey).pub",
            ])
        try await example.live(adds: 11) {
            let page = try await example.ashlar("output", "-raw", "page")
            #expect(page == "http://\(listen)/")
            #expect(try await Surroundings.curl(page).contains("Served by web, a server in the private cloud."))
            let instances = try await cloud.get("/1.0/instances?recursion=1")
            #expect(instances.contains("\"name\":\"web\"") && instances.contains("\"limits.memory\":\"512MiB\""))
            // The host key that was pinned is the one that lies on the machine.
            let key = try await cloud.get("/1.0/instances/web/files?path=/etc/ssh/ssh_host_ed25519_key.pub").split(separator: " ")[1]
            #expect(try await example.ashlar("state", "show", "server.web.host.machine").contains(key))
        }
        #expect(try await inventory() == before)
    }
}
