import Addresses
import PlanModel
import StateModel
import Testing
import Values

/// What a machine holds is forgotten with it only where the machine itself goes, and otherwise taken down piece by piece.
@Suite struct ContentsTests {
    static let machine = "resource \"echo_box\" \"machine\" {}\n"
    static let host = "resource \"echo_host\" \"h\" {\n  box = echo_box.machine.id\n}\n"
    static let thing = "resource \"echo_thing\" \"t\" {\n  box = echo_host.h.id\n}\n"

    /// What the configuration has, what is asked for, and what becomes of the machine, the host on it and the thing on that.
    struct Case: CustomTestStringConvertible, Sendable {
        let name: String
        var text = machine + host + thing
        var mode = Plan.Mode.normal
        var targets: [String] = []
        var excludes: [String] = []
        let actions: [String: Change.Action]
        var testDescription: String { name }
    }

    static let cases = [
        Case(
            name: "everything goes", mode: .destroy,
            actions: ["echo_box.machine": .delete, "echo_host.h": .forget, "echo_thing.t": .forget]),
        Case(name: "only the thing is to go", mode: .destroy, targets: ["echo_thing.t"], actions: ["echo_thing.t": .delete]),
        Case(
            name: "only the host is to go", mode: .destroy, targets: ["echo_host.h"],
            actions: ["echo_host.h": .delete, "echo_thing.t": .delete]),
        Case(
            name: "the machine is to go, and so what stands on it", mode: .destroy, targets: ["echo_box.machine"],
            actions: ["echo_box.machine": .delete, "echo_host.h": .forget, "echo_thing.t": .forget]),
        Case(
            name: "the machine is to stay", mode: .destroy, excludes: ["echo_box.machine"],
            actions: ["echo_host.h": .delete, "echo_thing.t": .delete]),
        Case(
            name: "something on it that is no longer configured", text: machine + host, targets: ["echo_thing.t"],
            actions: ["echo_thing.t": .delete]),
        Case(name: "the thing is to stay, and so what it stands on", mode: .destroy, excludes: ["echo_thing.t"], actions: [:]),
        Case(name: "the host is to stay", mode: .destroy, excludes: ["echo_host.h"], actions: ["echo_thing.t": .delete]),
        Case(
            name: "the machine goes on which there is more than is targeted", text: "", targets: ["echo_box.machine"],
            actions: ["echo_box.machine": .delete, "echo_host.h": .forget, "echo_thing.t": .forget]),
        Case(
            name: "the machine is let go of", text: "removed {\n  from = echo_box.machine\n  lifecycle { destroy = false }\n}",
            actions: ["echo_box.machine": .forget, "echo_host.h": .delete, "echo_thing.t": .delete]),
        Case(
            name: "the machine is made anew under what is no longer configured",
            text: machine.replacing("{}", with: "{ name = \"other\" }") + host,
            actions: ["echo_box.machine": .deleteThenCreate, "echo_host.h": .deleteThenCreate, "echo_thing.t": .forget]),
    ]

    @Test(arguments: cases) func goWithTheMachineOrBeforeIt(_ test: Case) async throws {
        let bench = PlanTests()
        let base = bench.base([
            try bench.thing("echo_box.machine", ["id": .string("m")]),
            try bench.thing(
                "echo_host.h", ["id": .string("h"), "box": .string("m")], dependencies: ["echo_box.machine"], container: "echo_box.machine"),
            try bench.thing("echo_thing.t", ["box": .string("h")], dependencies: ["echo_host.h"], container: "echo_host.h"),
        ])
        var options = Plan.Options()
        options.targets = test.targets
        options.excludes = test.excludes
        let plan = try await bench.plan(test.text, base: base, mode: test.mode, options: options)
        #expect(bench.actions(plan).filter { $0.value != .noOp } == test.actions)
        let removals = test.actions.filter { $0.value == .delete || $0.value == .forget }
        for (inner, outer) in [("echo_thing.t", "echo_host.h"), ("echo_host.h", "echo_box.machine")] {
            guard let first = removals[inner], removals[outer] == .delete else { continue }
            // What is forgotten waits for its container, what is taken down goes before it.
            #expect(first == .forget ? bench.order(plan, outer, before: inner) : bench.order(plan, inner, before: outer))
        }
    }
}
