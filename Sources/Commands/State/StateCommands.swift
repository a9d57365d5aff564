import Addresses
import Applying
import ArgumentParser
import Diagnostics
import Foundation
import StateModel
import Values

struct OutputCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "output", abstract: "Print the root outputs of the state.")

    @OptionGroup var output: OutputOptions

    @Flag(name: .customLong("raw"), help: "Print one output as plain text, for scripts.")
    var raw = false

    @Argument(help: "The one output to print.")
    var name: String?

    func run() async throws {
        let session = output.session()
        if raw, name == nil {
            throw session.fail(
                [
                    .error(
                        "Output name required", "The option -raw prints one output as it is, and none was named.",
                        hints: ["Write: ashlar output -raw NAME"])
                ], SourceMap())
        }
        if raw, output.json {
            throw session.fail(
                [.error("Invalid output format", "The options -raw and -json exclude each other.", hints: ["Leave one of them out."])],
                SourceMap())
        }
        let snapshot = try await session.snapshot()
        if let name {
            guard let record = snapshot.outputs[name] else {
                throw session.fail(
                    [
                        .error(
                            "Output \"\(name)\" not found", "The output variable requested could not be found in the state file.",
                            hints: nearestName(name, among: snapshot.outputs.keys.sorted()).map { ["Did you mean \"\($0)\"?"] } ?? [
                                "If you recently added this to your configuration, run apply first."
                            ])
                    ], SourceMap())
            }
            session.terminal.write(try single(record, session))
            return
        }
        let names = snapshot.outputs.keys.sorted { $0.precedesByBytes($1) }
        if output.json {
            var json = JSONText()
            try json.object { json in
                for name in names {
                    guard let record = snapshot.outputs[name] else { continue }
                    json.key(name)
                    try json.object { json in
                        json.key("sensitive")
                        json.bool(record.isSensitive)
                        json.key("type")
                        json.raw(record.value.type.publishedJSON)
                        json.key("value")
                        json.raw(try record.value.jsonText())
                    }
                }
            }
            session.terminal.write(json.text + "\n")
            return
        }
        if names.isEmpty {
            session.show([.warning("No outputs found", "The state has no outputs, or they are all empty.")], SourceMap())
            return
        }
        session.terminal.write(outputText(snapshot.outputs))
    }

    private func single(_ record: OutputRecord, _ session: Session) throws -> String {
        if output.json { return try record.value.jsonText() + "\n" }
        if raw {
            // Whatever cannot be a string is refused below.
            if let text = try? record.value.converted(to: .string).stringValue { return text }
            throw session.fail(
                [
                    .error(
                        "Unsupported value for raw output",
                        "The option -raw prints strings, numbers and booleans, and the output \"\(name ?? "")\" is \(record.value.type.friendlyName).",
                        hints: ["Print it as JSON: ashlar output -json \(name ?? "NAME")"])
                ], SourceMap())
        }
        // Asked for by name, a secret is wanted.
        return valueText(record.value.unmarkedDeep().0) + "\n"
    }
}

struct StateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "state", abstract: "Look at and change what is recorded.",
        subcommands: [List.self, Show.self, StatePullCommand.self, Remove.self])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "list", abstract: "List recorded objects.")

        @OptionGroup var output: OutputOptions

        @Option(name: .customLong("id"), help: ArgumentHelp("Only objects with this id.", valueName: "id"))
        var id: String?

        @Argument(help: "Only what these addresses name.")
        var addresses: [String] = []

        func run() async throws {
            let session = output.session()
            let snapshot = try await session.snapshot()
            let patterns = try addresses.map { try session.pattern($0) }
            let all = snapshot.objects.keys.sorted()
            for (pattern, text) in zip(patterns, addresses) where !all.contains(where: { pattern.matches($0.instance) }) {
                throw session.nothing(at: text, snapshot)
            }
            for address in all where patterns.isEmpty || patterns.contains(where: { $0.matches(address.instance) }) {
                if let id, snapshot.objects[address]?.attributes["id"]?.unmarkedDeep().0 != .string(id) { continue }
                session.terminal.write(address.description + "\n")
            }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "show", abstract: "Show one recorded object.")

        @OptionGroup var output: OutputOptions

        @Argument(help: "Its address.")
        var address: String

        func run() async throws {
            let session = output.session()
            let snapshot = try await session.snapshot()
            let pattern = try session.pattern(address)
            guard let instance = pattern.instance, let object = snapshot.objects[ObjectAddress(instance)] else {
                throw session.noInstance(address, snapshot, among: snapshot.objects.keys.filter { pattern.matches($0.instance) }.sorted())
            }
            session.terminal.write(StatePrinter(paint: session.paint).text(object))
        }
    }

    struct Remove: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "rm", abstract: "Forget recorded objects. They stay as they are; Ashlar no longer knows them.")

        @OptionGroup var output: OutputOptions

        @Flag(name: .customLong("dry-run"), help: "Only say what would be forgotten.")
        var dryRun = false

        @Flag(name: .customLong("contents"), help: "Forget what is recorded on the hosts named, too.")
        var contents = false

        @OptionGroup var locking: HiddenLocking

        @Argument(help: "Addresses of instances, resources or modules.")
        var addresses: [String]

        func run() async throws {
            let session = output.session()
            let patterns = try addresses.map { try session.pattern($0) }
            try await session.locked("state rm", timeout: locking.lockSeconds) { lock in
                let snapshot = try await session.snapshot()
                // Creates of which a run that was cut off has not recorded the end: only these are forgotten where there are any, as what
                // is recorded beside them is what was to be replaced.
                let attempts = snapshot.openIntents.filter { intent in
                    intent.action == .create && patterns.contains { $0.matches(intent.address.instance) }
                }
                let attempted = Set(attempts.map(\.address.instance))
                let known = attempted.union(snapshot.objects.keys.map(\.instance))
                // All of them, or none: a slip of the pen in one address forgets nothing.
                for (pattern, text) in zip(patterns, addresses) where !known.contains(where: pattern.matches) {
                    throw session.nothing(at: text, snapshot)
                }
                let named = snapshot.objects.keys.filter { address in
                    !attempted.contains(address.instance) && patterns.contains { $0.matches(address.instance) }
                }
                let doomed = (contents ? snapshot.withContents(named) : named).sorted()
                func tell(forget: String, remove: String) {
                    for intent in attempts { session.terminal.write("\(forget) the attempt to create \(intent.address)\n") }
                    for address in doomed { session.terminal.write("\(remove) \(address)\n") }
                }
                if dryRun { return tell(forget: "Would forget", remove: "Would remove") }
                let run = session.run(.stateEdit, "state rm")
                do throws(StateStoreError) {
                    _ = try await session.store.append(
                        [.runBegan(run)] + attempts.flatMap { $0.withdrawal(in: snapshot) } + doomed.map { .forgotten($0) } + [
                            .runEnded(run.id, result: .done, at: Date().timeIntervalSince1970, counts: .init())
                        ],
                        under: lock, expecting: snapshot.version)
                } catch {
                    throw session.fail(error)
                }
                tell(forget: "Forgot", remove: "Removed")
                if !doomed.isEmpty || attempts.isEmpty {
                    session.terminal.write("Successfully removed \(doomed.count) resource instance(s).\n")
                }
            }
        }
    }
}

extension StateSnapshot {
    /// Objects with all that is recorded in them, and in what is in them.
    func withContents(_ named: [ObjectAddress]) -> [ObjectAddress] {
        let held = Dictionary(grouping: objects.values.filter { $0.container != nil }, by: \.container)
        var found = Set(named)
        var stack = named
        while let next = stack.popLast() {
            for object in held[next.instance] ?? [] where found.insert(object.address).inserted { stack.append(object.address) }
        }
        return Array(found)
    }
}
