import Synchronization

/// As much of EC2's query protocol as a VPC needs.
public final class FakeEC2: ServiceModel {
    private let objects = Mutex(Objects())

    private struct VPC {
        var range: String
        var tags: [(String, String)]
        var support = "true"
        var names = "false"
        /// How often it is still pending when asked for.
        var pending: Int
    }

    private struct Objects {
        var networks: [String: VPC] = [:]
        var creates = 0
        var pending = 0
    }

    public init() {}

    public var creates: Int { objects.withLock { $0.creates } }
    public var names: [String] { objects.withLock { $0.networks.keys.sorted() } }
    public func removeAll() { objects.withLock { $0.networks = [:] } }
    /// What is made from now on is pending for so many answers.
    public func stayPending(_ answers: Int) { objects.withLock { $0.pending = answers } }

    public func answer(_ request: ServiceRequest) -> ServiceAnswer {
        let form = request.form
        return objects.withLock { objects in Self.answer(form, &objects) }
    }

    private static func answer(_ form: [String: String], _ objects: inout Objects) -> ServiceAnswer {
        let action = form["Action"] ?? ""
        let id = form["VpcId"] ?? form["VpcId.1"] ?? form["ResourceId.1"]
        if let id, objects.networks[id] == nil, action != "DescribeNetworkAcls" {
            return refusal(400, "InvalidVpcID.NotFound", "The vpc ID '\(id)' does not exist")
        }
        switch action {
        case "CreateVpc":
            objects.creates += 1
            let id = "vpc-\(objects.creates)"
            var tags: [(String, String)] = []
            var number = 1
            while let key = form["TagSpecification.1.Tag.\(number).Key"] {
                tags.append((key, form["TagSpecification.1.Tag.\(number).Value"] ?? ""))
                number += 1
            }
            objects.networks[id] = VPC(range: form["CidrBlock"] ?? "", tags: tags, pending: objects.pending)
            return response(action, "<vpc><vpcId>\(id)</vpcId><state>pending</state></vpc>")
        case "DescribeVpcs":
            let wanted = form["Filter.1.Value.1"]
            let found = objects.networks.filter { entry in
                id.map { $0 == entry.key } ?? (wanted == nil || entry.value.tags.contains { $0.1 == wanted })
            }
            let texts = found.sorted { $0.key < $1.key }.map { id, network in
                let state = network.pending > 0 ? "pending" : "available"
                let tags = network.tags.map { "<item><key>\(written($0.0))</key><value>\(written($0.1))</value></item>" }.joined()
                return
                    "<item><vpcId>\(id)</vpcId><ownerId>1</ownerId><state>\(state)</state><cidrBlock>\(network.range)</cidrBlock><instanceTenancy>default</instanceTenancy><tagSet>\(tags)</tagSet></item>"
            }
            for id in found.keys { objects.networks[id]?.pending -= 1 }
            return response(action, "<vpcSet>\(texts.joined())</vpcSet>")
        case "DescribeVpcAttribute":
            guard let id, let network = objects.networks[id] else { return refusal(400, "MissingParameter", "VpcId") }
            let name = form["Attribute"] ?? ""
            return response(action, "<\(name)><value>\(name == "enableDnsSupport" ? network.support : network.names)</value></\(name)>")
        case "ModifyVpcAttribute":
            if let id, let value = form["EnableDnsSupport.Value"] { objects.networks[id]?.support = value }
            if let id, let value = form["EnableDnsHostnames.Value"] { objects.networks[id]?.names = value }
            return response(action, "<return>true</return>")
        case "DescribeNetworkAcls":
            return response(action, "<networkAclSet><item><networkAclId>acl-1</networkAclId></item></networkAclSet>")
        case "DescribeSecurityGroups":
            return response(action, "<securityGroupInfo><item><groupId>sg-1</groupId></item></securityGroupInfo>")
        case "DescribeRouteTables":
            return response(action, "<routeTableSet><item><routeTableId>rtb-1</routeTableId></item></routeTableSet>")
        case "CreateTags":
            if let id, let key = form["Tag.1.Key"] {
                objects.networks[id]?.tags.removeAll { $0.0 == key }
                objects.networks[id]?.tags.append((key, form["Tag.1.Value"] ?? ""))
            }
            return response(action, "<return>true</return>")
        case "DeleteVpc":
            if let id { objects.networks[id] = nil }
            return response(action, "<return>true</return>")
        default: return refusal(400, "InvalidAction", "The action \(action) is not valid for this web service.")
        }
    }

    /// A text in XML.
    private static func written(_ text: String) -> String { text.replacing("&", with: "&amp;").replacing("<", with: "&lt;") }

    private static func response(_ action: String, _ inner: String) -> ServiceAnswer {
        ServiceAnswer(200, "<\(action)Response><requestId>req-ok</requestId>\(inner)</\(action)Response>", type: "text/xml")
    }

    /// EC2's own form of an error.
    public static func refusal(_ status: Int, _ code: String, _ message: String, headers: [String: String] = [:]) -> ServiceAnswer {
        ServiceAnswer(
            status,
            "<Response><Errors><Error><Code>\(code)</Code><Message>\(message)</Message></Error></Errors><RequestID>req-7</RequestID></Response>",
            type: "text/xml", headers: headers)
    }
}
