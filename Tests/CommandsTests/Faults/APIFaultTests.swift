import Foundation
import TestSupport
import Testing

/// Services that misbehave, through the real binary: a clear error, nothing lost, and a second run that completes without making anything twice.
@Suite struct APIFaultTests {
    @Test(arguments: APIFault.table)
    func fault(_ fault: APIFault) async throws {
        let world = try FaultWorld(fault.cloud)
        defer { world.end() }
        if fault.moment != .create {
            let first = try await world.ashlar("apply", "-auto-approve")
            try #require(first.code == 0, "\(first.all)")
        }
        fault.preparing(world.lxd, world.ec2)
        world.service.misbehave(fault.faults)
        let broken = try await world.ashlar.run(world.arguments(fault.moment))
        #expect(broken.code == fault.exit, "\(broken.all)")
        for part in fault.says { #expect(broken.words.contains(part), "\(part)\nin\n\(broken.all)") }
        if fault.exit != 0 {
            // On which resource, where, and what was attempted there.
            #expect(broken.words.contains("with \(world.address),"), "\(broken.all)")
            #expect(broken.words.contains(/on main\.tf line \d+/) || fault.moment == .delete, "\(broken.all)")
            #expect(!broken.words.contains("manifest"), "\(broken.all)")
        }
        if let recorded = fault.recorded {
            #expect(try await world.ashlar("state", "list").output.split(separator: "\n").map(String.init) == recorded)
        }
        world.service.misbehave([])
        world.lxd.failLater("m", nil)
        fault.between(world.lxd, world.ec2)
        let second = try await world.ashlar.run(world.arguments(fault.moment == .read ? .create : fault.moment))
        #expect(second.code == 0, "\(second.all)")
        #expect(world.creates == fault.creates, "\(second.all)")
        if fault.moment == .delete {
            #expect(world.names == [])
            #expect(try await world.ashlar("state", "list").output == "")
        } else {
            #expect(world.names.count == 1, "\(world.names)")
            let third = try await world.ashlar.run(world.arguments(fault.moment, plan: true))
            #expect(third.code == 0, "\(third.all)")
        }
    }
}

/// A cloud and a configuration of one resource on it.
struct FaultWorld {
    let ashlar: AshlarProgram
    let service: ScriptedService
    let lxd = FakeLXD()
    let ec2 = FakeEC2()
    let cloud: APIFault.Cloud

    init(_ cloud: APIFault.Cloud) throws {
        self.cloud = cloud
        service = try ScriptedService(cloud == .vpc ? ec2 : lxd)
        let url = "http://127.0.0.1:\(service.port)"
        let provider =
            cloud == .vpc
            ? """
            provider "aws" {
              region          = "eu-central-1"
              access_key      = "AKIDTEST"
              secret_key      = "secret-of-the-test"
              endpoint        = "\(url)"
              request_timeout = 2
            }
            resource "aws_vpc" "main" {
              cidr_block = "10.0.0.0/16"
              tags       = { Name = var.note }
            }
            """
            : """
            provider "lxd" {
              address            = "\(url)"
              client_certificate = ""
              client_key         = ""
              request_timeout    = 2
            }
            """
                + (cloud == .lxd
                    ? """

                    resource "lxd_network_acl" "web" {
                      name        = "web"
                      description = var.note
                      ingress     = [{ action = "allow", protocol = "tcp", destination_port = "80" }]
                    }
                    """
                    : """

                    resource "lxd_instance" "m" {
                      name              = "m"
                      image             = "base"
                      description       = var.note
                      wait_for_network  = false
                      wait_for_host_key = false
                    }
                    """)
        ashlar = try AshlarProgram(
            "fault",
            files: [
                "main.tf": """
                variable "note" {
                  type    = string
                  default = "one"
                }
                \(provider)
                """
            ])
    }

    func end() {
        service.stop()
        ashlar.remove()
    }

    var address: String {
        switch cloud {
        case .lxd: "lxd_network_acl.web"
        case .instance: "lxd_instance.m"
        case .vpc: "aws_vpc.main"
        }
    }

    var creates: Int { lxd.creates + ec2.creates }
    var names: [String] { lxd.names + ec2.names }

    func arguments(_ moment: APIFault.Moment, plan: Bool = false) -> [String] {
        if plan { return ["plan", "-detailed-exitcode"] + (moment == .update ? ["-var=note=two"] : []) }
        switch moment {
        case .create: return ["apply", "-auto-approve"]
        case .read: return ["plan"]
        case .update: return ["apply", "-auto-approve", "-var=note=two"]
        case .delete: return ["destroy", "-auto-approve"]
        }
    }
}
