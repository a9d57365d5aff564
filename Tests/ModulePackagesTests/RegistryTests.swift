import Foundation
import Testing

@testable import ModulePackages

/// The protocol of registries, over TLS on loopback.
@Suite struct RegistryTests {
    private func archive(_ place: Installation, _ name: String, top: String = "repo-1") async throws -> String {
        try await place.shell(
            "mkdir -p 'all/\(top)/modules/in' && cd 'all/\(top)' && echo '# \(name)' > main.tf && echo '# in \(name)' > modules/in/main.tf && cd \(place.folder.path)/all && tar czf ../\(name).tar.gz * && cd .. && rm -r all"
        )
        return "\(place.folder.path)/\(name).tar.gz"
    }

    @Test func newestMatchingVersionIsTakenAndKept() async throws {
        let registry = try await LoopbackRegistry()
        let place = try Installation(registry.settings())
        defer { place.remove() }
        var versions: [String: String] = [:]
        var routes: [String: LoopbackRegistry.Answer] = [:]
        for version in ["1.0.0", "1.2.0", "1.10.0", "2.0.0-rc1", "0.9.0"] {
            versions[version] = "/archives/\(version).tar.gz?archive=tar.gz"
            routes["/archives/\(version).tar.gz"] = .init(file: try await archive(place, version))
        }
        // A star stands for the folder that archives of repositories have at their top; `/archives/…` is relative to the registry.
        versions = versions.mapValues { $0.replacingOccurrences(of: ".tar.gz?", with: ".tar.gz//*?") }
        routes.merge(registry.modules("ns/thing/aws", versions)) { $1 }
        try registry.serve(routes)
        let source = "\(registry.host)/ns/thing/aws"
        let outcome = try await place.install([(source, nil), (source, "~> 1.0, < 1.10"), ("\(source)//modules/in", "0.9.0")])
        #expect(outcome.summaries == [])
        #expect(try place.text(outcome.directories[0]) == "# 1.10.0\n")
        #expect(try place.text(outcome.directories[1]) == "# 1.2.0\n")
        #expect(try place.text(outcome.directories[2]) == "# in 0.9.0\n")
        #expect(outcome.directories[0] == "ns-thing-aws-1.10.0-\(outcome.directories[0]?.suffix(15).prefix(8) ?? "")/repo-1")
        // All is there: nothing is asked again, by whatever name the run goes.
        let before = try registry.requests().count
        let again = try await place.install([(source, nil), (source, "~> 1.0, < 1.10"), ("\(source)//modules/in", "0.9.0")])
        #expect(again.directories == outcome.directories)
        #expect(try registry.requests().count == before)
        // A newer one is taken only when everything is to be renewed.
        versions["1.11.0"] = "/archives/1.2.0.tar.gz//*"
        routes.merge(registry.modules("ns/thing/aws", versions)) { $1 }
        try registry.serve(routes)
        #expect(try await place.install([(source, nil)]).directories[0] == outcome.directories[0])
        let renewed = try await place.install([(source, nil)], .everything)
        #expect(renewed.directories[0]?.hasPrefix("ns-thing-aws-1.11.0-") == true)
        // What nothing needs any more is gone.
        #expect(!FileManager.default.fileExists(atPath: "\(place.path)/\(try #require(outcome.directories[0]))"))
    }

    @Test(arguments: [
        ("> 5", "Unresolvable module version constraint"), (">= 2.0.0-rc1", "Unresolvable module version constraint"),
    ])
    func constraintThatNothingMeets(_ constraint: String, _ summary: String) async throws {
        let registry = try await LoopbackRegistry()
        let place = try Installation(registry.settings())
        defer { place.remove() }
        try registry.serve(registry.modules("ns/thing/aws", ["1.0.0": "/x.zip", "2.0.0-rc1": "/x.zip"]))
        #expect(try await place.install([("\(registry.host)/ns/thing/aws", constraint)]).summaries == [summary])
    }

    @Test func whatARegistryMayAnswer() async throws {
        let registry = try await LoopbackRegistry()
        let place = try Installation(registry.settings())
        defer { place.remove() }
        let source = "\(registry.host)/ns/thing/aws"
        func summaries(_ routes: [String: LoopbackRegistry.Answer]) async throws -> [String] {
            try registry.serve(routes)
            return try await place.install([(source, nil)]).summaries
        }
        let whole = registry.modules("ns/thing/aws", ["1.0.0": "/x.zip"])
        func without(_ path: String, _ answer: LoopbackRegistry.Answer? = nil) -> [String: LoopbackRegistry.Answer] {
            var routes = whole
            routes[path] = answer
            return routes
        }
        #expect(try await summaries([:]) == ["Error accessing remote module registry"])
        #expect(try await summaries(["/.well-known/terraform.json": .init(body: "{}")]) == ["Error accessing remote module registry"])
        #expect(
            try await summaries(["/.well-known/terraform.json": .init(body: "<html>")]) == ["Invalid response from remote module registry"])
        #expect(
            try await summaries(["/.well-known/terraform.json": .init(body: "{\"modules.v1\":\"http://127.0.0.1/\"}")])
                == ["Invalid response from remote module registry"])
        #expect(try await summaries(without("/api/modules/v1/ns/thing/aws/versions")) == ["Module not found"])
        #expect(
            try await summaries(without("/api/modules/v1/ns/thing/aws/versions", .init(body: "{\"modules\":[{\"versions\":[]}]}")))
                == ["Module has no versions"])
        #expect(
            try await summaries(without("/api/modules/v1/ns/thing/aws/versions", .init(body: "[]")))
                == ["Invalid response from remote module registry"])
        #expect(
            try await summaries(without("/api/modules/v1/ns/thing/aws/versions", .init(status: 401)))
                == ["Error accessing remote module registry"])
        #expect(
            try await summaries(without("/api/modules/v1/ns/thing/aws/1.0.0/download"))
                == ["Error accessing remote module registry"])
        #expect(
            try await summaries(without("/api/modules/v1/ns/thing/aws/1.0.0/download", .init(status: 204)))
                == ["Invalid response from remote module registry"])
        // The address that it names is not there.
        #expect(try await summaries(whole) == ["Failed to download module"])
    }

    @Test func registryThatNamesAFileOfThisMachine() async throws {
        let registry = try await LoopbackRegistry()
        let place = try Installation(registry.settings())
        defer { place.remove() }
        for location in ["file:///etc", "/../../etc", "git::file:///etc", "ext::sh -c id"] {
            try registry.serve(registry.modules("ns/thing/aws", ["1.0.0": location]))
            #expect(try await place.install([("\(registry.host)/ns/thing/aws", nil)]).summaries == ["Failed to download module"])
        }
    }

    @Test func tokenGoesToItsHost() async throws {
        let registry = try await LoopbackRegistry()
        let place = try Installation(registry.settings(token: "s3cret"))
        defer { place.remove() }
        var routes = registry.modules("ns/thing/aws", ["1.0.0": "/a.tgz"])
        for path in routes.keys { routes[path]?.token = "s3cret" }
        // A link to the archive holds what it needs: no token goes there.
        routes["/a.tgz"] = .init(file: try await archive(place, "a"))
        try registry.serve(routes)
        #expect(try await place.install([("\(registry.host)/ns/thing/aws", nil)]).summaries == [])
        let other = try Installation(registry.settings(token: "wrong"))
        defer { other.remove() }
        let refused = try await other.install([("\(registry.host)/ns/thing/aws", nil)])
        #expect(refused.summaries == ["Error accessing remote module registry"])
        #expect(!"\(refused.diagnostics)".contains("wrong"))
    }

    @Test func authorityThatNobodyTrusts() async throws {
        let registry = try await LoopbackRegistry()
        var settings = registry.settings()
        settings.certificateAuthorities = nil
        let place = try Installation(settings)
        defer { place.remove() }
        try registry.serve(registry.modules("ns/thing/aws", ["1.0.0": "/a.tgz"]))
        #expect(try await place.install([("\(registry.host)/ns/thing/aws", nil)]).summaries == ["Error accessing remote module registry"])
    }

    @Test func archivesAndPagesOverHTTP() async throws {
        let registry = try await LoopbackRegistry()
        let place = try Installation(registry.settings())
        defer { place.remove() }
        let file = try await archive(place, "a", top: ".")
        let digest = String(try await place.shell("sha256sum a.tar.gz").prefix(64))
        try registry.serve([
            "/a.tar.gz": .init(file: file), "/any?x=1": .init(file: file),
            "/header?terraform-get=1": .init(headers: ["X-Terraform-Get": "./a.tar.gz//modules/in"]),
            "/sub/meta?terraform-get=1": .init(
                body:
                    "<html><head><META NAME='terraform-get' content=\"https://\(registry.host)/a.tar.gz?archive=tgz\"/></head><body></body></html>"
            ),
            "/body?terraform-get=1": .init(body: "<html><body><meta name=\"terraform-get\" content=\"/a.tar.gz\"></body></html>"),
            "/loop?terraform-get=1": .init(headers: ["X-Terraform-Get": "/loop"]),
        ])
        let base = "https://\(registry.host)"
        let good = try await place.install([
            ("\(base)/a.tar.gz", nil), ("\(base)/a.tar.gz//modules/in", nil), ("\(base)/any?x=1&archive=tar.gz", nil),
            ("\(base)/a.tar.gz?checksum=sha256:\(digest)", nil), ("\(base)/a.tar.gz?checksum=\(digest)", nil), ("\(base)/header", nil),
            ("\(base)/sub/meta", nil),
        ])
        #expect(good.summaries == [])
        for index in [0, 2, 3, 4, 6] { #expect(try place.text(good.directories[index]) == "# a\n") }
        for index in [1, 5] { #expect(try place.text(good.directories[index]) == "# in a\n") }
        for source in [
            "\(base)/a.tar.gz?checksum=md5:00000000000000000000000000000000", "\(base)/a.tar.gz?checksum=crc:1", "\(base)/none.zip",
            "\(base)/body", "\(base)/loop", "\(base)/a.tar.gz?archive=rar", "\(base)/any?x=1&archive=zip", "s3::https://x/y.zip",
            "ftp://127.0.0.1/x.zip", "hg::https://127.0.0.1/x",
        ] {
            let outcome = try await place.install([(source, nil)])
            #expect(outcome.summaries == ["Failed to download module"], "\(source): \(outcome.diagnostics)")
        }
    }
}
