import Addresses
import Diagnostics
import ProviderKit
import Transport
import Values

/// A request of a group with the units that carry it out.
struct PreparedStep {
    var index: Int
    var request: ApplyRequest
    var resource: ResourceManifest
    /// Units of the effect, then those that read it back.
    var effect: Range<Int>
    var reading: ShellEngine.Reading
    var connectWithin: Double
    /// Takes what is sensitive out of what its scripts say.
    var redaction: Redaction
    var results: [Int: UnitResult] = [:]

    var last: Int? { reading.units.isEmpty ? (effect.isEmpty ? nil : effect.upperBound - 1) : effect.upperBound + reading.units.count - 1 }
    var range: Range<Int> { effect.lowerBound..<(effect.upperBound + reading.units.count) }

    /// What it has remembered, and that it has begun, is kept on the host.
    var isKept: Bool { request.action == .create && effect.contains { results[$0] != nil } }

    var attempt: String {
        switch request.action {
        case .create: "creating \(request.address)"
        case .update: "updating \(request.address)"
        case .delete: "deleting \(request.address)"
        }
    }
}

extension ShellEngine {
    /// Applies requests of one host as one script, in order; the first failure ends it.
    func apply(_ group: [(index: Int, request: ApplyRequest)], answer: @escaping @Sendable (Int, ApplyOutcome) -> Void) async {
        var steps: [PreparedStep] = []
        var units: [ScriptUnit] = []
        var host = Value.null
        // A request whose script cannot even be written fails in its turn, after those before it.
        var unwritten: (place: Int, failure: ProviderFailure)?
        for (place, entry) in group.enumerated() {
            guard let resource = manifest.resources[entry.request.type] else { continue }
            do throws(DiagnosticError) {
                let step = try prepare(entry.index, entry.request, resource, units: &units)
                if host.isNull {
                    let object = entry.request.proposal.planned ?? entry.request.prior?.attributes ?? .null
                    host = self.host(of: resource, attributes: object, container: entry.request.container)
                }
                steps.append(step)
            } catch {
                unwritten = (place, ProviderFailure(error, attempting: "preparing \(entry.request.address)", sources: manifest.sources))
            }
            if unwritten != nil { break }
        }
        let rest = group.dropFirst(steps.count)
        func finishRest(failed: Bool) {
            for (offset, entry) in rest.enumerated() {
                if offset == 0, let unwritten, !failed {
                    answer(entry.index, .failed(unwritten.failure, object: nil))
                } else {
                    answer(entry.index, .notBegun)
                }
            }
        }
        let isDone = await carryOut(&steps, units, host: host, answer: answer)
        finishRest(failed: !isDone)
    }

    private func prepare(_ index: Int, _ request: ApplyRequest, _ resource: ResourceManifest, units: inout [ScriptUnit])
        throws(DiagnosticError)
        -> PreparedStep
    {
        let planned = request.proposal.planned
        let prior = request.prior?.attributes
        let subject = (request.action == .delete ? prior : planned) ?? .emptyObject
        let own = PrivateNotes(bytes: request.prior?.privateBytes ?? [])
        let before = request.before.map { PrivateNotes(bytes: $0) } ?? own
        let evaluation = evaluation(
            resource, subject: subject,
            names: [
                "planned": planned.map { marked($0, resource) } ?? .null, "prior": prior.map { marked($0, resource) } ?? .null,
                "config": request.desired.map { marked($0.configuration, resource) } ?? .null,
                "write_only": (request.desired?.writeOnly ?? .emptyObject).marked(.sensitive), "private": own.value, "before": before.value,
                "intent": .object([("id", .string(request.intent.rawValue))]),
                // Another record still claims it, or claimed it before this one.
                "is_claimed": .bool(request.isStillClaimed || (request.action == .create && request.before != nil)),
            ])
        let rendering = ScriptRendering(evaluation: evaluation)
        var effect: [ScriptUnit] = []
        var connectWithin = 0.0
        for recipe in recipes(request, resource) {
            effect.append(
                contentsOf: try rendering.units(of: recipe).map { unit in
                    var unit = unit
                    if request.action == .create { unit.intent = request.intent.rawValue }
                    return unit
                })
            connectWithin = max(connectWithin, try evaluation.number(recipe.connectWithin, what: "connect_within") ?? 0)
        }
        let first = units.count
        units.append(contentsOf: effect)
        var step = PreparedStep(
            index: index, request: request, resource: resource, effect: first..<units.count, reading: Reading(),
            connectWithin: connectWithin,
            redaction: Redaction([
                subject, marked(subject, resource), before.value, (request.desired?.writeOnly ?? .emptyObject).marked(.sensitive), settings,
            ]))
        if request.action != .delete, let planned, !planned.isWhollyKnown {
            step.reading = try reading(resource, [ObjectFilling.filled(planned, from: nil)], from: units.count)
            units.append(contentsOf: step.reading.units)
        }
        return step
    }

    /// The recipes that a request takes: for an update those that cover what changes.
    private func recipes(_ request: ApplyRequest, _ resource: ResourceManifest) -> [RecipeManifest] {
        switch request.action {
        case .create: return resource.create.map { [$0] } ?? []
        case .delete:
            // Nothing of what another record claims is removed.
            if request.isStillClaimed { return [] }
            return resource.delete.map { [$0] } ?? []
        case .update:
            guard let planned = request.proposal.planned, let prior = request.prior?.attributes else { return [] }
            return resource.updates.filter { recipe in
                guard let covered = recipe.attributes else { return true }
                return covered.contains { planned[$0]?.withoutMarks([.sensitive]) != prior[$0]?.withoutMarks([.sensitive]) }
            }
        }
    }

    /// - Returns: whether all of them are done.
    private func carryOut(
        _ steps: inout [PreparedStep], _ units: [ScriptUnit], host: Value, answer: @escaping @Sendable (Int, ApplyOutcome) -> Void
    ) async -> Bool {
        guard !steps.isEmpty else { return true }
        var connection = Value.object([("host_key", Value.null(.string))])
        if units.isEmpty {
            for step in steps { answer(step.index, .done(object(of: step, connection: connection).0)) }
            return true
        }
        let endpoint: HostEndpoint
        do throws(ProviderFailure) {
            (endpoint, connection) = try await reach(steps, host: host) { [first = steps[0].index] in
                answer(first, .waiting($0, seconds: $1))
            }
        } catch {
            answer(steps[0].index, error.code == .cancelled ? .notBegun : .failed(error, object: nil))
            for step in steps.dropFirst() { answer(step.index, .notBegun) }
            return false
        }
        var run = ScriptRun(units, stopsAtFailure: true, owner: ssh.transports.keepsakes.owner, sweeps: true)
        var answered = 0
        let command = HostCommand(
            script: run.text, timeout: units.reduce(30) { $0 + $1.timeout },
            name: steps.count == 1 ? steps[0].attempt : "\(steps[0].attempt) and \(steps.count - 1) more")
        let (chunks, sink) = AsyncStream<[UInt8]>.makeStream()
        async let ending = Self.run(command, on: endpoint, hosts, sink)
        // Why no new connection came through, where a script waited for one in vain.
        let unconfirmed = await withTaskGroup(of: TransportFailure?.self) { confirming in
            for await chunk in chunks {
                let all = run.receive(chunk)
                for file in run.takeConfirmations() { confirming.addTask { await confirm(file, on: endpoint) } }
                for ended in all {
                    // Steps without units of their own are done with the one before them.
                    guard let place = steps.indices.first(where: { $0 >= answered && steps[$0].range.contains(ended.index) }) else {
                        continue
                    }
                    steps[place].results[ended.index] = ended.result
                    guard ended.result.status == 0, ended.index == steps[place].last else { continue }
                    if steps[place].isKept { ssh.transports.keepsakes.note(endpoint) }
                    while answered <= place {
                        finish(steps[answered], connection: connection, answer)
                        answered += 1
                    }
                }
            }
            confirming.cancelAll()
            return await confirming.reduce(nil) { $1 ?? $0 }
        }
        let outcome = await ending
        // Steps at the end that have nothing to run.
        while answered < steps.count, steps[answered].last == nil {
            finish(steps[answered], connection: connection, answer)
            answered += 1
        }
        if answered == steps.count { return true }
        if steps[answered].isKept { ssh.transports.keepsakes.note(endpoint) }
        await settle(steps[answered...], run, units, outcome, unconfirmed, answer)
        return false
    }

    /// Runs a command and hands its output on as it comes.
    private static func run(
        _ command: HostCommand, on endpoint: HostEndpoint, _ hosts: any HostTransport, _ sink: AsyncStream<[UInt8]>.Continuation
    ) async -> Result<HostCommandResult, TransportFailure> {
        defer { sink.finish() }
        do throws(TransportFailure) {
            return .success(try await hosts.run(command, on: endpoint) { sink.yield($0) })
        } catch {
            return .failure(error)
        }
    }

    /// What becomes of the steps that did not end well.
    private func settle(
        _ steps: ArraySlice<PreparedStep>, _ run: ScriptRun, _ units: [ScriptUnit], _ outcome: Result<HostCommandResult, TransportFailure>,
        _ unconfirmed: TransportFailure?, _ answer: @escaping @Sendable (Int, ApplyOutcome) -> Void
    ) async {
        guard let first = steps.first else { return }
        switch outcome {
        case .failure(let failure) where failure.hadNoEffect:
            answer(
                first.index,
                failure.code == .cancelled ? .notBegun : .failed(ProviderFailure(failure, attempting: first.attempt), object: nil))
            for step in steps.dropFirst() { answer(step.index, .notBegun) }
        case .failure(let failure):
            // The whole script was on the host: whether it went on after the connection broke is not known of any of them.
            for step in steps { answer(step.index, .interrupted(interrupted(failure, attempting: step.attempt))) }
        case .success(let output):
            let failed = first.range.first { first.results[$0]?.status != 0 } ?? first.range.lowerBound
            var failure = unitFailure(run, units, failed, first.results, output, attempting: first.attempt, first.redaction)
            if let unconfirmed { failure.detail += "\nThe new connection: \(unconfirmed.message)" }
            if first.results[failed] == nil {
                answer(first.index, .interrupted(failure))
            } else {
                // A failed create leaves an object behind if its script had said that something changed, or had ended and only the reading failed.
                let hasChanged = first.results.values.contains { $0.hasChanged } || failed >= first.effect.upperBound
                switch first.request.action {
                case .update where hasChanged: answer(first.index, await halfDone(first.request, failure))
                case .create where hasChanged: answer(first.index, .failed(failure, object: object(of: first, connection: .emptyObject).0))
                case .create, .update, .delete: answer(first.index, .failed(failure, object: nil))
                }
            }
            for step in steps.dropFirst() { answer(step.index, .notBegun) }
        }
    }

    /// An update that failed after it had changed something: with the object as it is now, or, where that cannot be read, left to the next run
    /// to look at.
    private func halfDone(_ request: ApplyRequest, _ failure: ProviderFailure) async -> ApplyOutcome {
        guard let prior = request.prior else { return .interrupted(failure) }
        var now: ReadOutcome?
        await read([(0, ReadRequest(object: prior, address: ObjectAddress(request.address), container: request.container))]) { now = $1 }
        if case .found(let object)? = now { return .failed(failure, object: object) }
        return .interrupted(failure)
    }

    private func finish(_ step: PreparedStep, connection: Value, _ answer: @escaping @Sendable (Int, ApplyOutcome) -> Void) {
        let (object, failure) = object(of: step, connection: connection)
        if let failure { answer(step.index, .failed(failure, object: object)) } else { answer(step.index, .done(object)) }
    }

    /// The object after a step; with a failure where what was read back makes none.
    private func object(of step: PreparedStep, connection: Value) -> (RemoteObject?, ProviderFailure?) {
        guard step.request.action != .delete, let planned = step.request.proposal.planned else { return (nil, nil) }
        let filling = ObjectFilling(resource: step.resource)
        var notes = PrivateNotes(bytes: step.request.before ?? step.request.prior?.privateBytes ?? [])
        var emitted: [String: String] = [:]
        for unit in step.effect {
            guard let result = step.results[unit] else { continue }
            emitted.merge(result.emitted) { _, last in last }
            // What was there before the first claim is known already, or was not worth remembering then.
            if step.request.before == nil, !(step.request.action == .create && step.request.isStillClaimed) {
                notes.facts.merge(result.notes.facts) { _, last in last }
                notes.files.merge(result.notes.files) { _, last in last }
            }
        }
        var object = RemoteObject(
            type: step.request.type, attributes: planned, privateBytes: notes.bytes(), schemaVersion: step.resource.schema.version)
        var failure: ProviderFailure?
        do throws(DiagnosticError) {
            let units = step.reading.own.first ?? []
            let found: Value?
            if step.reading.units.isEmpty {
                found = try filling.read(base: planned, emitted: emitted, evaluation(step.resource, subject: planned), maps: false)
            } else {
                found = try self.found(
                    step.resource, base: ObjectFilling.filled(planned, from: nil), units: units,
                    facts: factsValue(step.resource, step.reading, step.results),
                    connection: connection, step.results)
            }
            object.attributes = filling.completed(planned, from: found)
            if found == nil {
                failure = ProviderFailure(
                    .unexpectedAnswer, summary: "Object not there after it was made", detail: "After \(step.attempt) it could not be found."
                )
            }
        } catch {
            object.attributes = filling.completed(planned, from: nil)
            failure = step.redaction.failure(ProviderFailure(error, attempting: step.attempt, sources: manifest.sources))
        }
        return (object, failure)
    }
}
