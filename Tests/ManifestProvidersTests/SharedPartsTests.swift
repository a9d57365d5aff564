import Addresses
import Diagnostics
import ProviderKit
import Testing
import Transport
import Values

@testable import ManifestProviders

private let host = "host = { type = host, required = true, replaces = true }"
private let rest = "  update {}\n  delete {}\n  read { script = \"gone\" }"

/// A manifest of a resource's body and of what stands beside it.
private func fault(_ name: String, _ body: String, beside: String = "", _ words: [String], at place: String? = nil) -> ManifestFault {
    ManifestFault(
        name: name,
        text:
            "provider \"p\" {\n  ssh {}\n}\n\(beside)\nresource \"p_a\" {\n  attributes = {\n    \(host)\n    path = { type = string, required = true }\n    secret = { type = string, optional = true, sensitive = true }\n  }\n\(rest)\n\(body)\n}\n",
        words: words, place: place)
}

private let fragment = "fragment \"tell\" {\n  script = <<-SH\n    printf %s ${path}\n  SH\n}"

private let faults: [ManifestFault] = [
    fault(
        "let of an unknown name", "  create {}\n  let = { whole = pth }",
        ["There is no \"pth\" in let \"whole\"", "Did you mean \"path\"?"],
        at: "pth"),
    fault("let in a circle", "  create {}\n  let = { a = [b], b = upper(c), c = a }", ["follows from itself: a → b → c → a"], at: "[b]"),
    fault("let of an attribute's name", "  create {}\n  let = { path = 1 }", ["cannot be called \"path\"", "an attribute is"], at: "1"),
    fault("let of a name with a meaning", "  create {}\n  let = { response = 1 }", ["cannot be called \"response\""], at: "1"),
    fault("let that is no object", "  create {}\n  let = [1]", ["must be written as an object"]),
    fault(
        "let in a validation", "  create {}\n  let = { limit = 3 }\n  validation = { condition = length(path) < limit, message = \"x\" }",
        ["seen by recipes and by object", "validation"], at: "limit"),
    fault(
        "unknown name in a recipe", "  create { script = \"touch $${x} ${pathh}\" }",
        ["There is no \"pathh\" in create", "Did you mean \"path\"?"], at: "pathh"),
    fault("unknown name in object", "  create {}\n  object = { path = faxts.a }", ["\"faxts\"", "Did you mean \"facts\"?"], at: "faxts"),
    fault(
        "sensitive word behind a let",
        "  let = { twice = \"${planned.secret}x\", more = upper(twice) }\n  create { script = \"echo ${more}\" }",
        ["\"secret\" is sensitive"], at: "more"),
    fault(
        "unknown mixin", "  create {}\n  use = [\"tag\"]", beside: "mixin \"tags\" {\n}",
        ["no mixin \"tag\"", "Known are: tags", "Did you mean \"tags\"?"], at: "[\"tag\"]"),
    fault("mixin used twice", "  create {}\n  use = [\"m\", \"m\"]", beside: "mixin \"m\" {\n}", ["uses the mixin \"m\" twice"]),
    fault("second mixin of a name", "  create {}", beside: "mixin \"m\" {\n}\nmixin \"m\" {\n}", ["second mixin \"m\""]),
    fault("mixin without a name", "  create {}", beside: "mixin {\n}", ["one label"]),
    fault(
        "mixin's parameter", "  create {}\n  use = [\"m\"]", beside: "mixin \"m\" {\n  needs = [\"found\"]\n}",
        ["needs \"found\"", "let = { found = … }"], at: "[\"m\"]"),
    fault(
        "attribute of mixin and type", "  create {}\n  use = [\"m\"]",
        beside: "mixin \"m\" {\n  attributes = { path = { type = string, required = true } }\n}", ["\"path\"", "described twice"]),
    fault(
        "object of mixin and type", "  create {}\n  use = [\"m\"]\n  object = { path = \"a\" }",
        beside: "mixin \"m\" {\n  object = { path = \"b\" }\n}", ["\"path\" stands twice in object"], at: "\"b\""),
    fault(
        "lets of two mixins", "  create {}\n  use = [\"m\", \"n\"]",
        beside: "mixin \"m\" {\n  let = { a = 1 }\n}\nmixin \"n\" {\n  let = { a = 2 }\n}",
        ["Two mixins", "\"a\""], at: "2"),
    fault(
        "recipe in a mixin", "  create {}", beside: "mixin \"m\" {\n  read { script = \"gone\" }\n}", ["no block \"read\" in a mixin"],
        at: "read"),
    fault(
        "argument of a mixin", "  create {}", beside: "mixin \"m\" {\n  lets = {}\n}", ["\"lets\"", "Did you mean \"let\"?"], at: "lets"),
    fault(
        "unknown name in a mixin", "  create {}\n  use = [\"m\"]", beside: "mixin \"m\" {\n  update { script = \"echo ${missing}\" }\n}",
        ["no \"missing\" in update"], at: "missing"),
    fault(
        "unknown rule", "  create {}\n  validation = rule.paths", beside: "rule \"path\" {\n  condition = true\n  message = \"x\"\n}",
        ["no rule \"paths\"", "Did you mean \"path\"?"], at: "paths"),
    fault("rule of nothing", "  create {}\n  validation = rule", ["rule.NAME"]),
    fault("rule without a message", "  create {}", beside: "rule \"path\" {\n  condition = true\n}", ["a condition and a message"]),
    fault("rule in a recipe", "  create { script = \"echo ${rule.path}\" }", ["named by a validation alone"], at: "rule"),
    fault(
        "unknown fragment", "  create {\n    script = <<-SH\n      ${fragment.tel}\n    SH\n  }", beside: fragment,
        ["no fragment \"tel\"", "Did you mean \"tell\"?"], at: "fragment.tel"),
    fault(
        "fragment within a line", "  create {\n    script = <<-SH\n      echo ${fragment.tell}\n    SH\n  }", beside: fragment,
        ["on a line of its own"], at: "fragment.tell"),
    fault(
        "fragment within quotes", "  create {\n    script = <<-SH\n      x=\"\n      ${fragment.tell}\n      \"\n    SH\n  }",
        beside: fragment,
        ["outside of quotes"]),
    fault(
        "something behind a fragment", "  create {\n    script = <<-SH\n      ${fragment.tell} | cat\n    SH\n  }", beside: fragment,
        ["on a line of its own"]),
    fault(
        "fragment as a value", "  create {\n    script = <<-SH\n      echo ${upper(fragment.tell)}\n    SH\n  }", beside: fragment,
        ["by its name alone"]),
    fault(
        "fragment in another place", "  create {\n    stdin = fragment.tell\n    script = \"cat\"\n  }", beside: fragment,
        ["included by scripts alone"], at: "fragment"),
    fault("fragment of an expression", "  create {}", beside: "fragment \"x\" {\n  script = upper(\"a\")\n}", ["written out as a text"]),
    fault(
        "fragment that does not end", "  create {}", beside: "fragment \"x\" {\n  script = <<-SH\n    echo \"a\n  SH\n}",
        ["whole commands"]),
    fault(
        "quotes in a fragment", "  create {}", beside: "fragment \"x\" {\n  script = <<-SH\n    echo \"${path}\"\n  SH\n}",
        ["within quotes"], at: "path"),
    fault(
        "fragment in a fragment", "  create {}",
        beside: fragment + "\nfragment \"x\" {\n  script = <<-SH\n    ${fragment.tell}\n  SH\n}", ["no fragment \"tell\" that could"]),
    fault(
        "sensitive word of a fragment", "  create {\n    script = <<-SH\n      ${fragment.x}\n    SH\n  }",
        beside: "fragment \"x\" {\n  script = <<-SH\n    echo ${secret}\n  SH\n}", ["\"secret\" is sensitive"], at: "secret"),
    fault(
        "unknown name in a fragment", "  create {\n    script = <<-SH\n      ${fragment.x}\n    SH\n  }",
        beside: "fragment \"x\" {\n  script = <<-SH\n    echo ${pathh}\n  SH\n}", ["no \"pathh\""], at: "pathh"),
]

private let shop = """
    provider "shop" {
      http {
        base_url = "https://shop.test"
      }
    }
    rule "short" {
      condition = length(value) < 5
      message   = "${value} is too long."
    }
    mixin "labels" {
      needs      = ["labels_there"]
      attributes = { labels = { type = map(string), optional = true } }
      let = {
        labels_sent = merge(labels, { way = way, by = by })
        way         = "mixin"
        by          = "us"
      }
      object = { labels = { for k, v in labels_there : k => v if k != "way" && k != "by" } }
      update {
        attributes = ["labels"]
        put        = "/things/${id}/labels"
        json       = { new = labels_sent, old = prior.labels }
      }
    }
    resource "shop_thing" {
      use = ["labels"]
      let = {
        # It goes before the mixin's.
        way          = "type"
        labels_there = response.body.labels
        size         = prior == null ? "new" : "changed from ${prior.name}"
      }
      attributes = {
        id   = { type = string, computed = true }
        name = { type = string, required = true, validation = [rule.short, { condition = value != "no", message = "Not no." }] }
      }
      create {
        post = "/things"
        json = { name = name, size = size, labels = labels_sent }
        id   = response.body.id
      }
      read {
        get    = "/things/${id}"
        object = response.body
      }
      update {
        attributes = ["name"]
        put        = "/things/${id}"
        json       = { name = name, size = size }
      }
      delete { delete = "/things/${id}" }
      object = { name = object.name }
    }
    """

@Suite struct SharedPartsTests {
    @Test(arguments: faults) func isSaid(_ fault: ManifestFault) throws {
        try FaultTests().isSaid(fault)
    }

    /// A let means what it means where it stands: `prior` of a create and of an update, and the answer that is read.
    @Test func letsAndMixins() async throws {
        let made = #"{"id":"1","name":"a","labels":{"x":"1","way":"type","by":"us"}}"#
        let http = RecordedExchanges([
            .init(
                "POST https://shop.test/things", body: #"{"labels":{"by":"us","way":"type","x":"1"},"name":"a","size":"new"}"#, made),
            .init("GET https://shop.test/things/1", made),
            .init("PUT https://shop.test/things/1", body: #"{"name":"b","size":"changed from a"}"#, "{}"),
            .init(
                "PUT https://shop.test/things/1/labels", body: #"{"new":{"by":"us","way":"type","x":"2"},"old":{"x":"1"}}"#, "{}"),
        ])
        let life = try await Lifecycle(try source(shop, transports(http: http)))
        func arguments(_ name: String, _ x: String) -> KeyValuePairs<String, Value> {
            ["name": .string(name), "labels": .map([("x", .string(x))], of: .string)]
        }
        let first = try #require(try await life.done(life.request("shop_thing", arguments("a", "1"))))
        let read = try #require(await life.read([first])[0]?.object)
        #expect(read.attributes == first.attributes)
        _ = try #require(try await life.done(life.request("shop_thing", arguments("b", "2"), prior: read)))
        #expect(http.unused == [])
    }

    @Test func rules() throws {
        let source = try source(shop)
        func said(_ name: String) throws -> [String] {
            source.validate(try source.configuration("shop_thing", ["name": .string(name)]), of: ResourceType("shop_thing"), mode: .managed)
                .map(\.detail)
        }
        #expect(try said("four") == [])
        #expect(try said("longer") == ["longer is too long."])
        #expect(try said("no") == ["Not no."])
    }

    /// A failing line of a fragment is shown as the fragment's own, and what comes behind it as the script's.
    @Test(arguments: [("x", "sh -c 'exit 4'", 4), ("y", "sh -c 'exit 5'", 5)]) func fragments(_ path: String, _ line: String, _ status: Int)
        async throws
    {
        let text = """
            provider "p" {
              ssh {}
            }
            fragment "first" {
              script = <<-SH
                echo one >&2
                %{ if path == "x" ~}
                sh -c 'exit 4'
                %{ endif ~}
              SH
            }
            resource "p_a" {
              attributes = {
                \(host)
                path = { type = string, required = true, replaces = true }
              }
              read { script = "gone" }
              delete {}
              create {
                script = <<-SH
                  ${fragment.first}
                  sh -c 'exit 5'
                SH
              }
            }
            """
        let life = try await Lifecycle(try source(text))
        let outcome = await life.apply([try await life.request("p_a", ["host": localHost, "path": .string(path)])])
        guard case .failed(let failure, _)?? = outcome.first else {
            Issue.record("\(outcome)")
            return
        }
        #expect(failure.detail.contains("exit status \(status)") && failure.detail.contains("(`\(line)`)"), "\(failure.detail)")
    }

    /// Lines of another file would be looked for in the wrong one.
    @Test func fragmentsOfAnotherFile() {
        let text =
            "resource \"p_a\" {\n  attributes = { \(host) }\n\(rest)\n  create {\n    script = <<-SH\n      ${fragment.tell}\n    SH\n  }\n}\n"
        let (source, diagnostics) = ManifestProviderSource.load(
            directory: "p",
            files: [("p/a.hcl", Array("provider \"p\" {\n  ssh {}\n}\n\(fragment)\n".utf8)), ("p/b.hcl", Array(text.utf8))],
            functions: standardFunctions(), transports: transports())
        #expect(source == nil)
        #expect(diagnostics.map(\.detail).contains { $0.contains("stands in p/a.hcl") }, "\(diagnostics.map(\.detail))")
    }

    /// Damaged manifests give diagnostics, never a crash.
    @Test func survivesDamage() {
        var random = SeededGenerator(state: 9)
        let script = fault(
            "", "  use = [\"m\"]\n  create {\n    script = <<-SH\n      ${fragment.tell}\n    SH\n  }",
            beside: fragment + "\nmixin \"m\" {\n  let = { a = b, b = path }\n}", []
        ).text
        for good in [Array(shop.utf8), Array(script.utf8)] {
            for _ in 0..<600 {
                var bytes = good
                for _ in 0..<Int.random(in: 1...3, using: &random) where bytes.count > 10 {
                    let place = Int.random(in: 0..<bytes.count, using: &random)
                    switch Int.random(in: 0...2, using: &random) {
                    case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
                    case 1: bytes.removeSubrange(place..<min(bytes.count, place + Int.random(in: 1...12, using: &random)))
                    default: bytes.insert(contentsOf: "{}[]\"$\n= ".utf8.shuffled(using: &random).prefix(2), at: place)
                    }
                }
                let (source, diagnostics) = ManifestProviderSource.load(
                    directory: "p", files: [("p/x.hcl", bytes)], functions: standardFunctions(), transports: transports())
                #expect((source == nil) == diagnostics.hasErrors)
            }
        }
    }
}
