import Addresses
import ProviderKit
import Synchronization
import Testing
import Transport
import Values

@testable import ManifestProviders

private let intent = String(repeating: "ab", count: 16)
private let ec2 = "POST https://ec2.eu-central-1.amazonaws.com/"
private let rds = "POST https://rds.eu-central-1.amazonaws.com/"
private let elb = "POST https://elasticloadbalancing.eu-central-1.amazonaws.com/"
private let xml = [HTTPHeader("Content-Type", "text/xml;charset=UTF-8")]

/// What providers/aws asks of the services and makes of their answers. Requests are exact; answers are the services', shortened.
@Suite struct AWSManifestTests {
    private func life(_ exchanges: [RecordedExchanges.Exchange]) async throws -> (Lifecycle, RecordedExchanges) {
        let http = RecordedExchanges(exchanges)
        let source = try repositoryProvider("aws", transports(http: http))
        let life = try await Lifecycle(
            source, settings: ["region": .string("eu-central-1"), "access_key": .string("AKID"), "secret_key": .string("SECRET")])
        return (life, http)
    }

    private func ask(_ url: String, _ body: String, status: Int = 200, _ answer: String) -> RecordedExchanges.Exchange {
        let version = url == rds ? "2014-10-31" : url == elb ? "2015-12-01" : "2016-11-15"
        let parts = body.split(separator: "&", maxSplits: 1)
        let whole = "Action=\(parts[0])&Version=\(version)" + (parts.count > 1 ? "&\(parts[1])" : "")
        return .init(url, body: whole, status: status, headers: xml, answer)
    }

    private func refusal(_ code: String, _ message: String = "no") -> String {
        "<Response><Errors><Error><Code>\(code)</Code><Message>\(message)</Message></Error></Errors><RequestID>req-1</RequestID></Response>"
    }

    // MARK: Networks

    private func vpcAnswer(tags: String) -> String {
        """
        <DescribeVpcsResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>r</requestId><vpcSet><item><vpcId>vpc-1</vpcId>
        <ownerId>123456789012</ownerId><state>available</state><cidrBlock>10.0.0.0/16</cidrBlock><dhcpOptionsId>dopt-1</dhcpOptionsId>
        <instanceTenancy>default</instanceTenancy><isDefault>false</isDefault><tagSet>\(tags)
        <item><key>ashlar:intent</key><value>\(intent)</value></item><item><key>aws:made-by</key><value>x</value></item></tagSet></item></vpcSet></DescribeVpcsResponse>
        """
    }

    private func attribute(_ name: String, _ value: Bool) -> String {
        "<R><vpcId>vpc-1</vpcId><\(name)><value>\(value)</value></\(name)></R>"
    }

    private let mainTable = "<R><routeTableSet><item><routeTableId>rtb-1</routeTableId></item></routeTableSet></R>"
    private let mainTableAsked =
        "DescribeRouteTables&Filter.1.Name=vpc-id&Filter.1.Value.1=vpc-1&Filter.2.Name=association.main&Filter.2.Value.1=true"

    @Test func network() async throws {
        let name = "<item><key>Name</key><value>a</value></item>"
        let (life, http) = try await life([
            ask(
                ec2,
                "CreateVpc&CidrBlock=10.0.0.0%2F16&InstanceTenancy=default&TagSpecification.1.ResourceType=vpc&TagSpecification.1.Tag.1.Key=Name&TagSpecification.1.Tag.1.Value=a&TagSpecification.1.Tag.2.Key=ashlar%3Aintent&TagSpecification.1.Tag.2.Value=\(intent)",
                "<CreateVpcResponse><vpc><vpcId>vpc-1</vpcId><state>pending</state></vpc></CreateVpcResponse>"),
            // What was made is not known everywhere at once.
            ask(ec2, "DescribeVpcs&VpcId.1=vpc-1", status: 400, refusal("InvalidVpcID.NotFound")),
            ask(ec2, "DescribeVpcs&VpcId.1=vpc-1", vpcAnswer(tags: name)),
            ask(ec2, "ModifyVpcAttribute&EnableDnsHostnames.Value=true&VpcId=vpc-1", "<R><return>true</return></R>"),
            ask(ec2, "DescribeVpcs&VpcId.1=vpc-1", vpcAnswer(tags: name)),
            ask(ec2, "DescribeVpcAttribute&Attribute=enableDnsSupport&VpcId=vpc-1", attribute("enableDnsSupport", true)),
            ask(ec2, "DescribeVpcAttribute&Attribute=enableDnsHostnames&VpcId=vpc-1", attribute("enableDnsHostnames", true)),
            ask(
                ec2, "DescribeNetworkAcls&Filter.1.Name=vpc-id&Filter.1.Value.1=vpc-1&Filter.2.Name=default&Filter.2.Value.1=true",
                "<R><networkAclSet><item><networkAclId>acl-1</networkAclId></item></networkAclSet></R>"),
            ask(
                ec2, "DescribeSecurityGroups&Filter.1.Name=vpc-id&Filter.1.Value.1=vpc-1&Filter.2.Name=group-name&Filter.2.Value.1=default",
                "<R><securityGroupInfo><item><groupId>sg-1</groupId></item></securityGroupInfo></R>"),
            ask(ec2, mainTableAsked, mainTable),
            // Read: changed by hand.
            ask(
                ec2, "DescribeVpcs&VpcId.1=vpc-1",
                vpcAnswer(tags: "<item><key>Name</key><value>b</value></item><item><key>hand</key><value/></item>")),
            ask(ec2, "DescribeVpcAttribute&Attribute=enableDnsSupport&VpcId=vpc-1", attribute("enableDnsSupport", true)),
            ask(ec2, "DescribeVpcAttribute&Attribute=enableDnsHostnames&VpcId=vpc-1", attribute("enableDnsHostnames", false)),
            ask(ec2, mainTableAsked, mainTable),
            // Update: back to what the configuration says.
            ask(ec2, "ModifyVpcAttribute&EnableDnsHostnames.Value=true&VpcId=vpc-1", "<R/>"),
            ask(ec2, "DeleteTags&ResourceId.1=vpc-1&Tag.1.Key=hand", "<R/>"),
            ask(ec2, "CreateTags&ResourceId.1=vpc-1&Tag.1.Key=Name&Tag.1.Value=a", "<R/>"),
            // Delete: waits for what is still going.
            ask(ec2, "DeleteVpc&VpcId=vpc-1", status: 400, refusal("DependencyViolation")),
            ask(ec2, "DeleteVpc&VpcId=vpc-1", "<R/>"),
            ask(ec2, "DescribeVpcs&VpcId.1=vpc-1", status: 400, refusal("InvalidVpcID.NotFound")),
        ])
        let arguments: [(String, Value)] = [
            ("cidr_block", .string("10.0.0.0/16")), ("enable_dns_hostnames", .bool(true)), ("tags", .object([("Name", .string("a"))])),
        ]
        let made = try #require(try await life.done(life.request("aws_vpc", arguments)))
        #expect(made.attributes["id"] == .string("vpc-1"))
        #expect(made.attributes["arn"] == .string("arn:aws:ec2:eu-central-1:123456789012:vpc/vpc-1"))
        #expect(made.attributes["default_network_acl_id"] == .string("acl-1"))
        #expect(made.attributes["default_security_group_id"] == .string("sg-1"))
        #expect(made.attributes["main_route_table_id"] == .string("rtb-1"))
        let drifted = try #require(await life.read([made])[0]?.object)
        #expect(drifted.attributes["enable_dns_hostnames"] == .bool(false))
        #expect(
            try drifted.attributes["tags"] == Value.object([("Name", .string("b")), ("hand", .string(""))]).converted(to: .map(.string)))
        let healed = try #require(try await life.done(life.request("aws_vpc", arguments, prior: drifted)))
        #expect(healed.attributes == made.attributes)
        #expect(try await life.done(life.removal("aws_vpc", prior: healed)) == nil)
        #expect(await life.read([healed])[0]?.isGone == true)
        #expect(http.unused == [])
    }

    /// Tags of the provider's block are the object's, but not the resource's own; a block of the provider says where a service is.
    @Test func providerSettings() async throws {
        let http = RecordedExchanges([
            ask(
                "POST http://127.0.0.1:5000/", "DescribeInternetGateways&InternetGatewayId.1=igw-1",
                "<R><internetGatewaySet><item><internetGatewayId>igw-1</internetGatewayId><ownerId>1</ownerId><tagSet><item><key>team</key><value>x</value></item></tagSet></item></internetGatewaySet></R>"
            )
        ])
        let source = try repositoryProvider("aws", transports(http: http))
        let provider = try await source.configure(
            .object([
                ("region", .string("eu-central-1")), ("access_key", .string("AKID")), ("secret_key", .string("SECRET")),
                ("endpoints", .object([("ec2", .string("http://127.0.0.1:5000"))])),
                ("default_tags", .object([("tags", .map([("team", .string("x"))], of: .string))])),
            ]))
        let type = ResourceType("aws_internet_gateway")
        let desired = Desired(configuration: try source.configuration("aws_internet_gateway", []))
        let planned = try #require(try await provider.propose(desired, from: nil, of: type).planned)
        #expect(planned["tags"]?.isNull == true)
        #expect(planned["tags_all"]?["team"] == .string("x"))
        let recorded = try source.configuration(
            "aws_internet_gateway", [("id", .string("igw-1")), ("tags_all", .map([("team", .string("x"))], of: .string))])
        for await (_, outcome) in provider.read([
            ReadRequest(object: RemoteObject(type: type, attributes: recorded), address: ObjectAddress(address("aws_internet_gateway")))
        ]) {
            let object = try #require(outcome.object)
            #expect(object.attributes["tags"]?.isNull == true)
            #expect(object.attributes["tags_all"]?["team"] == .string("x"))
        }
        #expect(http.unused == [])
    }

    @Test func routes() async throws {
        func table(_ routes: String) -> String {
            "<R><routeTableSet><item><routeTableId>rtb-2</routeTableId><vpcId>vpc-1</vpcId><ownerId>1</ownerId><routeSet><item><destinationCidrBlock>10.0.0.0/16</destinationCidrBlock><gatewayId>local</gatewayId><origin>CreateRouteTable</origin></item>\(routes)</routeSet></item></routeTableSet></R>"
        }
        func there(_ cidr: String, _ gateway: String) -> String {
            "<item><destinationCidrBlock>\(cidr)</destinationCidrBlock><gatewayId>\(gateway)</gatewayId><state>active</state><origin>CreateRoute</origin></item>"
        }
        let (life, http) = try await life([
            ask(ec2, "DescribeRouteTables&RouteTableId.1=rtb-2", table(there("0.0.0.0/0", "igw-2") + there("192.168.0.0/16", "igw-1"))),
            ask(ec2, "DeleteRoute&DestinationCidrBlock=192.168.0.0%2F16&RouteTableId=rtb-2", "<R/>"),
            ask(ec2, "ReplaceRoute&DestinationCidrBlock=0.0.0.0%2F0&GatewayId=igw-1&RouteTableId=rtb-2", "<R/>"),
            ask(ec2, "CreateRoute&DestinationCidrBlock=172.16.0.0%2F12&NatGatewayId=nat-1&RouteTableId=rtb-2", "<R/>"),
        ])
        let names = [
            "cidr_block", "ipv6_cidr_block", "destination_prefix_list_id", "gateway_id", "nat_gateway_id", "egress_only_gateway_id",
            "transit_gateway_id",
            "vpc_endpoint_id", "vpc_peering_connection_id", "network_interface_id", "local_gateway_id", "carrier_gateway_id",
            "core_network_arn",
        ]
        func route(_ given: [String: String]) -> Value { .object(names.map { ($0, given[$0].map { .string($0) } ?? .null(.string)) }) }
        let wanted: [(String, Value)] = [
            ("vpc_id", .string("vpc-1")),
            (
                "route",
                .tuple([
                    route(["cidr_block": "0.0.0.0/0", "gateway_id": "igw-1"]),
                    route(["cidr_block": "172.16.0.0/12", "nat_gateway_id": "nat-1"]),
                ])
            ),
        ]
        let recorded = RemoteObject(
            type: ResourceType("aws_route_table"),
            attributes: try life.source.configuration(
                "aws_route_table",
                [
                    ("id", .string("rtb-2")), ("vpc_id", .string("vpc-1")), ("tags_all", .map([], of: .string)),
                    ("propagating_vgws", .tuple([])),
                    ("route", .tuple([route(["cidr_block": "0.0.0.0/0", "gateway_id": "igw-1"])])),
                ]))
        let drifted = try #require(await life.read([recorded])[0]?.object)
        #expect(drifted.attributes["route"]?.elements?.count == 2)
        _ = try #require(try await life.done(life.request("aws_route_table", wanted, prior: drifted)))
        #expect(http.unused == [])
    }

    // MARK: Firewalls

    private func rule(
        _ port: Int, _ cidrs: [String], description: String? = nil, isOwn: Bool = false, protocol name: String = "tcp"
    ) -> Value {
        .object([
            ("protocol", .string(name)), ("from_port", .int(port)), ("to_port", .int(port)),
            ("cidr_blocks", .list(cidrs.map { .string($0) }, of: .string)),
            ("ipv6_cidr_blocks", .null(.list(.string))), ("prefix_list_ids", .null(.list(.string))),
            ("security_groups", .null(.set(.string))),
            ("self", .bool(isOwn)), ("description", description.map { .string($0) } ?? .null(.string)),
        ])
    }

    private func group(_ permissions: String) -> String {
        "<R><securityGroupInfo><item><ownerId>1</ownerId><groupId>sg-2</groupId><groupName>web</groupName><groupDescription>Managed by Terraform</groupDescription><vpcId>vpc-1</vpcId><ipPermissions>\(permissions)</ipPermissions><ipPermissionsEgress><item><ipProtocol>-1</ipProtocol><ipRanges><item><cidrIp>0.0.0.0/0</cidrIp></item></ipRanges></item></ipPermissionsEgress></item></securityGroupInfo></R>"
    }

    private func permission(_ port: Int, _ sources: String) -> String {
        "<item><ipProtocol>tcp</ipProtocol><fromPort>\(port)</fromPort><toPort>\(port)</toPort>\(sources)</item>"
    }

    private func range(_ cidr: String, _ description: String = "") -> String {
        "<item><cidrIp>\(cidr)</cidrIp>\(description.isEmpty ? "" : "<description>\(description)</description>")</item>"
    }

    /// A group without blocks leaves its rules to resources of their own; with nothing recorded, as for an import, all of them are told.
    @Test(arguments: [(true, 0), (false, 1)]) func securityGroupWithoutBlocks(_ isRecorded: Bool, _ count: Int) async throws {
        let (life, http) = try await life([
            ask(ec2, "DescribeSecurityGroups&GroupId.1=sg-2", group(permission(80, "<ipRanges>\(range("10.0.0.0/8"))</ipRanges>")))
        ])
        var attributes = try life.source.configuration(
            "aws_security_group", [("id", .string("sg-2")), ("ingress", .tuple([])), ("egress", .tuple([]))])
        if !isRecorded, let entries = attributes.entries {
            attributes = .object(
                entries.map { ($0.key, ["ingress", "egress"].contains($0.key) ? Value.null($0.value.type) : $0.value) })
        }
        let read = try #require(
            await life.read([RemoteObject(type: ResourceType("aws_security_group"), attributes: attributes)])[0]?.object)
        #expect(read.attributes["ingress"]?.elements?.count == count)
        #expect(read.attributes["egress"]?.elements?.count == count)
        #expect(http.unused == [])
    }

    /// AWS groups rules in its own way: what a block says is found again in it, and what no block says is drift.
    @Test func securityGroup() async throws {
        let web = permission(80, "<ipRanges>\(range("10.0.0.0/8", "web"))\(range("192.0.2.0/24", "web"))</ipRanges><groups/>")
        let own = permission(22, "<groups><item><userId>1</userId><groupId>sg-2</groupId></item></groups><ipRanges/>")
        let byHand = permission(8080, "<ipRanges>\(range("203.0.113.9/32"))</ipRanges>")
        let half = permission(80, "<ipRanges>\(range("10.0.0.0/8", "web"))</ipRanges>")
        let (life, http) = try await life([
            ask(
                ec2,
                "CreateSecurityGroup&GroupDescription=Managed%20by%20Terraform&GroupName=web&TagSpecification.1.ResourceType=security-group&TagSpecification.1.Tag.1.Key=ashlar%3Aintent&TagSpecification.1.Tag.1.Value=\(intent)&VpcId=vpc-1",
                "<R><groupId>sg-2</groupId></R>"),
            ask(ec2, "DescribeSecurityGroups&GroupId.1=sg-2", group("")),
            ask(
                ec2, "RevokeSecurityGroupEgress&GroupId=sg-2&IpPermissions.1.IpProtocol=-1&IpPermissions.1.IpRanges.1.CidrIp=0.0.0.0%2F0",
                status: 400,
                refusal("InvalidPermission.NotFound")),
            ask(
                ec2,
                "AuthorizeSecurityGroupIngress&GroupId=sg-2&IpPermissions.1.FromPort=80&IpPermissions.1.IpProtocol=tcp&IpPermissions.1.IpRanges.1.CidrIp=10.0.0.0%2F8&IpPermissions.1.IpRanges.1.Description=web&IpPermissions.1.ToPort=80&IpPermissions.2.FromPort=80&IpPermissions.2.IpProtocol=tcp&IpPermissions.2.IpRanges.1.CidrIp=192.0.2.0%2F24&IpPermissions.2.IpRanges.1.Description=web&IpPermissions.2.ToPort=80&IpPermissions.3.FromPort=22&IpPermissions.3.Groups.1.GroupId=sg-2&IpPermissions.3.IpProtocol=tcp&IpPermissions.3.ToPort=22",
                "<R/>"),
            ask(
                ec2,
                "AuthorizeSecurityGroupEgress&GroupId=sg-2&IpPermissions.1.FromPort=0&IpPermissions.1.IpProtocol=-1&IpPermissions.1.IpRanges.1.CidrIp=0.0.0.0%2F0&IpPermissions.1.ToPort=0",
                "<R/>"),
            ask(ec2, "DescribeSecurityGroups&GroupId.1=sg-2", group(web + own)),
            ask(ec2, "DescribeSecurityGroups&GroupId.1=sg-2", group(own + web)),
            ask(ec2, "DescribeSecurityGroups&GroupId.1=sg-2", group(half + own + byHand)),
            ask(
                ec2,
                "RevokeSecurityGroupIngress&GroupId=sg-2&IpPermissions.1.FromPort=8080&IpPermissions.1.IpProtocol=tcp&IpPermissions.1.IpRanges.1.CidrIp=203.0.113.9%2F32&IpPermissions.1.ToPort=8080",
                "<R/>"),
            ask(
                ec2,
                "AuthorizeSecurityGroupIngress&GroupId=sg-2&IpPermissions.1.FromPort=80&IpPermissions.1.IpProtocol=tcp&IpPermissions.1.IpRanges.1.CidrIp=192.0.2.0%2F24&IpPermissions.1.IpRanges.1.Description=web&IpPermissions.1.ToPort=80",
                "<R/>"),
        ])
        let arguments: [(String, Value)] = [
            ("name", .string("web")), ("vpc_id", .string("vpc-1")),
            (
                "ingress",
                .tuple([rule(80, ["10.0.0.0/8", "192.0.2.0/24"], description: "web"), rule(22, [], isOwn: true, protocol: "TCP")])
            ),
            ("egress", .tuple([rule(0, ["0.0.0.0/0"], protocol: "-1")])),
        ]
        let made = try #require(try await life.done(life.request("aws_security_group", arguments)))
        let same = try #require(await life.read([made])[0]?.object)
        #expect(same.attributes == made.attributes)
        let drifted = try #require(await life.read([made])[0]?.object)
        let ports = drifted.attributes["ingress"]?.elements?.compactMap { $0["from_port"]?.intValue }.sorted()
        #expect(ports == [22, 80, 8080])
        let healed = try #require(try await life.done(life.request("aws_security_group", arguments, prior: drifted)))
        #expect(healed.attributes["ingress"] == made.attributes["ingress"])
        #expect(http.unused == [])
    }

    // MARK: Servers

    /// What an instance needs and is not there is said in the service's words; nothing was made.
    @Test func refusedInstance() async throws {
        let (life, _) = try await life([
            .init(ec2, status: 400, headers: xml, refusal("InvalidAMIID.NotFound", "The image id '[ami-0]' does not exist"))
        ])
        let outcome = await life.apply([
            try await life.request("aws_instance", ["ami": .string("ami-0"), "instance_type": .string("t3.micro")])
        ])[0]
        guard case .failed(let failure, let object)? = outcome else {
            Issue.record("\(String(describing: outcome))")
            return
        }
        #expect(failure.serviceCode == "InvalidAMIID.NotFound")
        #expect(failure.requestID == "req-1")
        #expect(failure.detail.contains("does not exist"))
        #expect(object == nil)
    }

    /// Instances in pages, and all volumes of a page at once; one that has been terminated is asked for itself.
    @Test func instancesAreReadInPages() async throws {
        func instance(_ number: Int, _ state: String = "running") -> String {
            "<item><ownerId>1</ownerId><instancesSet><item><instanceId>i-\(number)</instanceId><imageId>ami-1</imageId><instanceState><name>\(state)</name></instanceState><instanceType>t3.micro</instanceType><placement><availabilityZone>eu-central-1a</availabilityZone></placement><rootDeviceName>/dev/xvda</rootDeviceName></item></instancesSet></item>"
        }
        func volume(_ number: Int) -> String {
            "<item><volumeId>vol-\(number)</volumeId><size>\(number)</size><attachmentSet><item><instanceId>i-\(number)</instanceId><device>/dev/xvda</device></item></attachmentSet></item>"
        }
        let (life, http) = try await life([
            ask(
                ec2, "DescribeInstances&MaxResults=100",
                "<R><reservationSet>\(instance(1))\(instance(2))</reservationSet><nextToken>t</nextToken></R>"),
            ask(
                ec2, "DescribeVolumes&Filter.1.Name=attachment.instance-id&Filter.1.Value.1=i-1&Filter.1.Value.2=i-2",
                "<R><volumeSet>\(volume(2))\(volume(1))</volumeSet></R>"),
            ask(
                ec2, "DescribeInstances&MaxResults=100&NextToken=t",
                "<R><reservationSet>\(instance(3))\(instance(4, "terminated"))</reservationSet></R>"),
            ask(
                ec2, "DescribeVolumes&Filter.1.Name=attachment.instance-id&Filter.1.Value.1=i-3",
                "<R><volumeSet>\(volume(3))</volumeSet></R>"),
            ask(ec2, "DescribeInstances&InstanceId.1=i-4", "<R><reservationSet>\(instance(4, "terminated"))</reservationSet></R>"),
            ask(ec2, "DescribeVolumes&Filter.1.Name=attachment.instance-id&Filter.1.Value.1=i-4", "<R><volumeSet/></R>"),
        ])
        let type = ResourceType("aws_instance")
        let read = await life.read(
            try (1...4).map { number in
                RemoteObject(type: type, attributes: try life.source.configuration("aws_instance", ["id": .string("i-\(number)")]))
            })
        for number in 1...3 {
            let object = try #require(read[number - 1]?.object)
            let block = try #require(object.attributes["root_block_device"]?.elements?.first)
            #expect(block["volume_id"] == .string("vol-\(number)") && block["volume_size"] == .int(number))
            #expect(object.attributes["arn"] == .string("arn:aws:ec2:eu-central-1:1:instance/i-\(number)"))
        }
        #expect(read[3]?.isGone == true)
        #expect(http.unused == [])
    }

    /// A crash after RunInstances: the tag that it was made with finds the instance.
    @Test func findsInstanceByTag() async throws {
        let instance =
            "<R><reservationSet><item><ownerId>1</ownerId><instancesSet><item><instanceId>i-1</instanceId><imageId>ami-1</imageId><instanceState><code>16</code><name>running</name></instanceState><instanceType>t3.micro</instanceType><placement><availabilityZone>eu-central-1a</availabilityZone></placement><monitoring><state>disabled</state></monitoring><privateIpAddress>10.0.0.4</privateIpAddress><rootDeviceName>/dev/xvda</rootDeviceName></item></instancesSet></item></reservationSet></R>"
        let volumes =
            "<R><volumeSet><item><volumeId>vol-1</volumeId><size>8</size><volumeType>gp3</volumeType><attachmentSet><item><instanceId>i-1</instanceId><device>/dev/xvda</device><deleteOnTermination>true</deleteOnTermination></item></attachmentSet></item></volumeSet></R>"
        let (life, http) = try await life([
            ask(
                ec2,
                "DescribeInstances&Filter.1.Name=tag%3Aashlar%3Aintent&Filter.1.Value.1=\(intent)&Filter.2.Name=instance-state-name&Filter.2.Value.1=pending&Filter.2.Value.2=running&Filter.2.Value.3=stopping&Filter.2.Value.4=stopped",
                instance),
            ask(ec2, "DescribeInstances&InstanceId.1=i-1", instance),
            ask(ec2, "DescribeVolumes&Filter.1.Name=attachment.instance-id&Filter.1.Value.1=i-1", volumes),
        ])
        let request = try await life.request("aws_instance", ["ami": .string("ami-1"), "instance_type": .string("t3.micro")])
        let found = try await life.provider.find(
            FindRequest(
                intent: request.intent, action: .create, address: request.address, type: request.type, planned: request.proposal.planned,
                prior: nil))
        guard case .found(let object) = found else {
            Issue.record("\(found)")
            return
        }
        #expect(object.attributes["id"] == .string("i-1"))
        #expect(object.attributes["private_ip"] == .string("10.0.0.4"))
        #expect(object.attributes["root_block_device"]?.elements?.first?["volume_id"] == .string("vol-1"))
        #expect(http.unused == [])
    }

    // MARK: Databases

    @Test func database() async throws {
        func answer(_ inner: String) -> String {
            "<DescribeDBInstancesResponse><DescribeDBInstancesResult>\(inner)</DescribeDBInstancesResult></DescribeDBInstancesResponse>"
        }
        let there = answer(
            """
            <DBInstances><DBInstance><DBInstanceIdentifier>shop</DBInstanceIdentifier><DBInstanceStatus>available</DBInstanceStatus><Engine>postgres</Engine>
            <EngineVersion>16.4</EngineVersion><DBInstanceClass>db.t3.micro</DBInstanceClass><AllocatedStorage>20</AllocatedStorage><MasterUsername>shop</MasterUsername>
            <Endpoint><Address>shop.rds.test</Address><Port>5432</Port></Endpoint><DBInstanceArn>arn:aws:rds:x</DBInstanceArn><BackupRetentionPeriod>1</BackupRetentionPeriod>
            <VpcSecurityGroups><VpcSecurityGroupMembership><VpcSecurityGroupId>sg-1</VpcSecurityGroupId><Status>active</Status></VpcSecurityGroupMembership></VpcSecurityGroups>
            <TagList><Tag><Key>ashlar:intent</Key><Value>\(intent)</Value></Tag></TagList></DBInstance></DBInstances>
            """)
        let (life, http) = try await life([
            ask(
                rds,
                "CreateDBInstance&AllocatedStorage=20&AutoMinorVersionUpgrade=true&CopyTagsToSnapshot=false&DBInstanceClass=db.t3.micro&DBInstanceIdentifier=shop&DeletionProtection=false&EnableIAMDatabaseAuthentication=false&Engine=postgres&EngineVersion=16&MasterUserPassword=hush%20hush&MasterUsername=shop&PubliclyAccessible=false&StorageEncrypted=false&Tags.Tag.1.Key=ashlar%3Aintent&Tags.Tag.1.Value=\(intent)&VpcSecurityGroupIds.VpcSecurityGroupId.1=sg-1",
                "<CreateDBInstanceResponse><CreateDBInstanceResult><DBInstance><DBInstanceIdentifier>shop</DBInstanceIdentifier></DBInstance></CreateDBInstanceResult></CreateDBInstanceResponse>"
            ),
            ask(rds, "DescribeDBInstances&DBInstanceIdentifier=shop", there),
            ask(rds, "DescribeDBInstances&DBInstanceIdentifier=shop", there),
            ask(rds, "ModifyDBInstance&ApplyImmediately=true&DBInstanceClass=db.t3.small&DBInstanceIdentifier=shop", "<R/>"),
            ask(rds, "DescribeDBInstances&DBInstanceIdentifier=shop", there),
            ask(rds, "DeleteDBInstance&DBInstanceIdentifier=shop&DeleteAutomatedBackups=true&SkipFinalSnapshot=true", "<R/>"),
            ask(
                rds, "DescribeDBInstances&DBInstanceIdentifier=shop", status: 404,
                "<ErrorResponse><Error><Type>Sender</Type><Code>DBInstanceNotFound</Code><Message>gone</Message></Error><RequestId>r</RequestId></ErrorResponse>"
            ),
        ])
        func arguments(_ size: String) -> [(String, Value)] {
            [
                ("identifier", .string("shop")), ("engine", .string("postgres")), ("engine_version", .string("16")),
                ("instance_class", .string(size)),
                ("allocated_storage", .int(20)), ("username", .string("shop")), ("password", .string("hush hush")),
                ("vpc_security_group_ids", .tuple([.string("sg-1")])), ("skip_final_snapshot", .bool(true)),
                ("apply_immediately", .bool(true)),
            ]
        }
        #expect(life.source.schema.resources[ResourceType("aws_db_instance")]?.isGuarded == true)
        let made = try #require(try await life.done(life.request("aws_db_instance", arguments("db.t3.micro"))))
        #expect(made.attributes["protect"] == .bool(false))
        #expect(made.attributes["endpoint"] == .string("shop.rds.test:5432"))
        #expect(made.attributes["engine_version"] == .string("16"))
        #expect(made.attributes["engine_version_actual"] == .string("16.4"))
        #expect(made.attributes["password"]?.marks.contains(.sensitive) == true)
        let larger = try #require(try await life.done(life.request("aws_db_instance", arguments("db.t3.small"), prior: made)))
        #expect(larger.attributes["instance_class"] == .string("db.t3.small"))
        #expect(try await life.done(life.removal("aws_db_instance", prior: larger)) == nil)
        #expect(http.unused == [])
    }

    /// The database that an answer which was lost has made is asked for by its name, and is only taken where it carries the intent.
    @Test(arguments: [nil, "Shop"]) func findsDatabaseByIdentifier(_ identifier: String?) async throws {
        func answer(_ owner: String) -> String {
            """
            <DescribeDBInstancesResponse><DescribeDBInstancesResult><DBInstances><DBInstance><DBInstanceIdentifier>\(name)</DBInstanceIdentifier>
            <DBInstanceStatus>creating</DBInstanceStatus><Engine>postgres</Engine><EngineVersion>16.4</EngineVersion><DBInstanceClass>db.t3.micro</DBInstanceClass>
            <AllocatedStorage>20</AllocatedStorage><MasterUsername>shop</MasterUsername><DBInstanceArn>arn:aws:rds:x</DBInstanceArn>
            <TagList><Tag><Key>ashlar:intent</Key><Value>\(owner)</Value></Tag></TagList></DBInstance></DBInstances></DescribeDBInstancesResult></DescribeDBInstancesResponse>
            """
        }
        let name = identifier?.lowercased() ?? "terraform-\(intent.prefix(20))"
        let asked = "DescribeDBInstances&DBInstanceIdentifier=\(name)"
        let none =
            "<ErrorResponse><Error><Code>DBInstanceNotFound</Code><Message>no</Message></Error><RequestId>r</RequestId></ErrorResponse>"
        let (life, http) = try await life([
            ask(rds, asked, status: 404, none), ask(rds, asked, answer("another")), ask(rds, asked, answer(intent)),
            ask(rds, asked, answer(intent)),
        ])
        let request = try await life.request(
            "aws_db_instance",
            [
                ("engine", .string("postgres")), ("instance_class", .string("db.t3.micro")), ("allocated_storage", .int(20)),
                ("username", .string("shop")), ("password", .string("hush hush")), ("skip_final_snapshot", .bool(true)),
            ] + (identifier.map { [("identifier", .string($0))] } ?? []))
        let find = FindRequest(
            intent: request.intent, action: .create, address: request.address, type: request.type, planned: request.proposal.planned,
            prior: nil)
        guard case .absent = try await life.provider.find(find), case .absent = try await life.provider.find(find) else {
            Issue.record("found what is not there")
            return
        }
        let found = try await life.provider.find(find)
        switch found {
        case .found(let object), .unfinished(let object, _): #expect(object.attributes["id"] == .string(name))
        default: Issue.record("\(found)")
        }
        #expect(http.unused == [])
    }

    // MARK: Answers after which nobody knows

    /// A filter's first page may be empty although there is more.
    @Test func findsOnALaterPage() async throws {
        let asked = "DescribeInternetGateways&Filter.1.Name=tag%3Aashlar%3Aintent&Filter.1.Value.1=\(intent)"
        let gateway =
            "<R><internetGatewaySet><item><internetGatewayId>igw-1</internetGatewayId><ownerId>1</ownerId></item></internetGatewaySet></R>"
        let (life, http) = try await life([
            ask(ec2, asked, "<R><internetGatewaySet/><nextToken>t/2</nextToken></R>"), ask(ec2, asked + "&NextToken=t%2F2", gateway),
            ask(ec2, "DescribeInternetGateways&InternetGatewayId.1=igw-1", gateway),
        ])
        let request = try await life.request("aws_internet_gateway", [])
        let found = try await life.provider.find(
            FindRequest(
                intent: request.intent, action: .create, address: request.address, type: request.type, planned: request.proposal.planned,
                prior: nil))
        switch found {
        case .found(let object), .unfinished(let object, _): #expect(object.attributes["id"] == .string("igw-1"))
        default: Issue.record("\(found)")
        }
        #expect(http.unused == [])
    }

    /// An answer to CreateVpc, which has no token, and whether it says that nothing was begun.
    struct Trouble: Sendable, CustomTestStringConvertible {
        var status: Int
        var code: String
        var isNotBegun: Bool
        var testDescription: String { "\(status) \(code)" }
    }

    @Test(arguments: [
        Trouble(status: 400, code: "Throttling", isNotBegun: true), Trouble(status: 503, code: "RequestLimitExceeded", isNotBegun: true),
        Trouble(status: 503, code: "Unavailable", isNotBegun: true), Trouble(status: 429, code: "", isNotBegun: true),
        Trouble(status: 500, code: "InternalError", isNotBegun: false), Trouble(status: 500, code: "InternalFailure", isNotBegun: false),
        Trouble(status: 503, code: "ServiceUnavailable", isNotBegun: false), Trouble(status: 503, code: "", isNotBegun: false),
        Trouble(status: 502, code: "", isNotBegun: false),
    ])
    func createsAreSentAgainOnlyWhereNothingWasBegun(_ trouble: Trouble) async throws {
        let body = trouble.code.isEmpty ? "<html><body>no</body></html>" : refusal(trouble.code)
        let exchange = RecordedExchanges.Exchange(ec2, status: trouble.status, headers: xml, body)
        let limit = RecordedExchanges.Exchange(ec2, status: 400, headers: xml, refusal("VpcLimitExceeded"))
        let (life, http) = try await life(trouble.isNotBegun ? [exchange, limit] : [exchange])
        let outcome = await life.apply([try await life.request("aws_vpc", [("cidr_block", .string("10.0.0.0/16"))])])
        switch outcome.first {
        case .failed(let failure, nil)?? where trouble.isNotBegun: #expect(failure.serviceCode == "VpcLimitExceeded")
        case .interrupted? where !trouble.isNotBegun: break
        default: Issue.record("\(outcome)")
        }
        #expect(http.unused == [] && http.asked.withLock { $0.count } == (trouble.isNotBegun ? 2 : 1))
    }

    /// What carries a token, or is as good done twice as once, is sent again after trouble, too.
    @Test func whatMayBeDoneTwiceIsSentAgain() async throws {
        let (life, http) = try await life([
            ask(ec2, "DeleteVpc&VpcId=vpc-1", status: 500, refusal("InternalError")), ask(ec2, "DeleteVpc&VpcId=vpc-1", "<R/>"),
            .init(ec2, status: 503, headers: xml, refusal("ServiceUnavailable")),
            .init(ec2, status: 400, headers: xml, refusal("InsufficientInstanceCapacity")),
        ])
        let attributes = try life.source.configuration("aws_vpc", ["id": .string("vpc-1"), "cidr_block": .string("10.0.0.0/16")])
        let vpc = RemoteObject(type: ResourceType("aws_vpc"), attributes: attributes)
        #expect(try await life.done(life.removal("aws_vpc", prior: vpc)) == nil)
        let outcome = await life.apply([
            try await life.request("aws_instance", [("ami", .string("ami-1")), ("instance_type", .string("t3.micro"))])
        ])
        guard case .failed(let failure, nil)?? = outcome.first else {
            Issue.record("\(outcome)")
            return
        }
        #expect(failure.serviceCode == "InsufficientInstanceCapacity")
        let bodies = http.asked.withLock { $0.suffix(2).map { String(decoding: $0.body ?? [], as: UTF8.self) } }
        #expect(bodies.count == 2 && bodies[0] == bodies[1] && bodies[0].contains("ClientToken=\(intent)"))
        #expect(http.unused == [])
    }

    // MARK: Load balancers

    /// Lists within lists keep AWS's `member`, and a weighted forward comes back as the blocks that it was.
    @Test func listener() async throws {
        let listeners =
            "<DescribeListenersResponse><DescribeListenersResult><Listeners><member><ListenerArn>arn:l</ListenerArn><LoadBalancerArn>arn:b</LoadBalancerArn><Port>80</Port><Protocol>HTTP</Protocol><DefaultActions><member><Type>forward</Type><ForwardConfig><TargetGroups><member><TargetGroupArn>arn:t1</TargetGroupArn><Weight>3</Weight></member><member><TargetGroupArn>arn:t2</TargetGroupArn><Weight>1</Weight></member></TargetGroups></ForwardConfig></member></DefaultActions></member></Listeners></DescribeListenersResult></DescribeListenersResponse>"
        let noTags =
            "<DescribeTagsResponse><DescribeTagsResult><TagDescriptions><member><ResourceArn>arn:l</ResourceArn><Tags/></member></TagDescriptions></DescribeTagsResult></DescribeTagsResponse>"
        let (life, http) = try await life([
            ask(
                elb,
                "CreateListener&DefaultActions.member.1.ForwardConfig.TargetGroups.member.1.TargetGroupArn=arn%3At1&DefaultActions.member.1.ForwardConfig.TargetGroups.member.1.Weight=3&DefaultActions.member.1.ForwardConfig.TargetGroups.member.2.TargetGroupArn=arn%3At2&DefaultActions.member.1.ForwardConfig.TargetGroups.member.2.Weight=1&DefaultActions.member.1.Type=forward&LoadBalancerArn=arn%3Ab&Port=80&Protocol=HTTP&Tags.member.1.Key=ashlar%3Aintent&Tags.member.1.Value=\(intent)",
                listeners.replacingResult("DescribeListeners", with: "CreateListener")),
            ask(elb, "DescribeListeners&ListenerArns.member.1=arn%3Al", listeners),
            ask(elb, "DescribeTags&ResourceArns.member.1=arn%3Al", noTags),
            ask(elb, "DescribeListeners&ListenerArns.member.1=arn%3Al", listeners),
            ask(elb, "DescribeTags&ResourceArns.member.1=arn%3Al", noTags),
        ])
        let type = try #require(life.source.schema.resources[ResourceType("aws_lb_listener")]?.block.block("default_action")?.block)
        let forwards = try #require(type.block("forward")?.block.block("stickiness")?.impliedType)
        let redirects = try #require(type.block("redirect")?.impliedType)
        let fixed = try #require(type.block("fixed_response")?.impliedType)
        func target(_ arn: String, _ weight: Value) -> Value { .object([("arn", .string(arn)), ("weight", weight)]) }
        let action = Value.object([
            ("type", .string("forward")), ("target_group_arn", .null(.string)), ("order", .null(.number)),
            (
                "forward",
                .tuple([
                    .object([
                        ("target_group", .tuple([target("arn:t1", .int(3)), target("arn:t2", .null(.number))])),
                        ("stickiness", try Value.tuple([]).converted(to: forwards)),
                    ])
                ])
            ), ("redirect", try Value.tuple([]).converted(to: redirects)), ("fixed_response", try Value.tuple([]).converted(to: fixed)),
        ])
        let made = try #require(
            try await life.done(
                life.request(
                    "aws_lb_listener",
                    [
                        "load_balancer_arn": .string("arn:b"), "port": .int(80), "protocol": .string("HTTP"),
                        "default_action": .tuple([action]),
                    ])))
        let read = try #require(await life.read([made])[0]?.object)
        #expect(read.attributes == made.attributes)
        #expect(http.unused == [])
    }

    /// A target group's attributes: those of the configuration when it is made, those of the plan when it changes.
    @Test func targetGroup() async throws {
        let group =
            "<R><TargetGroups><member><TargetGroupArn>arn:x:targetgroup/web/1</TargetGroupArn><TargetGroupName>web</TargetGroupName><TargetType>ip</TargetType><Port>80</Port><Protocol>HTTP</Protocol><HealthCheckEnabled>true</HealthCheckEnabled></member></TargetGroups></R>"
        let attributes = [
            "deregistration_delay.timeout_seconds": "300", "stickiness.enabled": "true", "stickiness.type": "lb_cookie",
            "stickiness.lb_cookie.duration_seconds": "60", "load_balancing.algorithm.type": "round_robin",
        ].sorted { $0.key < $1.key }.map { "<member><Key>\($0.key)</Key><Value>\($0.value)</Value></member>" }.joined()
        let arn = "arn%3Ax%3Atargetgroup%2Fweb%2F1"
        let reading: [RecordedExchanges.Exchange] = [
            ask(elb, "DescribeTargetGroups&TargetGroupArns.member.1=\(arn)", group),
            ask(elb, "DescribeTargetGroupAttributes&TargetGroupArn=\(arn)", "<R><Attributes>\(attributes)</Attributes></R>"),
            ask(
                elb, "DescribeTags&ResourceArns.member.1=\(arn)",
                "<R><TagDescriptions><member><ResourceArn>arn:x:targetgroup/web/1</ResourceArn><Tags><member><Key>a</Key><Value>1</Value></member><member><Key>ashlar:intent</Key><Value>\(intent)</Value></member></Tags></member></TagDescriptions></R>"
            ),
        ]
        let sticky =
            "Attributes.member.2.Key=stickiness.enabled&Attributes.member.2.Value=true&Attributes.member.3.Key=stickiness.type&Attributes.member.3.Value=lb_cookie&Attributes.member.4.Key=stickiness.lb_cookie.duration_seconds&Attributes.member.4.Value=60"
        let algorithm = "Attributes.member.2.Key=load_balancing.algorithm.type&Attributes.member.2.Value=round_robin&"
        let moved = sticky.replacing("member.4.", with: "member.5.").replacing("member.3.", with: "member.4.").replacing(
            "member.2.", with: "member.3.")
        func delay(_ seconds: Int) -> String {
            "ModifyTargetGroupAttributes&Attributes.member.1.Key=deregistration_delay.timeout_seconds&Attributes.member.1.Value=\(seconds)&"
        }
        let (life, http) = try await life(
            [
                ask(
                    elb,
                    "CreateTargetGroup&Name=web&Port=80&Protocol=HTTP&Tags.member.1.Key=a&Tags.member.1.Value=1&Tags.member.2.Key=ashlar%3Aintent&Tags.member.2.Value=\(intent)&TargetType=ip&VpcId=vpc-1",
                    group),
                ask(elb, delay(300) + sticky + "&TargetGroupArn=\(arn)", "<R/>"),
            ] + reading + [
                ask(elb, delay(30) + algorithm + moved + "&TargetGroupArn=\(arn)", "<R/>"),
                ask(elb, "RemoveTags&ResourceArns.member.1=\(arn)&TagKeys.member.1=a", "<R/>"),
                ask(elb, "AddTags&ResourceArns.member.1=\(arn)&Tags.member.1.Key=b&Tags.member.1.Value=2", "<R/>"),
            ])
        func arguments(_ delay: Int, _ tag: String) -> [(String, Value)] {
            [
                ("name", .string("web")), ("target_type", .string("ip")), ("port", .int(80)), ("protocol", .string("HTTP")),
                ("vpc_id", .string("vpc-1")), ("deregistration_delay", .int(delay)),
                ("tags", .object([(tag, .string(tag == "a" ? "1" : "2"))])),
                (
                    "stickiness",
                    .tuple([
                        .object([
                            ("enabled", .null(.bool)), ("type", .string("lb_cookie")), ("cookie_duration", .int(60)),
                            ("cookie_name", .null(.string)),
                        ])
                    ])
                ),
            ]
        }
        let made = try #require(try await life.done(life.request("aws_lb_target_group", arguments(300, "a"))))
        #expect(made.attributes["load_balancing_algorithm_type"] == .string("round_robin"))
        #expect(try made.attributes["tags"] == Value.object([("a", .string("1"))]).converted(to: .map(.string)))
        _ = try #require(try await life.done(life.request("aws_lb_target_group", arguments(30, "b"), prior: made)))
        #expect(http.unused == [])
    }

    // MARK: Data sources

    @Test func image() async throws {
        let images =
            "<R><imagesSet><item><imageId>ami-1</imageId><name>a-1</name><creationDate>2026-01-01T00:00:00.000Z</creationDate></item><item><imageId>ami-2</imageId><name>a-2</name><creationDate>2026-03-01T00:00:00.000Z</creationDate></item><item><imageId>ami-3</imageId><name>b-1</name><creationDate>2026-09-01T00:00:00.000Z</creationDate></item></imagesSet></R>"
        let asked = "DescribeImages&Filter.1.Name=architecture&Filter.1.Value.1=arm64&Owner.1=amazon"
        let (life, http) = try await life([ask(ec2, asked, images), ask(ec2, asked, images)])
        let reading = try #require(life.provider as? any DataReading)
        func configuration(_ isMostRecent: Bool) throws -> Value {
            try life.source.configuration(
                "aws_ami",
                [
                    ("owners", .tuple([.string("amazon")])), ("most_recent", .bool(isMostRecent)), ("name_regex", .string("^a-")),
                    ("filter", .tuple([.object([("name", .string("architecture")), ("values", .tuple([.string("arm64")]))])])),
                ], mode: .data)
        }
        let image = try await reading.readData(DataRequest(address: address("aws_ami"), configuration: try configuration(true)))
        #expect(image["id"] == .string("ami-2"))
        let failure = await #expect(throws: ProviderFailure.self) {
            _ = try await reading.readData(DataRequest(address: address("aws_ami"), configuration: try configuration(false)))
        }
        #expect(failure?.detail.contains("set most_recent") == true)
        #expect(http.unused == [])
    }
}

extension String {
    /// The same answer to another action.
    fileprivate func replacingResult(_ action: String, with other: String) -> String {
        split(separator: action, omittingEmptySubsequences: false).joined(separator: other)
    }
}
