import Addresses
import ConfigModel
import Diagnostics
import Evaluation
import HCLSyntax
import Testing
import Values

/// What a faultless configuration becomes.
struct LoadedTests {
    func load(_ files: [String: String], kinds: KindCatalog = .none) throws -> Configuration {
        let (configuration, diagnostics) = loadConfiguration(
            root: ".", sources: ModuleSources(files: files.mapValues { Array($0.utf8) }), kinds: kinds, functions: FewFunctions())
        #expect(diagnostics == [])
        return try #require(configuration)
    }

    @Test func everyCallIsAModuleAndEveryFileIsReadOnce() throws {
        let configuration = try load([
            "main.tf": "module \"a\" {\n  source = \"./m\"\n}\nmodule \"b\" {\n  source = \"./m/../m\"\n}\n",
            "m/main.tf": "module \"inner\" {\n  source = \"../n\"\n}\n", "n/main.tf": "locals {\n  x = 1\n}\n",
        ])
        #expect(
            configuration.modules.map(\.path.description) == ["", "module.a", "module.a.module.inner", "module.b", "module.b.module.inner"])
        #expect(configuration.modules.map(\.directory) == [".", "m", "n", "m", "n"])
        #expect(configuration.module(at: ModuleCallPath([.module(name: "b")]))?.calls.map(\.path.description) == ["module.b.module.inner"])
    }

    @Test func theDigestNamesTheBytesOfEveryFile() throws {
        let first = try load(["main.tf": "locals {\n  x = 1\n}\n"])
        let same = try load(["main.tf": "locals {\n  x = 1\n}\n", "notes.txt": "x", ".hidden.tf": "x", "main.tf~": "x", "#main.tf#": "x"])
        let other = try load(["main.tf": "locals {\n  x = 2\n}\n"])
        let moved = try load(["other.tf": "locals {\n  x = 1\n}\n"])
        #expect(first.digest == same.digest)
        #expect(first.digest.count == 64)
        #expect(Set([first.digest, other.digest, moved.digest]).count == 3)
    }

    @Test func aMissingRootIsSaid() {
        let (configuration, diagnostics) = loadConfiguration(root: "nope", sources: ModuleSources(files: [:]), functions: FewFunctions())
        #expect(configuration == nil)
        #expect(diagnostics.map(\.summary) == ["Failed to read module directory"])
    }

    /// Files in both syntaxes make one module; those of an override change what either has said.
    @Test func bothSyntaxesMakeOneModule() throws {
        let configuration = try load([
            "main.tf": "output \"x\" {\n  value = local.y\n}\nresource \"terraform_data\" \"a\" {\n  input = 1\n}\n",
            "x.tf.json": #"{"locals": {"y": 1, "z": "a"}, "resource": {"terraform_data": {"b": {"input": 2}}}}"#,
            "override.tf.json": #"{"locals": {"y": 2}, "resource": {"terraform_data": {"a": {"input": 3}}}}"#,
            "z_override.tf": "locals {\n  z = \"b\"\n}\nresource \"terraform_data\" \"b\" {\n  input = 4\n}\n",
            ".hidden.tf.json": "{", "x.tf.json~": "{", "#y.tf.json#": "{",
        ])
        let module = configuration.modules[0]
        func text(_ expression: Expression?) -> String {
            guard let expression else { return "nothing" }
            if case .number(let digits) = expression.kind { return digits }
            return expression.literalText ?? "other"
        }
        #expect(module.locals.map { text($0.value.expression) } == ["2", "b"])
        #expect(module.resources.map { text($0.body.attribute("input")?.expression) } == ["3", "4"])
    }

    /// Each of 10,000 brackets within each other is refused with a sentence, in JSON as in native syntax.
    @Test(arguments: ["[", "{\"a\":", "[{\"a\":["]) func deepJSONIsRefused(_ opening: String) {
        let source = "{\"locals\":{\"a\":" + String(repeating: opening, count: 10_000)
        let (_, diagnostics) = loadConfiguration(
            root: ".", sources: ModuleSources(files: ["main.tf.json": Array(source.utf8)]), functions: FewFunctions())
        #expect(diagnostics.map(\.summary) == ["Nesting too deep"])
    }

    @Test func metaArgumentsLeaveTheBody() throws {
        let configuration = try load([
            "main.tf": """
            variable "n" {
              default = 2
            }
            resource "terraform_data" "base" {}
            resource "terraform_data" "a" {
              count      = var.n
              provider   = terraform
              depends_on = [terraform_data.base]
              input      = "${count.index} ${local.l}"
              lifecycle {
                create_before_destroy = true
                prevent_destroy       = true
                ignore_changes        = [input, output.a["b"][0]]
                replace_triggered_by  = [terraform_data.base.id]
                postcondition {
                  condition     = self.id != var.n
                  error_message = "x"
                }
              }
              provisioner "local-exec" {
                command = "echo ${self.id}"
              }
            }
            locals {
              l = 1
            }
            """
        ])
        let resource = try #require(configuration.modules.first?.resources.last)
        #expect(resource.body.attributes.map(\.name.name) == ["input"])
        #expect(resource.body.blocks.isEmpty)
        #expect(resource.provisioners.count == 1)
        #expect(resource.dependsOn.map(\.subject) == [.resource(ResourceName(type: ResourceType("terraform_data"), name: "base"))])
        let base = Reference.Subject.resource(ResourceName(type: ResourceType("terraform_data"), name: "base"))
        #expect(resource.references.map(\.subject) == [.variable("n"), .count, .local("l"), base, .variable("n")])
        #expect(resource.lifecycle.createBeforeDestroy && resource.lifecycle.preventDestroy)
        #expect(resource.lifecycle.postconditions.count == 1)
        guard case .paths(let paths) = resource.lifecycle.ignoreChanges else {
            Issue.record("no paths")
            return
        }
        #expect(paths.map(\.path.description) == ["input", "output.a[\"b\"][0]"])
    }

    @Test func overridesReplaceArgumentByArgument() throws {
        let configuration = try load([
            "main.tf": """
            variable "v" {
              type    = string
              default = "a"
            }
            locals {
              l = 1
            }
            resource "terraform_data" "a" {
              input = local.l
              lifecycle {
                prevent_destroy = true
              }
            }
            output "x" {
              value = 1
            }
            """,
            "a_override.tf":
                "resource \"terraform_data\" \"a\" {\n  input            = var.v\n  triggers_replace = 2\n}\noutput \"x\" {\n  value = 2\n}\n",
            "override.tf":
                "variable \"v\" {\n  default = \"b\"\n}\nlocals {\n  l = var.v\n}\nresource \"terraform_data\" \"a\" {\n  lifecycle {\n    create_before_destroy = true\n  }\n}\n",
        ])
        let root = try #require(configuration.modules.first)
        #expect(root.variables.first?.defaultValue == .string("b"))
        #expect(root.locals.first?.references.map(\.subject) == [.variable("v")])
        let resource = try #require(root.resources.first)
        #expect(resource.body.attributes.map(\.name.name) == ["input", "triggers_replace"])
        #expect(resource.attributeFiles == ["input": "a_override.tf", "triggers_replace": "a_override.tf"])
        #expect(resource.references.map(\.span.file) == ["a_override.tf"])
        #expect(resource.lifecycle.preventDestroy && resource.lifecycle.createBeforeDestroy)
        #expect(root.outputs.first?.value.file == "a_override.tf")
    }

    @Test func optionalAttributesOfADefaultAreFilledIn() throws {
        let configuration = try load([
            "main.tf": "variable \"v\" {\n  type    = object({ a = number, b = optional(string, \"x\") })\n  default = { a = \"1\" }\n}\n"
        ])
        #expect(configuration.modules.first?.variables.first?.defaultValue == .object(["a": .int(1), "b": .string("x")]))
    }

    // MARK: Kinds

    @Test func aKindBecomesACallOfItsComposition() throws {
        let directory = try #require(CaseDirectory.all.first { $0.name == "kind-fine" })
        let (loaded, diagnostics) = directory.load()
        #expect(diagnostics == [])
        let configuration = try #require(loaded)
        let type = ResourceType("web_server")
        let onHost = ModuleCallPath([.kind(type: type, name: "a")])
        let inCloud = ModuleCallPath([.kind(type: type, name: "b")])
        #expect(configuration.modules.map(\.path) == [.root, onHost, inCloud])
        let root = configuration.modules[0]
        #expect(root.resources.map(\.name.description) == ["host.rack"])
        #expect(root.calls.map(\.callee) == [.kind(type: type, name: "a"), .kind(type: type, name: "b")])
        #expect(root.calls[0].body.attributes.map(\.name.name) == ["host", "sites"])
        #expect(root.calls[1].body.attributes.map(\.name.name) == ["sites"])
        let composition = configuration.modules[2]
        #expect(composition.directory == "providers/cloud/kinds/web_server")
        #expect(composition.variables.map(\.name) == ["host", "sites"])
        #expect(composition.variables.map(\.isKey) == [false, true])
        #expect(composition.outputs.first?.description == "Where the first site is served.")
        #expect(configuration.modules[1].resources.first?.lifecycle.isPrincipal == true)
        // The provider that was chosen is passed; others come from above.
        let chosen = composition.resources.map { configuration.providerConfiguration(for: $0.provider, in: composition).description }
        #expect(chosen == ["provider.terraform", "provider.cloud.west", "provider.host"])
    }

    // MARK: Providers

    @Test(
        arguments: [
            ("", "aws", nil, "provider.aws"),
            ("", "aws", "west", "provider.aws.west"),
            ("", "gcp", nil, "provider.gcp"),
            ("inherits", "aws", nil, "provider.aws"),
            ("inherits", "amazon", nil, "provider.aws"),
            ("passed", "aws", nil, "provider.aws.west"),
            ("passed", "aws", "second", "provider.aws.west"),
            ("own", "aws", nil, "module.own.provider.aws"),
            ("deep.inherits", "aws", nil, "provider.aws.west"),
            ("deep.own", "aws", nil, "module.deep.module.own.provider.aws"),
        ] as [(String, String, String?, String)])
    func aProviderConfigurationIsFound(module: String, name: String, alias: String?, expected: String) throws {
        let configuration = try load([
            "main.tf": """
            provider "aws" {
              region = "one"
            }
            provider "aws" {
              alias  = "west"
              region = "two"
            }
            module "inherits" {
              source = "./inherits"
            }
            module "passed" {
              source    = "./passed"
              providers = {
                aws        = aws.west
                aws.second = aws.west
              }
            }
            module "own" {
              source = "./own"
            }
            module "deep" {
              source    = "./deep"
              providers = { aws = aws.west }
            }
            """,
            "inherits/main.tf": """
            terraform {
              required_providers {
                amazon = { source = "hashicorp/aws" }
              }
            }
            """,
            "passed/main.tf": """
            terraform {
              required_providers {
                aws = {
                  source                = "hashicorp/aws"
                  configuration_aliases = [aws.second]
                }
              }
            }
            resource "aws_vpc" "a" {
              provider = aws.second
            }
            """,
            "own/main.tf": "provider \"aws\" {\n  region = \"three\"\n}\n",
            "deep/main.tf": "module \"inherits\" {\n  source = \"../inherits\"\n}\nmodule \"own\" {\n  source = \"../own\"\n}\n",
        ])
        let path = ModuleCallPath(module.split(separator: ".").map { .module(name: String($0)) })
        let found = try #require(configuration.module(at: path))
        let address = configuration.providerConfiguration(for: ProviderReference(name: name, alias: alias), in: found)
        #expect(address.description == expected)
        #expect(configuration.providerName(of: address) == (name == "amazon" ? "aws" : name))
        #expect((configuration.providerBlock(at: address) != nil) == (name != "gcp"))
    }

    // MARK: Size

    @Test func fiveThousandResourcesInTwoHundredModulesAreLinear() throws {
        var files: [String: String] = [:]
        var root = ""
        for module in 0..<200 {
            root += "module \"m\(module)\" {\n  source = \"./m\(module)\"\n  x = \(module == 0 ? "1" : "module.m\(module - 1).y")\n}\n"
            var body = "variable \"x\" {}\noutput \"y\" {\n  value = terraform_data.r24.output\n}\n"
            for resource in 0..<25 {
                body += "resource \"terraform_data\" \"r\(resource)\" {\n  input = { a = var.x, b = \"n-${var.x}\" }\n}\n"
            }
            files["m\(module)/main.tf"] = body
        }
        files["main.tf"] = root
        let clock = ContinuousClock()
        let start = clock.now
        let configuration = try load(files)
        let elapsed = clock.now - start
        #expect(configuration.modules.count == 201)
        #expect(configuration.modules.map(\.resources.count).reduce(0, +) == 5_000)
        // Unoptimised, on a busy machine.
        #expect(elapsed < .seconds(8))
        print("5,000 resources in 200 modules: \(elapsed)")
    }

    @Test func aModuleCalledManyTimesIsParsedOnce() throws {
        var body = ""
        for resource in 0..<500 { body += "resource \"terraform_data\" \"r\(resource)\" {\n  input = 1\n}\n" }
        let calls = (0..<500).map { "module \"m\($0)\" {\n  source = \"./m\"\n}\n" }.joined()
        let clock = ContinuousClock()
        let start = clock.now
        let configuration = try load(["main.tf": calls, "m/main.tf": body])
        #expect(configuration.modules.count == 501)
        #expect(clock.now - start < .seconds(4))
    }

    @Test(arguments: [
        ("terraform_data.a", "terraform_data.a"), ("module.m", "module.m"), ("module.m[0].module.n[\"k\"]", "module.m[0].module.n[\"k\"]"),
        ("module.m.data.x.y[1]", "module.m.data.x.y[1]"), ("kind.k[\"a\"].terraform_data.x", "kind.k[\"a\"].terraform_data.x"),
        ("resource.a.b", "a.b"),
    ])
    func anAddressIsRead(text: String, expected: String) throws {
        let parsed = parseExpression(Array(text.utf8), path: "x")
        guard case .traversal(let root, let steps) = parsed.tree.kind else {
            Issue.record("no traversal")
            return
        }
        let address = try ConfigurationAddress(
            Traversal(root: root, steps: steps, range: parsed.tree.range), file: "x", isKind: { $0.rawValue == "kind" })
        switch address {
        case .module(let path): #expect(path.description == expected)
        case .resource(let path, let resource, let key):
            #expect(ResourceAddress(module: path, resource: resource).instance(key).description == expected)
        }
    }
}
