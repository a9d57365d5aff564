import ArgumentParser

/// Options of `init` that are about the backend.
struct BackendOptions: ParsableArguments {
    @Option(name: .customLong("backend"), help: "Initialize the backend.") var backend = Toggle(true)

    @Option(
        name: .customLong("backend-config"),
        help: ArgumentHelp("Settings of the backend beside those in its block: a file, or one of them.", valueName: "file or name=value"))
    var settings: [String] = []

    @Flag(name: .customLong("reconfigure"), help: "Take the backend as it is configured now; states stay where they are.")
    var reconfigure = false

    @Flag(name: .customLong("migrate-state"), help: "Bring states along from the backend that was configured before.")
    var migrateState = false

    @Flag(name: .customLong("force-copy"), help: "The same, without asking.")
    var forceCopy = false

    @Option(name: .customLong("input"), help: "Ask where something is not clear.") var input = Toggle(true)

    var migrates: Bool { migrateState || forceCopy }
}
