import Foundation
import Synchronization
import TestSupport
import Testing

/// Secrets from everywhere, through the real program with everything logged: none is in what it says, in the arguments and environment of what
/// it starts, or in a file that others can read.
///
/// Plan files, states and `show -json` hold values as Terraform's do; of those it is only asked that nobody else can read the files.
@Suite struct SecretsTests {
    /// A word that is a secret, with characters that every notation writes in its own way.
    private static func secret(_ name: String) -> String { "S3cr\"t/\(name)+&'é\(UUID().uuidString.prefix(8))" }

    private let secrets = [
        "environment", "tfvars", "access", "token", "client", "host", "passphrase", "become", "literal", "list",
    ].reduce(into: [String: String]()) { $0[$1] = Self.secret($1) }

    private func configuration(lxd: Int, aws: Int) -> String {
        """
        variable "environment" {
          type      = string
          sensitive = true
        }
        variable "tfvars" {
          type      = object({ \(secrets.keys.sorted().map { "\($0) = string" }.joined(separator: ", ")) })
          sensitive = true
        }
        variable "note" {
          type    = string
          default = "one"
        }
        variable "fails" {
          type    = bool
          default = false
        }
        provider "lxd" {
          address            = "http://127.0.0.1:\(lxd)"
          client_certificate = ""
          client_key         = ""
          request_timeout    = 5
        }
        provider "aws" {
          region          = "eu-central-1"
          access_key      = "AKIDTEST"
          secret_key      = var.tfvars.access
          token           = var.tfvars.token
          endpoint        = "http://127.0.0.1:\(aws)"
          request_timeout = 5
        }
        provider "host" {
          user            = "nobody"
          private_key     = file("id")
          passphrase      = var.tfvars.passphrase
          password        = var.tfvars.host
          become_password = var.tfvars.become
          connect_timeout = 1
        }
        resource "random_password" "made" {
          length  = 40
          special = false
        }
        resource "local_sensitive_file" "file" {
          filename = "out/secret"
          content  = "password=${var.environment}\\nmade=${random_password.made.result}\\n"
        }
        resource "terraform_data" "data" {
          input            = { secret = var.environment, list = [var.tfvars.list, random_password.made.result], note = var.note }
          triggers_replace = [var.tfvars.literal]
        }
        resource "lxd_network_acl" "web" {
          name        = "web"
          description = var.note
          config      = { "user.password" = var.tfvars.client }
        }
        resource "aws_vpc" "main" {
          cidr_block = "10.0.0.0/16"
          tags       = { Name = var.note, Password = var.environment }
        }
        resource "host_file" "far" {
          count   = var.fails ? 1 : 0
          host    = { address = "127.0.0.1", port = 9, user = "nobody", host_key = null, id = "far" }
          path    = "/etc/far"
          content = "password=${var.environment}"
        }
        output "plain" { value = "visible" }
        output "secret" {
          value     = { given = var.tfvars, made = random_password.made.result }
          sensitive = true
        }
        """
    }

    /// What one run has said, by what was run.
    private final class Findings: Sendable {
        private let found = Mutex<[String: Set<String>]>([:])
        var all: [String: String] { found.withLock { $0.mapValues { $0.joined(separator: "\n") } } }
        func add(_ place: String, _ text: String) { found.withLock { _ = $0[place, default: []].insert(text) } }
    }

    /// Answers with all that it was told: what a proxy or a careless service does.
    private struct Echo: ServiceModel {
        func answer(_ request: ServiceRequest) -> ServiceAnswer {
            let told =
                request.headers.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }.joined(separator: "\n") + "\n\n" + request.body
            if request.body.contains("Action=") {
                let text = told.replacing("&", with: "&amp;").replacing("<", with: "&lt;")
                let decoded = request.form.map { "\($0.key)=\($0.value)" }.sorted().joined(separator: "\n").replacing("&", with: "&amp;")
                    .replacing("<", with: "&lt;")
                return ServiceAnswer(
                    400,
                    "<Response><Errors><Error><Code>Invalid</Code><Message>cannot read \(text) which is \(decoded)</Message></Error></Errors><RequestID>r</RequestID></Response>",
                    type: "text/xml")
            }
            return FakeLXD.refusal(400, "cannot read \(told)")
        }
    }

    @Test(.timeLimit(.minutes(2))) func noneIsSaidOrLeftWhereOthersRead() async throws {
        let lxd = try ScriptedService(FakeLXD())
        let aws = try ScriptedService(FakeEC2())
        let echo = try ScriptedService(Echo())
        defer { for service in [lxd, aws, echo] { service.stop() } }
        let ashlar = try AshlarProgram("secrets", files: ["main.tf": configuration(lxd: lxd.port, aws: aws.port)])
        defer { ashlar.remove() }
        let given = secrets.filter { $0.key != "environment" }
        let tfvars = try JSONSerialization.data(withJSONObject: ["tfvars": secrets])
        try ashlar.write("terraform.tfvars.json", String(decoding: tfvars, as: UTF8.self))
        // What the user has written is the user's to guard.
        let own: Set = ["main.tf", "terraform.tfvars.json"]
        let key = try await SpawnedProgram.run(
            "ssh-keygen",
            ["-q", "-t", "ed25519", "-N", secrets["passphrase"] ?? "", "-f", ashlar.folder.appending(path: "id").path])
        #expect(key.code == 0, "\(key.output)")
        let temporary = ashlar.folder.appending(path: "tmp")
        try FileManager.default.createDirectory(at: temporary, withIntermediateDirectories: true)
        let environment = [
            "TF_VAR_environment": secrets["environment"] ?? "", "ASHLAR_LOG": "trace", "TMPDIR": temporary.path,
        ]
        let findings = Findings()
        let folder = ashlar.folder
        @Sendable func look(_ pid: Int32) {
            Self.readProcesses(below: pid, into: findings)
            Self.readFiles(in: folder, but: own, into: findings)
        }
        func run(_ arguments: [String], code: Int32, saying: String = "", isSearched: Bool = true) async throws -> String {
            let result = try await ashlar.run(arguments, environment: environment, whileRunning: look)
            #expect(result.code == code, "\(arguments): \(result.all)")
            #expect(saying.isEmpty || result.words.contains(saying), "\(arguments): \(result.all)")
            findings.add("errors of \(arguments)", result.errors)
            if isSearched { findings.add("output of \(arguments)", result.output) }
            look(0)
            return result.output
        }

        _ = try await run(["plan", "-out=saved"], code: 0, saying: "(sensitive value)")
        _ = try await run(["show", "saved"], code: 0, saying: "(sensitive value)")
        _ = try await run(["plan", "-json"], code: 0, saying: "planned_change")
        _ = try await run(["apply", "-json", "saved"], code: 0, saying: "apply_complete")
        // What is read with secrets at hand is marked more widely than what is recorded; that is no change.
        _ = try await run(["plan", "-detailed-exitcode"], code: 0, saying: "No changes.")
        _ = try await run(["plan", "-var=note=two"], code: 0, saying: "3 to change")
        _ = try await run(["apply", "-auto-approve", "-var=note=two"], code: 0, saying: "changed")
        _ = try await run(["show"], code: 0, saying: "(sensitive value)")
        _ = try await run(["output"], code: 0, saying: "secret = <sensitive>")
        _ = try await run(["state", "list"], code: 0, saying: "random_password.made")
        _ = try await run(["state", "show", "terraform_data.data"], code: 0, saying: "(sensitive value)")
        _ = try await run(["history"], code: 0, saying: "apply")
        let shown = try await run(["show", "-json"], code: 0, isSearched: false)
        let made = try #require(shown.firstMatch(of: /"result":"([A-Za-z0-9]{40})"/)).1
        // A search that finds nothing where everything is would prove nothing.
        var all = given
        all["environment"] = environment["TF_VAR_environment"]
        all["made"] = String(made)
        all["key"] = try String(contentsOf: folder.appending(path: "id"), encoding: .utf8).split(separator: "\n").dropFirst(2).first.map(
            String.init)
        #expect(Self.search(["show -json": shown], for: all).count >= 3)

        // Failures: services that repeat what they were told, a host that is not there.
        try ashlar.write("main.tf", configuration(lxd: echo.port, aws: echo.port))
        _ = try await run(
            ["apply", "-auto-approve", "-var=note=three", "-refresh=false", "-var=fails=true"], code: 1, saying: "cannot read")
        _ = try await run(["apply", "-json", "-auto-approve", "-var=note=three", "-refresh=false"], code: 1, saying: "cannot read")
        _ = try await run(["plan"], code: 1, saying: "cannot read")
        try ashlar.write("main.tf", configuration(lxd: lxd.port, aws: aws.port))
        _ = try await run(["destroy", "-auto-approve"], code: 0, saying: "destroyed")

        let places = findings.all
        #expect(places.keys.contains { $0.hasPrefix("arguments") })
        #expect(places["modes"] == nil, "\(places["modes"] ?? "")")
        let seen = Set((places["files seen"] ?? "").split(separator: "\n"))
        #expect(seen.isSuperset(of: ["terraform.ashlar", "terraform.ashlar-wal", "saved", "out/secret"]), "\(seen)")
        let leaks = Self.search(places, for: all)
        #expect(leaks.isEmpty, "\(leaks.joined(separator: "\n"))")
        #expect(try FileManager.default.contentsOfDirectory(atPath: temporary.path).isEmpty)
        for name in ["saved", "terraform.ashlar"] {
            let mode = try FileManager.default.attributesOfItem(atPath: folder.appending(path: name).path)[.posixPermissions] as? Int
            #expect(mode == 0o600, "\(name)")
        }
    }

    // MARK: Looking

    /// Each secret in each form, where it is in a text.
    private static func search(_ places: [String: String], for secrets: [String: String]) -> [String] {
        var found: Set<String> = []
        for (name, secret) in secrets {
            let bytes = Data(secret.utf8)
            var forms = [
                "plain": secret, "hex": bytes.map { String(format: "%02x", $0) }.joined(),
                "percent": secret.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? secret,
                "JSON": secret.replacing("\\", with: "\\\\").replacing("\"", with: "\\\""),
                "JSON with slashes": secret.replacing("\"", with: "\\\"").replacing("/", with: "\\/"),
                "shell": secret.replacing("'", with: "'\\''"),
                // Even the middle of it says too much.
                "piece": String(secret.dropFirst(8)),
            ]
            // Wherever it stands in what is encoded: without the digits that its neighbours have a part in.
            for shift in 0..<3 {
                let text = (Data(repeating: 0, count: shift) + bytes).base64EncodedString()
                forms["base64 \(shift)"] = String(text.dropFirst(shift == 0 ? 0 : shift + 1).dropLast(4))
            }
            for (place, text) in places {
                // As bytes: what is not text is searched as well, and fast.
                let (exact, lower) = (Data(text.utf8), Data(text.lowercased().utf8))
                for (form, written) in forms
                where exact.range(of: Data(written.utf8)) != nil || lower.range(of: Data(written.lowercased().utf8)) != nil {
                    found.insert("\(name) (\(form)) in \(place)")
                }
            }
        }
        return found.sorted()
    }

    /// Arguments and environment of the program's descendants, and its own arguments; its own environment is what it was given.
    private static func readProcesses(below pid: Int32, into findings: Findings) {
        if pid == 0 { return }
        func read(_ pid: Int32, _ file: String) -> String {
            // A process that has ended meanwhile has nothing to read.
            guard let data = FileManager.default.contents(atPath: "/proc/\(pid)/\(file)") else { return "" }
            return String(decoding: data, as: UTF8.self).replacing("\0", with: "\n")
        }
        var parents = [pid]
        findings.add("arguments of \(pid)", read(pid, "cmdline"))
        while let parent = parents.popLast() {
            for thread in (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(parent)/task")) ?? [] {
                for child in read(parent, "task/\(thread)/children").split(separator: " ").compactMap({ Int32($0) }) {
                    findings.add("arguments of a child", read(child, "cmdline"))
                    // Variables of the user's own environment are handed on, as by any program.
                    let environment = read(child, "environ").split(separator: "\n").filter { !$0.hasPrefix("TF_VAR_") }
                    findings.add("environment of a child", environment.joined(separator: "\n"))
                    parents.append(child)
                }
            }
        }
    }

    /// Files that others than their owner can read. Those which only the owner can read may hold secrets.
    private static func readFiles(in folder: URL, but own: Set<String>, into findings: Findings) {
        let files = FileManager.default
        for name in (try? files.subpathsOfDirectory(atPath: folder.path)) ?? [] where !own.contains(name) {
            let path = folder.appending(path: name).path
            // Gone meanwhile, or readable by nobody else.
            guard let attributes = try? files.attributesOfItem(atPath: path), attributes[.type] as? FileAttributeType == .typeRegular,
                let mode = attributes[.posixPermissions] as? Int
            else { continue }
            findings.add("files seen", name)
            // The state, its log and its temporary files, and saved plans, from their first moment on.
            if name.hasPrefix("terraform.ashlar") || name.contains("saved"), mode != 0o600 {
                findings.add("modes", "\(name) has mode \(String(mode, radix: 8))")
            }
            if mode & 0o077 != 0, let data = files.contents(atPath: path) {
                findings.add("file \(name) of mode \(String(mode, radix: 8))", String(decoding: data, as: UTF8.self))
            }
        }
    }
}
