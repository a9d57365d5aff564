import Addresses
import ProviderKit
import Synchronization
import Testing
import Transport
import Values

@testable import ManifestProviders

private let manifest = """
    provider "aws" {
      setting "region" {
        type    = string
        default = "eu-west-1"
      }
      http {
        protocol   = "aws-query"
        base_url   = "https://${service}.${setting.region}.amazonaws.com"
        region     = setting.region
        access_key = "AKID"
        secret_key = "SECRET"
        versions   = { ec2 = "2016-11-15", rds = "2014-10-31" }
        error {
          code       = try(response.body.Errors[0].Code, response.body.Error.Code)
          message    = try(response.body.Errors[0].Message, response.body.Error.Message)
          request_id = try(response.body.RequestID, response.body.RequestId)
        }
        gone { when = endswith(error.code, ".NotFound") || error.code == "DBInstanceNotFound" }
      }
    }
    resource "aws_vpc" {
      service = "ec2"
      attributes = {
        id         = { type = string, computed = true }
        cidr_block = { type = string, required = true, replaces = true }
        tags       = { type = map(string), optional = true }
      }
      create {
        action = "CreateVpc"
        params = { CidrBlock = cidr_block, TagSpecification = [{ ResourceType = "vpc", Tag = [for k, v in tags : { Key = k, Value = v }] }] }
        id     = response.body.vpc.vpcId
      }
      read {
        action = "DescribeVpcs"
        params = { VpcId = [id] }
        object = response.body.vpcSet[0]
      }
      update { attributes = ["tags"] }
      delete {
        action = "DeleteVpc"
        params = { VpcId = id }
      }
      object = {
        cidr_block = object.cidrBlock
        tags       = { for t in items(try(object.tagSet, null)) : t.key => t.value }
      }
    }
    resource "aws_db_instance" {
      service = "rds"
      attributes = {
        id      = { type = string, computed = true }
        groups  = { type = list(string), optional = true }
        subnets = { type = list(string), optional = true }
        address = { type = string, computed = true }
      }
      create {
        action = "CreateDBInstance"
        params = { DBInstanceIdentifier = "x", VpcSecurityGroupIds = groups, "SubnetIds.SubnetIdentifier" = subnets }
        id     = response.body.DBInstance.DBInstanceIdentifier
      }
      read {
        action = "DescribeDBInstances"
        params = { DBInstanceIdentifier = id }
        object = response.body.DBInstances[0]
      }
      update {}
      delete {
        action = "DeleteDBInstance"
        params = { DBInstanceIdentifier = id }
      }
      object = { address = object.Endpoint.Address }
    }
    """

@Suite struct AWSTests {
    @Test func parametersAndAnswers() async throws {
        let xml = [HTTPHeader("Content-Type", "text/xml;charset=UTF-8")]
        let http = RecordedExchanges([
            .init(
                "POST https://ec2.eu-west-1.amazonaws.com/",
                body:
                    "Action=CreateVpc&Version=2016-11-15&CidrBlock=10.0.0.0%2F16&TagSpecification.1.ResourceType=vpc&TagSpecification.1.Tag.1.Key=Name&TagSpecification.1.Tag.1.Value=a%20b",
                headers: xml,
                "<?xml version=\"1.0\"?><CreateVpcResponse xmlns=\"http://ec2\"><vpc><vpcId>vpc-1</vpcId></vpc></CreateVpcResponse>"),
            .init(
                "POST https://ec2.eu-west-1.amazonaws.com/", body: "Action=DescribeVpcs&Version=2016-11-15&VpcId.1=vpc-1", headers: xml,
                "<DescribeVpcsResponse><vpcSet><item><cidrBlock>10.0.0.0/16</cidrBlock><tagSet><item><key>Name</key><value>a &amp; b</value></item></tagSet></item></vpcSet></DescribeVpcsResponse>"
            ),
            .init(
                "POST https://ec2.eu-west-1.amazonaws.com/", status: 400, headers: xml,
                "<Response><Errors><Error><Code>InvalidVpcID.NotFound</Code><Message>no</Message></Error></Errors><RequestID>r</RequestID></Response>"
            ),
            .init(
                "POST https://rds.eu-west-1.amazonaws.com/",
                body:
                    "Action=CreateDBInstance&Version=2014-10-31&DBInstanceIdentifier=x&SubnetIds.SubnetIdentifier.1=s1&SubnetIds.SubnetIdentifier.2=s2&VpcSecurityGroupIds.member.1=g1",
                headers: xml,
                "<CreateDBInstanceResponse><CreateDBInstanceResult><DBInstance><DBInstanceIdentifier>x</DBInstanceIdentifier></DBInstance></CreateDBInstanceResult></CreateDBInstanceResponse>"
            ),
            .init(
                "POST https://rds.eu-west-1.amazonaws.com/", headers: xml,
                "<DescribeDBInstancesResponse><DescribeDBInstancesResult><DBInstances><DBInstance><Endpoint><Address>h</Address></Endpoint></DBInstance></DBInstances></DescribeDBInstancesResult></DescribeDBInstancesResponse>"
            ),
        ])
        let life = try await Lifecycle(try source(manifest, transports(http: http)))
        let tags = Value.object([("Name", .string("a b"))])
        let vpc = try #require(try await life.done(life.request("aws_vpc", ["cidr_block": .string("10.0.0.0/16"), "tags": tags])))
        #expect(vpc.attributes["id"] == .string("vpc-1"))
        let outcome = await life.read([vpc])[0]
        let read = try #require(outcome?.object, "\(String(describing: outcome))")
        #expect(read.attributes["tags"]?["Name"] == .string("a & b"))
        #expect(await life.read([vpc]).first??.isGone == true)
        let database = try #require(
            try await life.done(
                life.request("aws_db_instance", ["groups": .tuple([.string("g1")]), "subnets": .tuple([.string("s1"), .string("s2")])])))
        #expect(database.attributes["address"] == .string("h"))
        #expect(http.unused == [])
        let first = http.asked.withLock { $0[0] }
        #expect(first.headers.first { $0.name == "Authorization" }?.value.contains("/eu-west-1/ec2/aws4_request") == true)
        #expect(first.headers.first { $0.name == "Authorization" }?.isSensitive == true)
    }

    @Test func xml() throws {
        let value = try XMLReader.read(
            Array(
                "<!-- c --><a:R x='>'><Things><Thing>1</Thing></Things><Empty/><Blank> </Blank><T><![CDATA[<&>]]></T><n>&#x41;&lt;</n><k>1</k><k>2</k><Policies><Policy/></Policies></a:R>"
                    .utf8))
        #expect(value.name == "R")
        #expect(
            value.value
                == .object([
                    ("Things", .tuple([.string("1")])), ("Empty", .null(.string)), ("Blank", .null(.string)), ("T", .string("<&>")),
                    ("n", .string("A<")),
                    ("k", .tuple([.string("1"), .string("2")])), ("Policies", .tuple([.null(.string)])),
                ]))
        for broken in [
            "", "<a>", "<a></b>", "<a", "<a>&unknown;</a>", "<a>&amp</a>", String(repeating: "<a>", count: 100_000), "</a>", "<>",
            "<!DOCTYPE",
        ] {
            #expect(throws: XMLReader.Failure.self) { try XMLReader.read(Array(broken.utf8)) }
        }
    }

    /// Foreign bytes never crash the reader.
    @Test func xmlSurvivesDamage() {
        var random = SeededGenerator(state: 11)
        let good = Array("<R a=\"b\"><S><item>1</item><item>&amp;</item></S><T><![CDATA[x]]></T><!-- y --></R>".utf8)
        for _ in 0..<20_000 {
            var bytes = good
            for _ in 0..<Int.random(in: 1...4, using: &random) where !bytes.isEmpty {
                switch Int.random(in: 0...2, using: &random) {
                case 0: bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
                case 1: bytes.remove(at: Int.random(in: 0..<bytes.count, using: &random))
                default: bytes = Array(bytes.prefix(Int.random(in: 1...bytes.count, using: &random)))
                }
            }
            _ = try? XMLReader.read(bytes)
        }
    }
}
