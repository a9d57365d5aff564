import Testing

@testable import ConfigModel

/// Sources of modules, taken apart as the reference takes them apart: what it says it downloads, or that it refuses them.
struct AddressTests {
    @Test(arguments: [
        ("./m", "local ./m"), ("../m", "local ../m"), ("..\\m", "local ../m"), ("./m//sub", "local ./m//sub"),
        ("a/b/c", "registry registry.terraform.io a/b/c"), ("a/b/c//", "registry registry.terraform.io a/b/c"),
        ("a/b/c//./x", "registry registry.terraform.io a/b/c in x"), ("a/b/c///x", "registry registry.terraform.io a/b/c in x"),
        ("registry.terraform.io/a/b/c", "registry registry.terraform.io a/b/c"), ("EXAMPLE.com/a/b/c", "registry example.com a/b/c"),
        ("gitlab.com/a/b/c", "registry gitlab.com a/b/c"), ("127.0.0.1:1/a/b/c", "registry 127.0.0.1:1 a/b/c"),
        ("github.com/a/b", "git https://github.com/a/b.git"), ("github.com/a/b.git", "git https://github.com/a/b.git"),
        ("github.com/a/b/c/d", "git https://github.com/a/b.git in c/d"),
        ("github.com/a/b//c?ref=v1", "git https://github.com/a/b.git?ref=v1 in c"),
        ("bitbucket.org/a/b", "git https://bitbucket.org/a/b.git"),
        ("git@localhost:a/b//x?ref=y", "git ssh://git@localhost/a/b?ref=y in x"),
        ("git::git@localhost:a/b", "git ssh://git@localhost/a/b"), ("git::ssh://git@localhost:1/x", "git ssh://git@localhost:1/x"),
        ("git::https://h/x.git//s?ref=y", "git https://h/x.git?ref=y in s"), ("git::ext::sh -c x", "git ext::sh -c x"),
        ("https://localhost:1//x.zip", "https https://localhost:1 in x.zip"),
        ("https://h/a//b?archive=zip", "https https://h/a?archive=zip in b"),
        ("localhost:1/a/b/c", "localhost localhost:1/a/b/c"), ("c:\\x", "c c:\\x"), ("/abs/none", "file file:///abs/none"),
        ("bucket.s3.amazonaws.com/k.zip", "s3 https://bucket.s3.amazonaws.com/k.zip"),
        ("www.googleapis.com/storage/v1/b/k", "gcs https://www.googleapis.com/storage/v1/b/k"), ("xx::https://x", "xx https://x"),
        ("", "refused"), ("m", "refused"), (".", "refused"), ("..", "refused"), (" ./m", "refused"), ("a/b", "refused"),
        ("a/b/c/d", "refused"),
        ("a/b/c/d/e", "refused"), ("a/b/c//../x", "refused"), ("a/b/c?ref=1", "refused"), ("A_/b/c", "refused"), ("a/b/C", "refused"),
        ("a/b/c-", "refused"), ("-a/b/c", "refused"), ("a/-b/c", "refused"), ("a.b/c", "refused"), ("a.b/c/d", "refused"),
        ("localhost/a/b/c", "refused"), ("ex ample.com/a/b/c", "refused"), ("github.com/a", "refused"), ("foo@host:a/b", "refused"),
        ("git::./x", "refused"), ("git::", "refused"), ("git::file:///nonexistent//../x", "refused"),
        ("git::--upload-pack=touch://bad", "refused"),
    ])
    func withoutVersion(_ source: String, _ expected: String) { #expect(Self.taken(apart: source, false) == expected) }

    @Test(arguments: [
        ("a/b/c", "registry registry.terraform.io a/b/c"), ("EXAMPLE.com/a/b/c", "registry example.com a/b/c"), ("m", "refused"),
        ("./m", "refused"), ("github.com/a/b/c", "refused"), ("bitbucket.org/a/b/c", "refused"), ("git@github.com:a/b.git", "refused"),
        ("a.b/c/d", "refused"), ("https://h/x.zip", "refused"),
    ])
    func withVersion(_ source: String, _ expected: String) { #expect(Self.taken(apart: source, true) == expected) }

    private static func taken(apart source: String, _ hasVersion: Bool) -> String {
        func rest(_ subdirectory: String) -> String { subdirectory.isEmpty ? "" : " in \(subdirectory)" }
        do throws(ModuleAddress.Fault) {
            switch try ModuleAddress(source, hasVersion: hasVersion) {
            case .local(let path): return "local \(path)"
            case .registry(let module, let subdirectory):
                return "registry \(module.host) \(module.namespace)/\(module.name)/\(module.provider)" + rest(subdirectory)
            case .remote(let package, let subdirectory): return "\(package.getter) \(package.url)" + rest(subdirectory)
            }
        } catch {
            return "refused"
        }
    }

    @Test(arguments: [
        ("https://user:pw@h/x.zip", "https://…@h/x.zip"), ("https://token@h/x.git", "https://…@h/x.git"),
        ("ssh://git@h/x", "ssh://git@h/x"),
        ("ssh://a:b@h/x", "ssh://…@h/x"), ("https://h/x?token=abc&ref=v1", "https://h/x?token=…&ref=v1"), ("https://h/@x", "https://h/@x"),
    ])
    func credentialsAreNotShown(_ url: String, _ shown: String) { #expect(RemotePackage.withoutCredentials(url) == shown) }

    /// Whether 2.1.0 is allowed, and whether something newer is asked for.
    @Test(arguments: [
        (">= 2", true, false), ("~> 2.0", true, false), ("2.1.0", true, false), ("2.0.9", false, false), ("< 2", false, false),
        ("~> 1.5", false, false), ("!= 2.1.0", false, false), ("> 2.1.0", false, true), (">= 2.1.1", false, true), ("~> 3.0", false, true),
        (">= 1, < 2", false, false), ("3.0.0", false, true), ("~> 2.1.0", true, false), ("~> 2.2.0", false, true),
    ])
    func oneVersion(_ constraint: String, _ isAllowed: Bool, _ isBeyond: Bool) throws {
        let (wanted, version) = (try #require(VersionConstraint(constraint)), try #require(Version("2.1.0")))
        #expect(wanted.allows(version) == isAllowed)
        #expect(wanted.isBeyond(version) == isBeyond)
    }

    @Test(
        arguments: [
            ("1.0.0", "1.0.0"), ("= 1.0", "1.0.0"), ("~> 1.0", "1.10.0"), ("~> 1", "2.1.0"), ("~> 1.2.0", "1.2.1"), (">= 0", "2.1.0"),
            ("< 1.10", "1.2.1"),
            (">= 2.0.0-rc1", "2.1.0"), ("2.0.0-rc1", "2.0.0-rc1"), ("> 2.1", nil), ("!= 2.1.0, >= 2", nil), ("!= 1.10.0, < 2", "1.2.1"),
            ("<= 1.2.0", "1.2.0"), ("> 5", nil), ("3.0.0", nil), ("3.0.0-beta.11", "3.0.0-beta.11"),
        ] as [(String, String?)])
    func newestVersion(_ constraint: String, _ expected: String?) throws {
        let versions = ["1.0.0", "1.2.0", "1.10.0", "1.2.1", "2.0.0-rc1", "2.1.0", "0.9.0", "3.0.0-beta.2", "3.0.0-beta.11"]
        let parsed = versions.compactMap { Version($0) }
        #expect(parsed.count == versions.count)
        #expect(try #require(VersionConstraint(constraint)).newest(of: parsed)?.description == expected)
    }

    @Test func versionsAreOrdered() {
        let ordered = ["0.9.0", "1.0.0-1", "1.0.0-2", "1.0.0-11", "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-beta", "1.0.0", "1.0.1", "1.10.0"]
        for (one, next) in zip(ordered, ordered.dropFirst()) { #expect(Version(one)! < Version(next)!) }
        for text in ["", "1.", "a", "1..0", "1.0-", "1.0.0-a_b", "v", "1.0+"] { #expect(Version(text) == nil, "\(text)") }
    }
}
