import Foundation
import TestSupport
import Testing

/// States elsewhere, through the real program. What needs no service is in `Cases`.
@Suite struct BackendTests {
    static let configuration = """
        terraform {
          backend "http" {}
        }
        variable "names" {
          type    = list(string)
          default = ["a"]
        }
        resource "terraform_data" "a" {
          for_each = toset(var.names)
          input    = each.key
        }
        """

    /// Two folders are two machines.
    @Test func twoMachinesWorkOnOneState() async throws {
        let model = FakeStateService(credentials: "ada:secret")
        let service = try ScriptedService(model)
        let address = "http://127.0.0.1:\(service.port)/s"
        let initialize =
            "ashlar init -backend-config=address=\(address) -backend-config=lock_address=\(address)/lock -backend-config=unlock_address=\(address)/lock -backend-config=username=ada"
        let (one, two) = (try Workplace(Self.configuration), try Workplace(Self.configuration))
        for work in [one, two] {
            let (said, code) = try await work.run("\(initialize); TF_HTTP_PASSWORD=secret ashlar apply -auto-approve")
            #expect(code == 0 && said.contains("Successfully configured the backend \"http\""), "\(said)")
            #expect(said.contains(work === one ? "1 added" : "0 added"), "\(said)")
        }
        let (more, _) = try await two.run("TF_HTTP_PASSWORD=secret ashlar apply -auto-approve -var 'names=[\"a\",\"b\"]'")
        #expect(more.contains("1 added"), "\(more)")
        let (list, _) = try await one.run("TF_HTTP_PASSWORD=secret ashlar state list")
        #expect(list.text == "terraform_data.a[\"a\"]\nterraform_data.a[\"b\"]\n")
        let (pulled, _) = try await one.run("TF_HTTP_PASSWORD=secret ashlar state pull")
        #expect(pulled.text == model["/s"].document)
        let (refused, code) = try await one.run("ashlar state list")
        #expect(code == 1 && refused.contains("does not accept the credentials") && refused.contains("The state cannot be"), "\(refused)")
        let (workspaces, _) = try await one.run("ashlar workspace new dev")
        #expect(workspaces.contains("Error: workspaces not supported"), "\(workspaces)")
    }

    @Test func theLockOfAnotherMachineIsShownAndBroken() async throws {
        let model = FakeStateService()
        let service = try ScriptedService(model)
        let address = "http://127.0.0.1:\(service.port)/s"
        let work = try Workplace(Self.configuration)
        try await work.run("ashlar init -backend-config=address=\(address) -backend-config=lock_address=\(address)/lock")
        model["/s"].lock = """
            {"ID": "t-1", "Operation": "OperationTypeApply", "Info": "", "Who": "bob@ci", "Version": "1.11.4", "Created": "2026-01-02T03:04:05.6Z", "Path": ""}
            """
        let (refused, code) = try await work.run("ashlar apply -auto-approve")
        #expect(code == 1 && refused.contains("Error acquiring the state lock") && refused.contains("bob@ci"), "\(refused)")
        let (wrong, _) = try await work.run("ashlar force-unlock -force t-2")
        #expect(wrong.contains("Failed to unlock state"), "\(wrong)")
        let (done, broken) = try await work.run("ashlar force-unlock -force t-1 && ashlar apply -auto-approve")
        #expect(broken == 0 && done.contains("1 added"), "\(done)")
    }

    /// Killed at any moment: what was made is in the state, or looked for, and the document is one.
    @Test(.timeLimit(.minutes(10)), arguments: [0.05, 0.2, 0.4, 0.7, 1.0])
    func aKilledRunLosesNothing(_ seconds: Double) async throws {
        let work = try Workplace(
            """
            terraform {
              backend "local" {}
            }
            resource "terraform_data" "a" {
              count = 6
              provisioner "local-exec" { command = "echo ${count.index} >>made; sleep 0.2" }
            }
            """)
        try await work.run("ashlar init")
        let (said, code) = try await work.run(
            """
            ashlar apply -auto-approve -parallelism=2 >/dev/null 2>&1 & pid=$!; sleep \(seconds); kill -KILL $pid; wait $pid
            ashlar apply -auto-approve >second 2>&1; echo "second: $?"
            ashlar plan -detailed-exitcode; echo "plan: $?"; ashlar state list | wc -l
            """)
        #expect(code == 0 && said.contains("second: 0") && said.contains("plan: 0") && said.text.hasSuffix("6\n"), "\(said)")
        #expect(!work.files(in: ".").contains { $0.hasSuffix("draft") })
    }
}
