import Addresses
import Diagnostics
import ProviderKit
import Transport
import Values

extension ShellEngine {
    /// Reads objects of one host in one script, one round trip.
    /// - Parameter answer: called once for each index.
    func read(_ requests: [(index: Int, request: ReadRequest)], answer: (Int, ReadOutcome) -> Void) async {
        // Objects by type, in the order they came.
        var types: [(resource: ResourceManifest, members: [(index: Int, request: ReadRequest)])] = []
        var host = Value.null
        for entry in requests {
            guard let resource = manifest.resources[entry.request.object.type] else { continue }
            if host.isNull {
                host = self.host(of: resource, attributes: entry.request.object.attributes, container: entry.request.container)
            }
            if let place = types.firstIndex(where: { $0.resource.type == resource.type }) {
                types[place].members.append(entry)
            } else {
                types.append((resource, [entry]))
            }
        }
        let group = Self.key(of: host)
        let endpoint: HostEndpoint
        do throws(ProviderFailure) {
            endpoint = try ssh.endpoint(of: host)
        } catch {
            for entry in requests { answer(entry.index, .unreachable(error, group: group)) }
            return
        }
        var units: [ScriptUnit] = []
        var readings: [(resource: ResourceManifest, members: [(index: Int, request: ReadRequest)], reading: Reading)] = []
        for (resource, members) in types {
            do throws(DiagnosticError) {
                let reading = try reading(resource, members.map(\.request.object.attributes), from: units.count)
                units.append(contentsOf: reading.units)
                readings.append((resource, members, reading))
            } catch {
                let failure = ProviderFailure(error, attempting: "reading \(resource.type.rawValue)", sources: manifest.sources)
                for member in members { answer(member.index, .failed(failure)) }
            }
        }
        if readings.isEmpty { return }
        var run = ScriptRun(units, stopsAtFailure: false, owner: ssh.transports.keepsakes.owner)
        var results: [Int: UnitResult] = [:]
        let output: HostCommandResult
        do throws(TransportFailure) {
            output = try await hosts.run(
                HostCommand(
                    script: run.text, timeout: 60 + Double(units.count), name: "reading \(requests.count) objects"), on: endpoint,
                onOutput: nil)
        } catch {
            let failure = ProviderFailure(error, attempting: "")
            for (_, members, _) in readings { for member in members { answer(member.index, .unreachable(failure, group: group)) } }
            return
        }
        for ended in run.receive(output.output) { results[ended.index] = ended.result }
        for (resource, members, reading) in readings {
            let broken = reading.facts.first { results[$0.unit]?.status != 0 }
            let facts = factsValue(resource, reading, results)
            // Facts are asked for all at once: what one of them says may repeat what another holds.
            let redaction = Redaction(members.map { marked($0.request.object.attributes, resource) } + [settings])
            for (place, member) in members.enumerated() {
                let own = reading.own[place]
                let what = "reading \(member.request.address)"
                guard let failed = broken?.unit ?? own.first(where: { results[$0]?.status != 0 }) else {
                    answer(member.index, outcome(resource, member.request, units: own, facts: facts, results, attempting: what, redaction))
                    continue
                }
                answer(member.index, .failed(unitFailure(run, units, failed, results, output, attempting: what, redaction)))
            }
        }
    }

    private func outcome(
        _ resource: ResourceManifest, _ request: ReadRequest, units: [Int], facts: Value, _ results: [Int: UnitResult],
        attempting what: String, _ redaction: Redaction
    ) -> ReadOutcome {
        let base = request.object.attributes
        let connection = Value.object([("host_key", base["host_key"] ?? .null(.string))])
        do throws(DiagnosticError) {
            guard let found = try found(resource, base: base, units: units, facts: facts, connection: connection, results) else {
                return .gone
            }
            var object = request.object
            object.attributes = found
            return .found(object)
        } catch {
            return .failed(redaction.failure(ProviderFailure(error, attempting: what, sources: manifest.sources)))
        }
    }

    func unitFailure(
        _ run: ScriptRun, _ units: [ScriptUnit], _ index: Int, _ results: [Int: UnitResult], _ output: HostCommandResult,
        attempting what: String, _ redaction: Redaction
    ) -> ProviderFailure {
        guard let result = results[index] else {
            let lines = redaction.texts(
                String(decoding: output.errorOutput, as: UTF8.self).split(separator: "\n").suffix(4).map(String.init))
            return ProviderFailure(
                .unexpectedAnswer, summary: "Script ended early",
                detail: "While \(what): the script ended with status \(output.status) before it came to this. "
                    + (lines.isEmpty ? "It wrote nothing to standard error." : "It wrote: \(lines.joined(separator: "\n"))"))
        }
        return failure(run, units[index], at: index, result, errorOutput: output.errorOutput, attempting: what, redaction)
    }

    /// Reads one object; nil where it is gone.
    func readOne(
        _ resource: ResourceManifest, base: Value, container: Value?, attempting what: String
    ) async throws(ProviderFailure) -> Value? {
        try await readOne(resource, base: base, container: container, recalling: nil, attempting: what).object
    }

    /// What a create that was cut off has kept on the host.
    struct Recalled {
        /// What was there before.
        var notes = PrivateNotes()
        /// It had begun to change something, or was even done. Where not, what is there is not its work.
        var hasBegun = false
    }

    /// Reads one object and what its create, which was cut off, has kept on the host.
    func readOne(
        _ resource: ResourceManifest, base: Value, container: Value?, recalling intent: IntentID?, attempting what: String
    ) async throws(ProviderFailure) -> (object: Value?, recalled: Recalled) {
        let endpoint = try ssh.endpoint(of: host(of: resource, attributes: base, container: container))
        // First, because it waits for a script that is still at work.
        var units: [ScriptUnit] = []
        if let intent { units = [ScriptUnit(form: .step(input: nil), file: "", text: Prelude.recalling(intent.rawValue), timeout: 60)] }
        let reading: Reading
        do throws(DiagnosticError) {
            reading = try self.reading(resource, [base], from: units.count)
        } catch {
            throw ProviderFailure(error, attempting: what, sources: manifest.sources)
        }
        units += reading.units
        var run = ScriptRun(units, stopsAtFailure: true, owner: ssh.transports.keepsakes.owner)
        var results: [Int: UnitResult] = [:]
        let output: HostCommandResult
        do throws(TransportFailure) {
            output = try await hosts.run(HostCommand(script: run.text, timeout: 120, name: what), on: endpoint, onOutput: nil)
        } catch {
            throw ProviderFailure(error, attempting: what)
        }
        for ended in run.receive(output.output) { results[ended.index] = ended.result }
        let redaction = Redaction([marked(base, resource), settings])
        if let failed = units.indices.first(where: { results[$0]?.status != 0 }) {
            throw unitFailure(run, units, failed, results, output, attempting: what, redaction)
        }
        do throws(DiagnosticError) {
            let object = try found(
                resource, base: base, units: reading.own.first ?? [], facts: factsValue(resource, reading, results),
                connection: .object([("host_key", base["host_key"] ?? .null(.string))]), results)
            let kept = intent == nil ? nil : results[0]
            // Others of its run may have been recorded and not been cleared up after.
            if let intent { ssh.transports.keepsakes.note(endpoint, recalled: intent.rawValue) }
            return (object, Recalled(notes: kept?.notes ?? PrivateNotes(), hasBegun: kept?.hasChanged ?? false))
        } catch {
            throw redaction.failure(ProviderFailure(error, attempting: what, sources: manifest.sources))
        }
    }
}
