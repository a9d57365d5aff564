import Addresses
import Testing

@Suite struct AddressTests {
    @Test(arguments: [
        "aws_instance.web", "aws_instance.web[0]", "aws_instance.web[\"a.b\"]", "data.aws_ami.debian", "module.net.aws_vpc.main",
        "module.net[\"x\"].module.inner[2].aws_subnet.s[\"a\\\"b\"]", "module.m.data.t.n[\"$${x}\"]",
    ])
    func readsBackWhatItPrints(_ text: String) throws {
        let instance = try #require(AddressPattern(text)?.instance)
        #expect(instance.description == text)
    }

    @Test(arguments: ["", "aws_instance", "aws_instance.", "a.b[", "a.b[x]", "a.b[\"x]", "module", "a b.c", "a.b[0"])
    func refusesWhatIsNoAddress(_ text: String) { #expect(AddressPattern(text) == nil) }

    @Test func patternsMatchWhatTheyLeaveOut() throws {
        let instance = try #require(AddressPattern("module.m[\"a\"].t.r[0]")?.instance)
        for text in ["module.m", "module.m[\"a\"]", "module.m.t.r", "module.m[\"a\"].t.r[0]"] {
            #expect(try #require(AddressPattern(text)).matches(instance), "\(text)")
        }
        for text in ["module.n", "module.m[\"b\"]", "t.r", "module.m.t.r[1]", "module.m.t.s"] {
            #expect(try #require(AddressPattern(text)).matches(instance) == false, "\(text)")
        }
    }

    @Test func kindsStandBeforeTheirParts() throws {
        let path = ModulePath([.kind(type: ResourceType("web_server"), name: "shop", key: .key("web1"))])
        let part = ResourceAddress(module: path, resource: ResourceName(type: ResourceType("host_file"), name: "site")).instance(.none)
        #expect(part.description == "web_server.shop[\"web1\"].host_file.site")
        #expect(path.publishedDescription == "module.web_server--shop[\"web1\"]")
        #expect(try #require(AddressPattern("web_server.shop[\"web1\"]")).matches(part))
        #expect(try #require(AddressPattern("web_server.shop")).matches(part))
        #expect(try #require(AddressPattern("web_server.shop[\"web1\"].host_file.site")).matches(part))
        #expect(try #require(AddressPattern("web_server.other")).matches(part) == false)
    }

    @Test(arguments: [
        ("web_server.site", "web_server.s2", "web_server.site[\"a\"].host_file.f[\"x\"]", "web_server.s2[\"a\"].host_file.f[\"x\"]"),
        ("web_server.site[\"a\"]", "web_server.site[\"c\"]", "web_server.site[\"a\"].host_file.f", "web_server.site[\"c\"].host_file.f"),
        ("web_server.site[\"a\"]", "web_server.site[\"c\"]", "web_server.site[\"b\"].host_file.f", nil),
        ("web_server.site[\"a\"]", "web_server.one", "web_server.site[\"a\"].host_file.f", "web_server.one.host_file.f"),
        ("web_server.one", "web_server.site[\"a\"]", "web_server.one.host_file.f", "web_server.site[\"a\"].host_file.f"),
        (
            "module.m.web_server.a", "module.n.web_server.b", "module.m[0].web_server.a.server.s[1].t.r",
            "module.n[0].web_server.b.server.s[1].t.r"
        ),
        ("module.m", "module.n", "module.m.web_server.a.t.r", "module.n.web_server.a.t.r"),
        ("t.r", "t.s", "t.r[2]", "t.s[2]"), ("t.r", "t.s", "module.m.t.r", nil), ("t.r", "module.m", "t.r", nil),
    ]) func movesWhatStandsInWhatMoves(_ from: String, _ to: String, _ address: String, _ expected: String?) throws {
        let (source, target) = (try #require(AddressPattern(from)), try #require(AddressPattern(to)))
        #expect(source.moved(try #require(AddressPattern(address)?.instance), to: target)?.description == expected)
    }

    @Test func ordersByNumbersNotDigits() {
        let resource = ResourceAddress(resource: ResourceName(type: ResourceType("t"), name: "r"))
        let keys: [InstanceKey] = [.index(10), .index(9), .key("b"), .none, .key("a")]
        #expect(keys.sorted().map { resource.instance($0).description } == ["t.r", "t.r[9]", "t.r[10]", "t.r[\"a\"]", "t.r[\"b\"]"])
    }

    @Test(arguments: [
        ("\u{1B}[31mred", #"t.r["\u001b[31mred"]"#), ("turned\u{202E}", #"t.r["turned\u202e"]"#), ("\u{E0001}x", #"t.r["\U000e0001x"]"#),
        ("é 字 \"q\" \\ ${a}", #"t.r["é 字 \"q\" \\ $${a}"]"#),
    ]) func keysCannotSteerAScreen(_ key: String, _ text: String) throws {
        let address = ResourceAddress(module: .root, resource: ResourceName(type: ResourceType("t"), name: "r")).instance(.key(key))
        #expect(address.description == text)
        #expect(AddressPattern(text)?.instance == address)
    }
}
