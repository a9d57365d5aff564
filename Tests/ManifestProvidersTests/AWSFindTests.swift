import Addresses
import ProviderKit
import Testing
import Transport
import Values

@testable import ManifestProviders

private let intent = String(repeating: "ab", count: 16)
private let hosts = ["ec2": "2016-11-15", "rds": "2014-10-31", "elasticloadbalancing": "2015-12-01"]

/// What a crash before the request leaves open must not make somebody else's object ours, to be destroyed later: what is there under the
/// name or in the place is taken only where it carries the intent, or is in all its parts what was to be made.
@Suite struct AWSFindTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var type: String
        var arguments: [(String, Value)]
        /// Asked in this order: service, action with its parameters, answer. `OWNER` stands for the intent it carries.
        var exchanges: [(String, String, String)]
        /// Asked once more when it is ours.
        var read: [(String, String, String)]
        var id: String
        var testDescription: String { type }
    }

    private static func tags(_ arn: String) -> String {
        "<DescribeTagsResponse><DescribeTagsResult><TagDescriptions><member><ResourceArn>\(arn)</ResourceArn><Tags><member><Key>Name</Key><Value/></member><member><Key>ashlar:intent</Key><Value>OWNER</Value></member></Tags></member></TagDescriptions></DescribeTagsResult></DescribeTagsResponse>"
    }

    private static func list(_ element: String, _ object: String) -> String { "<R><\(element)><member>\(object)</member></\(element)></R>" }

    private static let balancer = list(
        "LoadBalancers",
        "<LoadBalancerArn>arn:x:loadbalancer/app/shop/1</LoadBalancerArn><LoadBalancerName>shop</LoadBalancerName><Type>application</Type><DNSName>shop.test</DNSName>"
    )
    private static let group = list(
        "TargetGroups",
        "<TargetGroupArn>arn:x:targetgroup/shop/1</TargetGroupArn><TargetGroupName>shop</TargetGroupName><TargetType>instance</TargetType>")
    private static func listener(_ port: Int, _ arn: String) -> String {
        "<member><ListenerArn>\(arn)</ListenerArn><LoadBalancerArn>arn:b</LoadBalancerArn><Port>\(port)</Port><Protocol>HTTP</Protocol><DefaultActions><member><Type>forward</Type><TargetGroupArn>arn:t</TargetGroupArn></member></DefaultActions></member>"
    }
    private static let subnets =
        "<R><DBSubnetGroups><DBSubnetGroup><DBSubnetGroupName>shop</DBSubnetGroupName><DBSubnetGroupDescription>Managed by Terraform</DBSubnetGroupDescription><DBSubnetGroupArn>arn:g</DBSubnetGroupArn><Subnets><Subnet><SubnetIdentifier>s-1</SubnetIdentifier></Subnet></Subnets></DBSubnetGroup></DBSubnetGroups></R>"
    private static let subnetTags =
        "<R><TagList><Tag><Key>ashlar:intent</Key><Value>OWNER</Value></Tag></TagList></R>"

    static let cases: [Case] = [
        Case(
            type: "aws_lb", arguments: [("name", .string("shop"))],
            exchanges: [
                ("elasticloadbalancing", "DescribeLoadBalancers&Names.member.1=shop", balancer),
                (
                    "elasticloadbalancing", "DescribeTags&ResourceArns.member.1=arn%3Ax%3Aloadbalancer%2Fapp%2Fshop%2F1",
                    tags("arn:x:loadbalancer/app/shop/1")
                ),
            ],
            read: [
                (
                    "elasticloadbalancing", "DescribeLoadBalancers&LoadBalancerArns.member.1=arn%3Ax%3Aloadbalancer%2Fapp%2Fshop%2F1",
                    balancer
                ),
                (
                    "elasticloadbalancing", "DescribeLoadBalancerAttributes&LoadBalancerArn=arn%3Ax%3Aloadbalancer%2Fapp%2Fshop%2F1",
                    "<R><Attributes/></R>"
                ),
                (
                    "elasticloadbalancing", "DescribeTags&ResourceArns.member.1=arn%3Ax%3Aloadbalancer%2Fapp%2Fshop%2F1",
                    tags("arn:x:loadbalancer/app/shop/1")
                ),
            ], id: "arn:x:loadbalancer/app/shop/1"),
        Case(
            type: "aws_lb_target_group", arguments: [("name", .string("shop"))],
            exchanges: [
                ("elasticloadbalancing", "DescribeTargetGroups&Names.member.1=shop", group),
                (
                    "elasticloadbalancing", "DescribeTags&ResourceArns.member.1=arn%3Ax%3Atargetgroup%2Fshop%2F1",
                    tags("arn:x:targetgroup/shop/1")
                ),
            ],
            read: [
                ("elasticloadbalancing", "DescribeTargetGroups&TargetGroupArns.member.1=arn%3Ax%3Atargetgroup%2Fshop%2F1", group),
                (
                    "elasticloadbalancing", "DescribeTargetGroupAttributes&TargetGroupArn=arn%3Ax%3Atargetgroup%2Fshop%2F1",
                    "<R><Attributes/></R>"
                ),
                (
                    "elasticloadbalancing", "DescribeTags&ResourceArns.member.1=arn%3Ax%3Atargetgroup%2Fshop%2F1",
                    tags("arn:x:targetgroup/shop/1")
                ),
            ], id: "arn:x:targetgroup/shop/1"),
        // On the second page of the balancer's listeners; whose tags those on the first have is not asked.
        Case(
            type: "aws_lb_listener",
            arguments: [("load_balancer_arn", .string("arn:b")), ("port", .int(80)), ("protocol", .string("HTTP"))],
            exchanges: [
                (
                    "elasticloadbalancing", "DescribeListeners&LoadBalancerArn=arn%3Ab",
                    "<R><Listeners>\(listener(443, "arn:other"))</Listeners><NextMarker>m</NextMarker></R>"
                ),
                (
                    "elasticloadbalancing", "DescribeListeners&LoadBalancerArn=arn%3Ab&Marker=m",
                    "<R><Listeners>\(listener(80, "arn:l"))</Listeners></R>"
                ),
                ("elasticloadbalancing", "DescribeTags&ResourceArns.member.1=arn%3Al", tags("arn:l")),
            ],
            read: [
                (
                    "elasticloadbalancing", "DescribeListeners&ListenerArns.member.1=arn%3Al",
                    "<R><Listeners>\(listener(80, "arn:l"))</Listeners></R>"
                ),
                ("elasticloadbalancing", "DescribeTags&ResourceArns.member.1=arn%3Al", tags("arn:l")),
            ], id: "arn:l"),
        Case(
            type: "aws_db_subnet_group", arguments: [("name", .string("Shop")), ("subnet_ids", .tuple([.string("s-1")]))],
            exchanges: [
                ("rds", "DescribeDBSubnetGroups&DBSubnetGroupName=shop", subnets),
                ("rds", "ListTagsForResource&ResourceName=arn%3Ag", subnetTags),
            ],
            read: [
                ("rds", "DescribeDBSubnetGroups&DBSubnetGroupName=shop", subnets),
                ("rds", "ListTagsForResource&ResourceName=arn%3Ag", subnetTags),
            ], id: "shop"),
        // A route has no tags: one to another target is another.
        Case(
            type: "aws_route",
            arguments: [
                ("route_table_id", .string("rtb-1")), ("destination_cidr_block", .string("0.0.0.0/0")), ("gateway_id", .string(intent)),
            ],
            exchanges: [("ec2", "DescribeRouteTables&RouteTableId.1=rtb-1", route)],
            read: [("ec2", "DescribeRouteTables&RouteTableId.1=rtb-1", route)], id: "r-rtb-1-0.0.0.0/0"),
    ]
    private static let route =
        "<R><routeTableSet><item><routeSet><item><destinationCidrBlock>0.0.0.0/0</destinationCidrBlock><gatewayId>OWNER</gatewayId></item></routeSet></item></routeTableSet></R>"

    private func find(_ subject: Case, _ exchanges: [(String, String, String)], owner: String) async throws -> FindOutcome {
        let http = RecordedExchanges(
            exchanges.map { service, asked, answer in
                let parts = asked.split(separator: "&", maxSplits: 1)
                return .init(
                    "POST https://\(service).eu-central-1.amazonaws.com/",
                    body: "Action=\(parts[0])&Version=\(hosts[service] ?? "")&\(parts[1])",
                    headers: [HTTPHeader("Content-Type", "text/xml")],
                    answer.split(separator: "OWNER", omittingEmptySubsequences: false).joined(separator: owner)
                )
            })
        let life = try await Lifecycle(
            try repositoryProvider("aws", transports(http: http)),
            settings: ["region": .string("eu-central-1"), "access_key": .string("AKID"), "secret_key": .string("SECRET")])
        let request = try await life.request(subject.type, subject.arguments)
        let found = try await life.provider.find(
            FindRequest(
                intent: request.intent, action: .create, address: request.address, type: request.type, planned: request.proposal.planned,
                prior: nil))
        #expect(http.unused == [])
        return found
    }

    @Test(arguments: cases) func aForeignOneIsNotAdopted(_ subject: Case) async throws {
        let found = try await find(subject, subject.exchanges, owner: "somebody-else")
        guard case .absent = found else {
            Issue.record("\(found)")
            return
        }
    }

    @Test(arguments: cases) func oursIsFound(_ subject: Case) async throws {
        switch try await find(subject, subject.exchanges + subject.read, owner: intent) {
        case .found(let object), .unfinished(let object, _): #expect(object.attributes["id"] == .string(subject.id))
        case let other: Issue.record("\(other)")
        }
    }
}
