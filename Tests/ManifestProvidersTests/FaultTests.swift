import Diagnostics
import Testing

@testable import ManifestProviders

/// A fault in a manifest, the words that its diagnostic must have, and the text that it must point at.
struct ManifestFault: Sendable, CustomTestStringConvertible {
    var name: String
    var text: String
    var words: [String]
    var place: String?

    var testDescription: String { name }

    /// A whole manifest around a resource's body.
    static func resource(_ name: String, _ body: String, _ words: [String], at place: String? = nil) -> ManifestFault {
        ManifestFault(
            name: name, text: "provider \"p\" {\n  ssh {}\n  http { base_url = \"https://x\" }\n}\nresource \"p_a\" {\n\(body)\n}\n",
            words: words, place: place)
    }
}

private let host = "host = { type = host, required = true, replaces = true }"
private let rest = "update {}\n  delete {}\n  read { script = \"gone\" }"

private func script(_ text: String) -> String {
    "  attributes = {\n    \(host)\n    path = { type = string, required = true }\n    secret = { type = string, optional = true, sensitive = true }\n  }\n  \(rest)\n  create {\n    script = <<-SH\n\(text)\n    SH\n  }"
}

private let faults: [ManifestFault] = [
    .init(name: "no provider", text: "resource \"p_a\" {\n}\n", words: ["provider block", "provider \"name\""]),
    .init(
        name: "two providers", text: "provider \"p\" {\n}\nprovider \"q\" {\n}\n", words: ["second provider block"], place: "provider \"q\""
    ),
    .init(name: "syntax", text: "provider \"p\" {\n  setting = = 1\n}\n", words: ["Invalid expression"]),
    .init(
        name: "argument of provider", text: "provider \"p\" {\n  sumary = \"x\"\n}\n", words: ["\"sumary\"", "Did you mean \"summary\"?"],
        place: "sumary"),
    .init(
        name: "block of provider", text: "provider \"p\" {\n  seting \"x\" {\n  }\n}\n", words: ["seting", "Did you mean \"setting\"?"],
        place: "seting \"x\""),
    .init(
        name: "setting without type", text: "provider \"p\" {\n  setting \"x\" {\n  }\n}\n", words: ["has no type"], place: "setting \"x\""),
    .init(
        name: "setting of no type", text: "provider \"p\" {\n  setting \"x\" {\n    type = strin\n  }\n}\n",
        words: ["strin", "Did you mean \"string\"?"], place: "strin"),
    .init(
        name: "unknown protocol", text: "provider \"p\" {\n  http {\n    base_url = \"x\"\n    protocol = \"aws-querry\"\n  }\n}\n",
        words: ["aws-querry", "Did you mean \"aws-query\"?"]),
    .init(name: "no base url", text: "provider \"p\" {\n  http {\n  }\n}\n", words: ["no base_url"]),
    .init(name: "top-level argument", text: "provider \"p\" {\n}\nx = 1\n", words: ["no arguments"], place: "x"),
    .init(name: "label", text: "provider {\n}\n", words: ["one label"]),
    .resource(
        "paged without page",
        "  attributes = { a = { type = string, computed = true } }\n  list {\n    get = \"/x\"\n    objects = response.body\n    paged = true\n  }",
        ["no page block"]),
    .resource(
        "paged without objects",
        "  attributes = { a = { type = string, computed = true } }\n  find {\n    get = \"/x\"\n    paged = true\n  }",
        ["\"paged\" goes with \"objects\""]),
    .resource(
        "paged read",
        "  attributes = { a = { type = string, computed = true } }\n  read {\n    get = \"/x\"\n    objects = response.body\n    paged = true\n  }",
        ["in a find or list"]),
    .resource("no recipes", "  attributes = { id = { type = string, computed = true } }", ["has no read"]),
    .resource("no create", "  attributes = { \(host) }\n  read { script = \"gone\" }\n  delete {}", ["has no create"]),
    .resource(
        "attribute without a say", "  attributes = { a = { type = string } }", ["neither required, optional nor computed"],
        at: "{ type = string }"),
    .resource("attribute of no type", "  attributes = { a = { required = true } }", ["has no type"]),
    .resource(
        "attribute key", "  attributes = { a = { type = string, requird = true } }", ["requird", "Did you mean \"required\"?"],
        at: "requird"),
    .resource("not a bool", "  attributes = { a = { type = string, required = [] } }", ["must be a bool"], at: "[]"),
    .resource("not constant", "  attributes = { a = { type = string, required = true, sensitive = x } }", ["must be a constant"], at: "x"),
    .resource(
        "contradiction", "  attributes = { a = { type = string, required = true, default = 1 } }", ["required and so can be neither"]),
    .resource("write-only computed", "  attributes = { a = { type = string, computed = true, write_only = true } }", ["write-only"]),
    .resource(
        "values in a circle",
        "  attributes = {\n    a = { type = string, computed = true, value = b }\n    b = { type = string, computed = true, value = a }\n  }",
        ["follow from each other"]),
    .resource(
        "recompute of nothing", "  attributes = { abc = { type = string, computed = true, recompute = [\"abd\"] } }",
        ["abd", "Did you mean \"abc\"?"]),
    .resource(
        "identity of nothing", "  identity = [\"nam\"]\n  attributes = { name = { type = string, required = true } }",
        ["nam", "Did you mean \"name\"?"]),
    .resource(
        "unique of nothing",
        "  unique = [\"claim\", \"nam\"]\n  attributes = {\n    name = { type = string, required = true }\n    claim = { type = string, required = true }\n  }",
        ["unique names \"nam\"", "Did you mean \"name\"?"], at: "[\"claim\", \"nam\"]"),
    .resource(
        "nested by nothing", "  nested_by = \"pth\"\n  attributes = { path = { type = string, required = true } }",
        ["nested_by names \"pth\""],
        at: "\"pth\""),
    .resource(
        "object of nothing", "  attributes = { name = { type = string, required = true } }\n  object = { nme = 1 }",
        ["nme", "Did you mean \"name\"?"], at: "nme"),
    .resource("nesting", "  block \"b\" {\n    nesting = \"bag\"\n  }", ["bag"]),
    .resource(
        "both attribute and block", "  attributes = { b = { type = string, required = true } }\n  block \"b\" {\n  }",
        ["both an attribute and a block"]),
    .resource(
        "update covers nothing",
        "  attributes = {\n    \(host)\n    name = { type = string, required = true }\n  }\n  read { script = \"gone\" }\n  create {}\n  delete {}",
        ["No update", "\"name\"", "replaces = true"]),
    .resource(
        "update of nothing",
        "  attributes = {\n    \(host)\n    name = { type = string, required = true }\n  }\n  read { script = \"gone\" }\n  create {}\n  delete {}\n  update { attributes = [\"nam\"] }",
        ["covers \"nam\"", "Did you mean \"name\"?"]),
    .resource(
        "same as nothing", "  attributes = { \(host) }\n  \(rest)\n  create {}\n  update { same_as = \"delete\" }", ["same as \"create\""]),
    .resource("second read", "  attributes = { \(host) }\n  \(rest)\n  create {}\n  read { script = \"gone\" }", ["second read"]),
    .resource("scripts and requests", "  attributes = { \(host) }\n  \(rest)\n  create { post = \"/\" }", ["requests and scripts"]),
    .resource(
        "script without a host", "  attributes = { id = { type = string, computed = true } }\n  \(rest)\n  create {}",
        ["no attribute of type host"]),
    .resource("two methods", "  attributes = {}\n  read {\n    get = \"/\"\n    put = \"/\"\n  }", ["one method", "get and put"]),
    .resource("two bodies", "  attributes = {}\n  read {\n    get = \"/\"\n    json = {}\n    body = \"\"\n  }", ["one body"]),
    .resource("no method", "  attributes = {}\n  read {\n    request {\n      json = {}\n    }\n  }", ["names what it asks for"]),
    .resource("stray argument", "  attributes = {}\n  read {\n    json = {}\n  }", ["\"json\" belongs to"]),
    .resource("wait without end", "  attributes = {}\n  read {\n    wait {\n      get = \"/\"\n    }\n  }", ["until"]),
    .resource("recipe argument", "  attributes = {}\n  read {\n    gett = \"/\"\n  }", ["gett", "Did you mean \"get\"?"]),
    .resource("recipe block", "  attributes = {}\n  read {\n    reqest {\n    }\n  }", ["reqest", "Did you mean \"request\"?"]),
    .resource("unknown recipe", "  attributes = {}\n  crate {\n  }", ["crate", "Did you mean \"create\"?"]),
    .resource(
        "script of an expression", "  attributes = { \(host) }\n  \(rest)\n  create { script = join(\"\", []) }", ["written out as a text"]),
    .resource(
        "facts without a script", "  attributes = { \(host) }\n  create {}\n  delete {}\n  read {\n    facts \"x\" {\n    }\n  }",
        ["has no script"]),
    .resource(
        "facts' key",
        "  attributes = { \(host) }\n  create {}\n  delete {}\n  read {\n    facts \"x\" {\n      columns = [\"path\"]\n      key = \"pth\"\n      script = \"true\"\n    }\n  }",
        ["pth", "Did you mean \"path\"?"]),
    .resource("double quotes", script("      cat \"${path}\""), ["within quotes", "not \"${path}\""], at: "path"),
    .resource("single quotes", script("      echo 'a ${path}'"), ["within quotes"], at: "path"),
    .resource("backquotes", script("      echo `cat ${path}`"), ["within backquotes"]),
    .resource("parameter", script("      echo $${x:-${path}}"), ["within ${ }"]),
    .resource("comment", script("      # about ${path}"), ["in a comment"]),
    .resource("here-document", script("      cat <<EOF\n      ${path}\n      EOF"), ["in a here-document"]),
    .resource("behind a backslash", script("      echo \\\\${path}x"), []),
    .resource(
        "sensitive word", script("      echo ${secret}"), ["\"secret\" is sensitive", "stdin = secret", "secret(secret)"], at: "secret"),
    .resource("sensitive within", script("      echo ${upper(planned.secret)}"), ["\"secret\" is sensitive"]),
    .resource("trap", script("      trap 'rm x' EXIT"), ["may not trap EXIT", "at_exit"]),
    .resource("branches apart", script("      echo %{ if true }\"%{ endif } x"), ["within different quotes"]),
]

@Suite struct FaultTests {
    @Test(arguments: faults.filter { !$0.words.isEmpty }) func isSaid(_ fault: ManifestFault) throws {
        let bytes = Array(fault.text.utf8)
        let (source, diagnostics) = ManifestProviderSource.load(
            directory: "p", files: [("p/x.hcl", bytes)], functions: standardFunctions(), transports: transports())
        #expect(source == nil)
        let texts = diagnostics.map { "\($0.summary)\n\($0.detail)\n\($0.hints.joined(separator: "\n"))" }
        let index = try #require(texts.firstIndex { text in fault.words.allSatisfy { text.contains($0) } }, "\(texts)")
        let subject = try #require(diagnostics[index].subject)
        #expect(subject.file == "p/x.hcl")
        if let place = fault.place {
            let range = subject.range
            #expect(String(decoding: bytes[Int(range.start)..<Int(range.end)], as: UTF8.self) == place)
        }
    }

    /// What looks like a fault and is none.
    @Test(arguments: [
        "      cat ${path} # about it", "      x=\"$(cat ${path})\"", "      case $x in a) cat ${path};; esac",
        "      x=$(case a in a) cat ${path};; esac)",
        "      printf '%s' ${path}\"suffix\"${path}", "      printf %s ${secret(secret)} | cat",
        "      cat <<EOF\n      it's \"text\"\n      EOF\n      cat ${path}",
        "      cat <<'EOF' >${path}\n      $${x} '\n      EOF", "      echo it\\'s ${path}",
        "      if [ -e ${path} ]; then\n        cat ${path}\n      fi",
        "      echo $((1 + 2)) ${path}", "      %{ if path != null ~}\n      cat ${path}\n      %{ endif ~}",
        "      cat ${path} &&\n      cat ${path} |\n      cat",
    ])
    func isNoFault(_ text: String) throws {
        let fault = ManifestFault.resource("", script(text), [])
        let (source, diagnostics) = ManifestProviderSource.load(
            directory: "p", files: [("p/x.hcl", Array(fault.text.utf8))], functions: standardFunctions(), transports: transports())
        #expect(source != nil, "\(diagnostics.map { $0.detail })")
    }

    /// Damaged manifests give diagnostics, never a crash.
    @Test func survivesDamage() {
        var random = SeededGenerator(state: 5)
        let good = Array(ManifestFault.resource("", script("      cat ${path} \"$(x ${path})\" <<EOF\n      y\n      EOF"), []).text.utf8)
        for _ in 0..<1_500 {
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
