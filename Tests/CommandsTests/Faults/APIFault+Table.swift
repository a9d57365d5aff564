import TestSupport

extension APIFault {
    private static let rule = "lxd_network_acl.web"
    private static let network = "aws_vpc.main"

    static let table: [APIFault] = lxdCreates + lxdLater + instances + awsCreates + awsLater + silent

    // MARK: Rules of LXD: answered at once

    private static let lxdCreates: [APIFault] = [
        .init(
            name: "401", cloud: .lxd, moment: .create, faults: [.init("POST", .answer(FakeLXD.refusal(401, "not authorized")))],
            says: ["The service refused", "creating \(rule)", "status 401", "not authorized", "Check the provider's credentials."],
            recorded: []),
        .init(
            name: "403", cloud: .lxd, moment: .create, faults: [.init("POST", .answer(FakeLXD.refusal(403, "not permitted")))],
            says: ["status 403", "not permitted", "check their permissions"], recorded: []),
        .init(
            name: "404 of what it is to be in", cloud: .lxd, moment: .create,
            faults: [.init("POST", .answer(FakeLXD.refusal(404, "Project not found")))], says: ["status 404", "Project not found"],
            recorded: []),
        .init(
            name: "409 taken", cloud: .lxd, moment: .create, faults: [.init("POST", .answer(FakeLXD.refusal(409, "already exists")))],
            says: ["status 409", "already exists"], recorded: []),
        .init(
            name: "429 for a moment", cloud: .lxd, moment: .create,
            faults: [.init("POST", times: 2, .answer(ServiceAnswer(429, "{}", headers: ["Retry-After": "1"])))], exit: 0, recorded: [rule]),
        .init(
            name: "429 for long", cloud: .lxd, moment: .create,
            faults: [.init("POST", .answer(ServiceAnswer(429, "{}", headers: ["Retry-After": "900"])))],
            says: ["status 429", "in 900 seconds"], recorded: []),
        .init(
            name: "500", cloud: .lxd, moment: .create, faults: [.init("POST", .answer(FakeLXD.refusal(500, "Failed to apply")))],
            says: ["status 500", "Failed to apply"], recorded: []),
        .init(
            name: "500 after the work", cloud: .lxd, moment: .create,
            faults: [.init("POST", afterTheWork: true, .answer(FakeLXD.refusal(500, "Context deadline exceeded")))],
            says: ["status 500", "Context deadline exceeded", "The next run looks for it"]),
        .init(
            name: "503 for a moment", cloud: .lxd, moment: .create,
            faults: [.init("POST", times: 2, .answer(ServiceAnswer(503, "busy", type: "text/plain")))],
            exit: 0, recorded: [rule]),
        .init(
            name: "a page of a proxy", cloud: .lxd, moment: .create, faults: [.init("POST", .answer(html))],
            says: ["Unexpected answer", "creating \(rule)", "POST http://127.0.0.1", "text/html", "Please log in"]),
        .init(
            name: "truncated JSON after the work", cloud: .lxd, moment: .create,
            faults: [.init("POST", afterTheWork: true, .answer(ServiceAnswer(200, "{\"type\": \"sync\", \"meta")))],
            says: ["Unexpected answer", "creating \(rule)", "JSON", "The next run looks for it"]),
        .init(
            name: "an empty body after the work", cloud: .lxd, moment: .create,
            faults: [.init("POST", afterTheWork: true, .answer(ServiceAnswer(200, "")))], says: ["empty", "creating \(rule)"]),
        .init(
            name: "the connection closed before the work", cloud: .lxd, moment: .create, faults: [.init("POST", .close)],
            says: ["closed the connection without an answer", "The next run looks for it"]),
        .init(
            name: "the connection closed after the work", cloud: .lxd, moment: .create, faults: [.init("POST", afterTheWork: true, .close)],
            says: ["closed the connection without an answer", "The next run looks for it"]),
        .init(
            name: "half an answer after the work", cloud: .lxd, moment: .create,
            faults: [.init("POST", afterTheWork: true, .truncated(ServiceAnswer(200, "{\"type\": \"sync\"}"), bytes: 5))],
            says: ["before the whole answer was there", "The next run looks for it"]),
        .init(
            name: "something that is not HTTP", cloud: .lxd, moment: .create, faults: [.init("POST", .bytes("SSH-2.0-OpenSSH_9.2\r\n"))],
            says: ["is not HTTP"]),
        .init(
            name: "no answer in time", cloud: .lxd, moment: .create, faults: [.init("POST", afterTheWork: true, .silence(4))],
            says: ["No answer in time", "within 2 s", "The next run looks for it"]),
    ]

    private static let lxdLater: [APIFault] = [
        .init(
            name: "401", cloud: .lxd, moment: .read, faults: [.init("GET", .answer(FakeLXD.refusal(401, "not authorized")))],
            says: ["reading \(rule)", "status 401", "not authorized"], recorded: [rule]),
        .init(
            name: "404: somebody removed it", cloud: .lxd, moment: .read, faults: [], exit: 0, says: ["1 to add"], creates: 2,
            preparing: { lxd, _ in lxd.remove("web") }),
        .init(
            name: "500", cloud: .lxd, moment: .read, faults: [.init("GET", .answer(FakeLXD.refusal(500, "database is locked")))],
            says: ["reading \(rule)", "status 500", "database is locked"], recorded: [rule]),
        .init(
            name: "a page of a proxy", cloud: .lxd, moment: .read, faults: [.init("GET", .answer(html))],
            says: ["Unexpected answer", "reading \(rule)", "text/html"], recorded: [rule]),
        .init(
            name: "an empty body", cloud: .lxd, moment: .read, faults: [.init("GET", .answer(ServiceAnswer(200, "")))],
            says: ["reading \(rule)", "empty"], recorded: [rule]),
        .init(
            name: "the wrong content", cloud: .lxd, moment: .read,
            faults: [.init("GET", .answer(ServiceAnswer(200, "{\"metadata\": {\"hello\": 1}}")))],
            says: ["Unexpected answer", "reading \(rule)"], recorded: [rule]),
        .init(
            name: "nothing at all", cloud: .lxd, moment: .read, faults: [.init("GET", .close)], exit: 0,
            says: ["reading \(rule)", "closed the connection without an answer", "on main.tf line", "1 object could not be read"],
            recorded: [rule]),
        .init(
            name: "412: changed at the same time", cloud: .lxd, moment: .update,
            faults: [.init("PUT", times: 1, .answer(FakeLXD.refusal(412, "ETag doesn't match")))],
            says: ["updating \(rule)", "status 412", "ETag", "changed by somebody else"], recorded: [rule]),
        .init(
            name: "404: removed in between", cloud: .lxd, moment: .update,
            faults: [.init("PUT", .answer(FakeLXD.refusal(404, "ACL not found")))],
            says: ["updating \(rule)", "status 404"], recorded: [rule]),
        .init(
            name: "500", cloud: .lxd, moment: .update, faults: [.init("PUT", .answer(FakeLXD.refusal(500, "Failed to apply")))],
            says: ["updating \(rule)", "status 500", "Failed to apply"], recorded: [rule]),
        .init(
            name: "closed after the work", cloud: .lxd, moment: .update, faults: [.init("PUT", afterTheWork: true, .close)],
            says: ["updating \(rule)", "closed"], recorded: [rule]),
        .init(
            name: "truncated JSON after the work", cloud: .lxd, moment: .update,
            faults: [.init("PUT", afterTheWork: true, .answer(ServiceAnswer(200, "{\"ty")))],
            says: ["updating \(rule)", "Unexpected answer", "JSON"], recorded: [rule]),
        .init(
            name: "403", cloud: .lxd, moment: .delete, faults: [.init("DELETE", .answer(FakeLXD.refusal(403, "ACL is in use")))],
            says: ["deleting \(rule)", "status 403", "ACL is in use"], recorded: [rule]),
        .init(
            name: "404: gone already", cloud: .lxd, moment: .delete,
            faults: [.init("DELETE", afterTheWork: true, .answer(FakeLXD.refusal(404, "not found")))],
            exit: 0, recorded: []),
        .init(
            name: "closed after the work", cloud: .lxd, moment: .delete, faults: [.init("DELETE", afterTheWork: true, .close)],
            says: ["deleting \(rule)", "closed"]),
        .init(
            name: "a page of a proxy", cloud: .lxd, moment: .delete, faults: [.init("DELETE", .answer(html))],
            says: ["deleting \(rule)", "Unexpected answer", "text/html"]),
    ]

    // MARK: Instances of LXD: operations that are waited for

    private static let instances: [APIFault] = [
        .init(
            name: "accepted, and fails later", cloud: .instance, moment: .create, faults: [],
            says: ["creating lxd_instance.m", "Image not found in store"], recorded: [],
            preparing: { lxd, _ in lxd.failLater("m", "Image not found in store") }),
        .init(
            name: "429 in the middle of a wait", cloud: .instance, moment: .create,
            faults: [.init("GET", containing: "/operations/", times: 3, .answer(ServiceAnswer(429, "{}", headers: ["Retry-After": "1"])))],
            exit: 0, recorded: ["lxd_instance.m"]),
        .init(
            name: "500 for a moment in the middle of a wait", cloud: .instance, moment: .create,
            faults: [.init("GET", containing: "/operations/", times: 2, .answer(FakeLXD.refusal(500, "database is locked")))], exit: 0,
            recorded: ["lxd_instance.m"]),
        .init(
            name: "a page of a proxy for a moment in the middle of a wait", cloud: .instance, moment: .create,
            faults: [.init("GET", containing: "/operations/", times: 2, .answer(html))], exit: 0, recorded: ["lxd_instance.m"]),
        // Found by the next run, not started yet: half made, and so made anew.
        .init(
            name: "401 in the middle of a wait", cloud: .instance, moment: .create,
            faults: [.init("GET", containing: "/operations/", .answer(FakeLXD.refusal(401, "not authorized")))],
            says: ["creating lxd_instance.m", "status 401", "The next run looks for it"], creates: 2),
        .init(
            name: "cut off in the middle of a wait", cloud: .instance, moment: .create,
            faults: [.init("GET", containing: "/operations/", .close)],
            says: ["creating lxd_instance.m", "closed", "The next run looks for it"], creates: 2),
    ]

    // MARK: AWS

    private static func refused(_ status: Int, _ code: String, _ message: String = "Said by the service.") -> ServiceFault.Effect {
        .answer(FakeEC2.refusal(status, code, message))
    }

    private static let awsCreates: [APIFault] = [
        .init(
            name: "401", cloud: .vpc, moment: .create, faults: [.init(containing: "Action=CreateVpc", refused(401, "AuthFailure"))],
            says: ["creating \(network)", "AuthFailure", "Said by the service.", "request id req-7", "Check the provider's credentials."],
            recorded: []),
        .init(
            name: "403", cloud: .vpc, moment: .create,
            faults: [.init(containing: "Action=CreateVpc", refused(403, "UnauthorizedOperation"))],
            says: ["UnauthorizedOperation", "request id req-7", "check their permissions"], recorded: []),
        .init(
            name: "a limit", cloud: .vpc, moment: .create,
            faults: [.init(containing: "Action=CreateVpc", refused(400, "VpcLimitExceeded"))],
            says: ["VpcLimitExceeded", "request id req-7"], recorded: []),
        .init(
            name: "throttled for a moment", cloud: .vpc, moment: .create,
            faults: [.init(containing: "Action=CreateVpc", times: 2, refused(400, "Throttling"))], exit: 0, recorded: [network]),
        .init(
            name: "503 for a moment", cloud: .vpc, moment: .create,
            faults: [.init(containing: "Action=CreateVpc", times: 2, refused(503, "Unavailable"))], exit: 0, recorded: [network]),
        .init(
            name: "500 before the work", cloud: .vpc, moment: .create,
            faults: [.init(containing: "Action=CreateVpc", times: 1, refused(500, "InternalError"))],
            says: ["status 500 (InternalError)", "request id req-7", "The next run looks for it"], recorded: []),
        .init(
            name: "500 after the work", cloud: .vpc, moment: .create,
            faults: [.init(containing: "Action=CreateVpc", times: 1, afterTheWork: true, refused(500, "InternalError"))],
            says: ["status 500 (InternalError)", "The next run looks for it"]),
        .init(
            name: "truncated XML after the work", cloud: .vpc, moment: .create,
            faults: [
                .init(
                    containing: "Action=CreateVpc", afterTheWork: true,
                    .answer(ServiceAnswer(200, "<CreateVpcResponse><vpc>", type: "text/xml")))
            ],
            says: ["Unexpected answer", "creating \(network)", "CreateVpc", "XML", "The next run looks for it"]),
        .init(
            name: "a page of a proxy", cloud: .vpc, moment: .create, faults: [.init(containing: "Action=CreateVpc", .answer(html))],
            says: ["Unexpected answer", "creating \(network)", "text/html"]),
        .init(
            name: "an empty body after the work", cloud: .vpc, moment: .create,
            faults: [.init(containing: "Action=CreateVpc", afterTheWork: true, .answer(ServiceAnswer(200, "", type: "text/xml")))],
            says: ["Unexpected answer", "creating \(network)", "empty", "The next run looks for it"]),
        .init(
            name: "the wrong content after the work", cloud: .vpc, moment: .create,
            faults: [
                .init(
                    containing: "Action=CreateVpc", afterTheWork: true,
                    .answer(ServiceAnswer(200, "<CreateVpcResponse><hello>1</hello></CreateVpcResponse>", type: "text/xml")))
            ],
            says: ["Unexpected answer", "creating \(network)", "The next run looks for it"]),
        .init(
            name: "closed after the work", cloud: .vpc, moment: .create,
            faults: [.init(containing: "Action=CreateVpc", afterTheWork: true, .close)],
            says: ["closed the connection without an answer", "The next run looks for it"]),
        .init(
            name: "throttled in the middle of a wait", cloud: .vpc, moment: .create,
            faults: [.init(containing: "Action=DescribeVpcs&", skipping: 1, times: 3, refused(503, "RequestLimitExceeded"))], exit: 0,
            recorded: [network], preparing: { _, ec2 in ec2.stayPending(2) }),
        .init(
            name: "cut off in the middle of a wait", cloud: .vpc, moment: .create,
            faults: [.init(containing: "Action=DescribeVpcs&", .close)],
            says: ["creating \(network)", "closed"], recorded: [network], creates: 2),
    ]

    private static let awsLater: [APIFault] = [
        .init(
            name: "401", cloud: .vpc, moment: .read, faults: [.init(refused(401, "AuthFailure"))],
            says: ["reading \(network)", "AuthFailure", "request id req-7"], recorded: [network]),
        .init(
            name: "gone", cloud: .vpc, moment: .read, faults: [], exit: 0, says: ["1 to add"], creates: 2,
            preparing: { _, ec2 in ec2.removeAll() }),
        .init(
            name: "truncated XML", cloud: .vpc, moment: .read,
            faults: [.init(containing: "Action=DescribeVpcs&", .answer(ServiceAnswer(200, "<Describe", type: "text/xml")))],
            says: ["reading \(network)", "Unexpected answer", "XML"], recorded: [network]),
        .init(
            name: "an empty body", cloud: .vpc, moment: .read,
            faults: [.init(containing: "Action=DescribeVpcs&", .answer(ServiceAnswer(200, "", type: "text/xml")))],
            says: ["reading \(network)", "Unexpected answer", "empty"], recorded: [network]),
        .init(
            name: "a page of a proxy", cloud: .vpc, moment: .read, faults: [.init(.answer(html))],
            says: ["reading \(network)", "Unexpected answer", "text/html"], recorded: [network]),
        .init(
            name: "409", cloud: .vpc, moment: .update, faults: [.init(containing: "Action=CreateTags", refused(409, "IncorrectState"))],
            says: ["updating \(network)", "IncorrectState", "request id req-7"], recorded: [network]),
        .init(
            name: "closed after the work", cloud: .vpc, moment: .update,
            faults: [.init(containing: "Action=CreateTags", afterTheWork: true, .close)],
            says: ["updating \(network)", "closed"], recorded: [network]),
        .init(
            name: "403", cloud: .vpc, moment: .delete,
            faults: [.init(containing: "Action=DeleteVpc", refused(403, "UnauthorizedOperation"))],
            says: ["deleting \(network)", "UnauthorizedOperation"], recorded: [network]),
        .init(
            name: "gone already", cloud: .vpc, moment: .delete,
            faults: [.init(containing: "Action=DeleteVpc", afterTheWork: true, refused(400, "InvalidVpcID.NotFound"))], exit: 0,
            recorded: []),
        .init(
            name: "closed after the work", cloud: .vpc, moment: .delete,
            faults: [.init(containing: "Action=DeleteVpc", afterTheWork: true, .close)],
            says: ["deleting \(network)", "closed"]),
    ]

    // MARK: Slow services

    private static let silent: [APIFault] = [
        .init(
            name: "no answer in time", cloud: .lxd, moment: .read, faults: [.init("GET", .silence(4))], exit: 0,
            says: ["reading \(rule)", "No answer in time", "within 2 s", "1 object could not be read"], recorded: [rule]),
        .init(
            name: "no answer in time", cloud: .vpc, moment: .delete, faults: [.init(containing: "Action=DeleteVpc", .silence(4))],
            says: ["deleting \(network)", "within 2 s"]),
    ]
}
