import ArgumentParser
import Diagnostics
import Foundation
import PlanModel

/// Options of every command that says something.
struct OutputOptions: ParsableArguments {
    @Flag(name: .customLong("no-color"), help: "Write no colours.")
    var noColor = false

    @Flag(name: .customLong("json"), help: "Write JSON, for programs.")
    var json = false

    /// - Parameter streaming: whether everything that is said goes to standard output as messages for programs, diagnostics too.
    func session(streaming: Bool = false) -> Session { Session(color: noColor ? false : nil, streaming: streaming) }
}

/// Options of every command that plans.
struct PlanningOptions: ParsableArguments {
    @Option(name: .customLong("var"), help: ArgumentHelp("Give a root variable a value.", valueName: "name=value"))
    var variables: [String] = []

    @Option(name: .customLong("var-file"), help: ArgumentHelp("Read root variables from a file.", valueName: "file"))
    var variableFiles: [String] = []

    @Option(name: .customLong("target"), help: ArgumentHelp("Plan only this and what it needs.", valueName: "address"))
    var targets: [String] = []

    @Option(name: .customLong("exclude"), help: ArgumentHelp("Leave this out.", valueName: "address"))
    var excludes: [String] = []

    @Option(name: .customLong("replace"), help: ArgumentHelp("Replace this though nothing asks for it.", valueName: "address"))
    var replacements: [String] = []

    @Option(name: .customLong("unprotect"), help: ArgumentHelp("Let this run delete or replace protected data.", valueName: "address"))
    var unprotected: [String] = []

    @Option(name: .customLong("refresh"), help: "Read what is really there first.")
    var refresh = Toggle(true)

    @Flag(name: .customLong("destroy"), help: "Plan to destroy everything.")
    var destroy = false

    @Flag(name: .customLong("refresh-only"), help: "Only record what is really there.")
    var refreshOnly = false

    @Option(name: .customLong("parallelism"), help: "Steps at once.")
    var parallelism = 64

    @Option(name: .customLong("lock"), help: .hidden)
    var lock = Toggle(true)

    @Option(
        name: .customLong("lock-timeout"),
        help: ArgumentHelp("Wait so long for the state's lock, such as 30s or 2m.", valueName: "duration"))
    var lockTimeout = "0s"

    @Option(name: .customLong("input"), help: .hidden)
    var input = Toggle(true)

    @Flag(name: .customLong("compact-warnings"), help: .hidden)
    var compactWarnings = false

    func validate() throws {
        if parallelism < 1 { throw ValidationError("-parallelism must be 1 or more.") }
        if destroy, refreshOnly {
            throw ValidationError("Incompatible plan mode options\n\n-destroy and -refresh-only exclude each other.")
        }
        if refreshOnly, !refresh.isOn {
            throw ValidationError("Incompatible refresh options\n\nWith -refresh-only and -refresh=false there is nothing to do.")
        }
        if destroy || refreshOnly, !replacements.isEmpty {
            throw ValidationError("Unsupported plan mode\n\n-replace goes with neither -destroy nor -refresh-only.")
        }
        try checkLockTimeout(lockTimeout)
    }

    var lockSeconds: Double { duration(lockTimeout) ?? 0 }

    var mode: Plan.Mode { destroy ? .destroy : refreshOnly ? .refreshOnly : .normal }

    var options: Plan.Options {
        var options = Plan.Options()
        options.targets = targets
        options.excludes = excludes
        options.replace = replacements
        options.unprotect = unprotected
        options.refresh = refresh.isOn
        return options
    }
}

/// Seconds of `90s`, `2m`, `1h30m`, `500ms`; nil for anything else.
func duration(_ text: String) -> Double? {
    var total = 0.0
    var rest = Substring(text)
    if rest == "0" { return 0 }
    guard !rest.isEmpty else { return nil }
    while !rest.isEmpty {
        let digits = rest.prefix { $0.isNumber || $0 == "." }
        guard let number = Double(digits) else { return nil }
        rest = rest.dropFirst(digits.count)
        let unit = rest.prefix { $0.isLetter }
        rest = rest.dropFirst(unit.count)
        switch unit {
        case "ms": total += number / 1_000
        case "s": total += number
        case "m": total += number * 60
        case "h": total += number * 3_600
        default: return nil
        }
    }
    return total
}
