import Addresses
import Applying
import Diagnostics
import PlanModel
import ProviderKit
import StateModel
import TestSupport
import Testing
import Values

/// Every kind of vertex that a plan may have.
@Suite struct StepKindTests {
    @Test func forgettingAndRecordingTouchTheRecordAlone() async throws {
        let (a, b) = (thingObject("a", "id-a"), thingObject("b", "id-b"))
        let bench = thingBench([a, b])
        var record = b
        record.attributes = .null
        record.dependencies = [instanceAddress("c").resource]
        let result = try await bench.apply(
            thingPlan(
                [
                    Change(address: a.address, provider: testProvider, action: .forget),
                    Change(address: b.address, provider: testProvider, action: .record, record: record),
                ],
                [Vertex(kind: .effect(.forget, change: 0)), Vertex(kind: .effect(.record, change: 1))], [[], [0]]))
        #expect(result.isDone && bench.world.deeds.isEmpty)
        let snapshot = try await bench.store.snapshot()
        #expect(Array(snapshot.objects.keys) == [b.address])
        #expect(snapshot.objects[b.address]?.attributes == b.attributes && snapshot.objects[b.address]?.dependencies == record.dependencies)
        // The run, all of this, the end of the run.
        #expect(await bench.store.appends == 3)
    }

    @Test func observationsAreRecordedBeforeTheFirstStep() async throws {
        let (a, b) = (thingObject("a", "id-a"), thingObject("b", "id-b"))
        let bench = thingBench([a, b])
        var drifted = a
        drifted.attributes = .object([("id", .string("id-a")), ("value", .int(9))])
        var plan = thingPlan([], [])
        plan.observed = [
            .init(kind: .object, address: a.address, object: drifted), .init(kind: .object, address: b.address, object: nil),
        ]
        let result = try await bench.apply(plan)
        #expect(result.isDone)
        #expect(try await bench.store.snapshot().objects == [a.address: drifted])
    }

    @Test func movesGoInAnOrderInWhichNoneUndoesAnother() async throws {
        // What each of them holds, which depends on it, goes along.
        let objects = ["a", "b", "c", "x", "y"].flatMap { name in
            var held = thingObject("in_\(name)", "id-in-\(name)", identity: "thing|\(instanceAddress(name))|/")
            held.container = instanceAddress(name)
            held.dependencies = [instanceAddress(name).resource]
            return [thingObject(name, "id-\(name)"), held]
        }
        let bench = thingBench(objects)
        func move(_ from: String, _ to: String) -> Change {
            Change(
                address: ObjectAddress(instanceAddress(to)), previousAddress: instanceAddress(from), provider: testProvider, action: .noOp)
        }
        // A chain a → b → c → d, and a swap of x and y.
        let result = try await bench.apply(thingPlan([move("a", "b"), move("b", "c"), move("c", "d"), move("x", "y"), move("y", "x")], []))
        #expect(result.isDone)
        let recorded = try await bench.store.snapshot().objects
        for (old, new) in [("a", "b"), ("b", "c"), ("c", "d"), ("x", "y"), ("y", "x")] {
            let held = recorded[ObjectAddress(instanceAddress("in_\(old)"))]
            #expect(held?.container == instanceAddress(new) && held?.dependencies == [instanceAddress(new).resource])
            #expect(held?.identity == "thing|\(instanceAddress(new))|/")
        }
        let found = recorded.filter { $0.value.container == nil }.map { "\($0.key)=\($0.value.attributes["id"]?.stringValue ?? "")" }
            .sorted()
        #expect(found == ["thing_a.b=id-a", "thing_a.c=id-b", "thing_a.d=id-c", "thing_a.x=id-y", "thing_a.y=id-x"])
    }

    @Test func outputsAreRecordedAndTold() async throws {
        let bench = Bench()
        let recorder = Recorder()
        let outputs = [
            OutputChange(name: "url", before: nil, after: .string("http://x"), isSensitive: false),
            OutputChange(name: "password", before: nil, after: Value.string("p").marked(.sensitive), isSensitive: true),
            OutputChange(name: "gone", before: .int(1), after: nil, isSensitive: false),
        ]
        let result = try await bench.apply(
            thingPlan([], [Vertex(kind: .output(0)), Vertex(kind: .output(1)), Vertex(kind: .output(2))], outputs: outputs),
            observer: recorder)
        #expect(result.isDone && result.outputs["url"] == OutputRecord(value: .string("http://x"), isSensitive: false))
        #expect(try await bench.store.snapshot().outputs == result.outputs && result.outputs.count == 2)
        #expect(recorder.words == ["output url", "output password"])
    }

    @Test func aConditionThatFailsStopsWhatWaitsForIt() async throws {
        let bench = Bench()
        let checks = [
            CheckResult(kind: .resource, subject: "thing_a.a", status: .unknown),
            CheckResult(kind: .check, subject: "check.c", status: .unknown),
        ]
        let result = try await bench.apply(
            thingPlan(
                [
                    Change(
                        address: thingObject("a", "").address, provider: testProvider, action: .create,
                        after: thingObject("a", "").attributes, record: thingObject("a", ""))
                ],
                [Vertex(kind: .condition(0)), Vertex(kind: .condition(1)), Vertex(kind: .effect(.create, change: 0))], [[], [], [0, 1]],
                checks: checks)
        ) { number in
            number == 1000 ? [.error("Resource postcondition failed")] : number == 1001 ? [.warning("Check block assertion failed")] : []
        }
        #expect(result.failed.map(\.step.label) == ["thing_a.a"] && result.notBegun.count == 1 && bench.world.deeds.isEmpty)
        #expect(result.errors.map(\.summary) == ["Resource postcondition failed"])
        #expect(result.diagnostics.map(\.summary) == ["Check block assertion failed"])
    }

    @Test func deferredDataIsReadAndRecorded() async throws {
        let bench = Bench()
        let address = ObjectAddress(ResourceAddress(resource: ResourceName(.data, type: ResourceType("ami"), name: "d")).instance(.none))
        let record = StateObject(
            address: address, attributes: .object([("id", .unknown(.string)), ("secret", Value.unknown(.string).marked(.sensitive))]),
            provider: testProvider)
        let change = Change(
            address: address, provider: testProvider, action: .read, after: .object([("id", .null(.string)), ("secret", .string("s"))]),
            record: record)
        let result = try await bench.apply(thingPlan([change], [Vertex(kind: .effect(.read, change: 0), group: "ami")]))
        #expect(result.isDone)
        let found = try await bench.store.snapshot().objects[address]
        #expect(found?.attributes["id"] == .string("data-ami") && found?.attributes["secret"]?.isSensitive == true)
        #expect(await bench.store.events.allSatisfy { if case .intent = $0 { false } else { true } })
    }

    /// What a check asks for is no reason to stop.
    @Test(arguments: [Change.Reason.checkNested, .configUnknown])
    func dataThatCannotBeReadIsAWarningOfItsCheck(reason: Change.Reason) async throws {
        let bench = Bench()
        let address = ObjectAddress(ResourceAddress(resource: ResourceName(.data, type: ResourceType("silent"), name: "d")).instance(.none))
        let record = StateObject(address: address, attributes: .object([("id", .unknown(.string))]), provider: testProvider)
        let change = Change(
            address: address, provider: testProvider, action: .read, reason: reason, after: .object([("id", .null(.string))]),
            record: record)
        let plan = thingPlan(
            [change], [Vertex(kind: .effect(.read, change: 0)), Vertex(kind: .condition(0))], [[], [0]],
            checks: [CheckResult(kind: .check, subject: "check.c", status: .unknown)])
        let result = try await bench.apply(plan)
        #expect(try await bench.store.snapshot().objects.isEmpty)
        #expect(result.isDone == (reason == .checkNested))
        #expect((result.diagnostics + result.errors).map(\.summary) == ["No answer"])
        #expect(result.failed.count == (reason == .checkNested ? 0 : 1))
    }

    @Test func aStepThatTurnsOutToBeNothingChangesNothing() async throws {
        let a = thingObject("a", "id-a")
        let bench = thingBench([a])
        let change = Change(
            address: a.address, provider: testProvider, action: .update, before: a.attributes, after: a.attributes, record: a)
        let result = try await bench.apply(thingPlan([change], [Vertex(kind: .effect(.update, change: 0), group: "thing_a")]))
        #expect(result.isDone && result.counts.updated == 0 && bench.world.deeds.isEmpty)
    }

    @Test func sensitiveMarksOfThePlanAreRecorded() async throws {
        let bench = Bench()
        var record = thingObject("a", "")
        record.attributes = .object([
            ("id", Value.unknown(.string).marked(.sensitive)), ("value", Value.int(3).marked(.sensitive)), ("kind", .int(0)),
            ("inputs", .list([], of: .string)),
        ])
        let change = Change(address: record.address, provider: testProvider, action: .create, after: record.attributes, record: record)
        #expect(try await bench.apply(thingPlan([change], [Vertex(kind: .effect(.create, change: 0))])).isDone)
        let found = try await bench.store.snapshot().objects[record.address]
        #expect(found?.attributes["id"] == Value.string("id-1").marked(.sensitive) && found?.attributes["value"]?.isSensitive == true)
        #expect(found?.attributes["kind"]?.isSensitive == false)
    }

    @Test func aProviderThatIsMissingFailsItsStepsAlone() async throws {
        let bench = Bench()
        let other = ProviderConfigAddress(name: "other")
        var strange = thingObject("b", "")
        strange.provider = other
        let result = try await bench.apply(
            thingPlan(
                [
                    Change(
                        address: thingObject("a", "").address, provider: testProvider, action: .create,
                        after: thingObject("a", "").attributes, record: thingObject("a", "")),
                    Change(address: strange.address, provider: other, action: .create, after: strange.attributes, record: strange),
                ], [Vertex(kind: .effect(.create, change: 0)), Vertex(kind: .effect(.create, change: 1))]))
        #expect(result.done.count == 1 && result.failed.map(\.step.label) == ["thing_a.b"])
        #expect(result.errors.first?.summary == "Provider not configured" && result.errors.first?.address == "thing_a.b")
    }

    @Test func aPlanThatNamesWhatItDoesNotHaveIsRefused() async throws {
        let bench = Bench()
        for broken in [
            thingPlan([], [Vertex(kind: .effect(.create, change: 0))]), thingPlan([], [Vertex(kind: .output(0))]),
            thingPlan([], [Vertex(kind: .join(label: ""))], [[7]]),
            thingPlan([], [Vertex(kind: .condition(3))]),
        ] {
            let result = try await bench.apply(broken)
            #expect(result.errors.map(\.summary) == ["Plan is not valid"])
        }
    }

    @Test func aPlanWithACircleEnds() async throws {
        let bench = Bench()
        let change = Change(
            address: thingObject("a", "").address, provider: testProvider, action: .create, after: thingObject("a", "").attributes,
            record: thingObject("a", ""))
        let result = try await bench.apply(
            thingPlan([change], [Vertex(kind: .effect(.create, change: 0)), Vertex(kind: .join(label: "x"))], [[1], [0]]))
        #expect(result.errors.map(\.summary) == ["Plan has a cycle"] && result.notBegun.count == 1)
    }
}
