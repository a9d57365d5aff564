import Addresses
import Diagnostics
import ProviderKit
import Values

/// Waits while it is created, destroyed, or both.
struct TimeSleep: PlainType, OutsideType {
    let schema = ResourceSchema(
        type: ResourceType("time_sleep"),
        block: BlockSchema(
            attributes: [
                .triggers,
                AttributeSchema(
                    name: "create_duration", type: .string, isOptional: true,
                    description: "How long to wait when it is created, such as 30s."),
                AttributeSchema(
                    name: "destroy_duration", type: .string, isOptional: true,
                    description: "How long to wait when it is destroyed, such as 30s."),
                .computed("id", .string, "When the waiting was over, in RFC 3339 form."),
            ], description: "A pause."))

    func validate(_ configuration: Value) -> [Diagnostic] {
        var faults = noneFault(configuration, ["create_duration", "destroy_duration"])
        for name in ["create_duration", "destroy_duration"] {
            guard let text = configuration.string(name) else { continue }
            guard let seconds = Self.seconds(text) else {
                faults.append(Self.noDuration(name))
                continue
            }
            if seconds > Self.longest {
                faults.append(argumentFault("Attribute \(name) value must be at most \(Self.longestText), got: \(text)."))
            }
        }
        return faults
    }

    private static func noDuration(_ name: String) -> Diagnostic {
        argumentFault(
            "Attribute \(name) must be a number immediately followed by ms (milliseconds), s (seconds), m (minutes), or h (hours). For example, \"30s\" for 30 seconds."
        )
    }

    func create(_ planned: Value) async throws(ProviderFailure) -> Value {
        try await pause(planned.string("create_duration"))
        return planned.unmarked.setting(["id": .string(CivilTime.now().text)])
    }

    func update(_ planned: Value, from prior: Value) async throws(ProviderFailure) -> Value { planned.unmarked }
    func delete(_ prior: Value) async throws(ProviderFailure) { try await pause(prior.string("destroy_duration")) }
    func read(_ object: Value) async throws(ProviderFailure) -> Value? { object }

    private func pause(_ text: String?) async throws(ProviderFailure) {
        guard let text, !text.isEmpty else { return }
        guard let seconds = Self.seconds(text), seconds <= Self.longest else {
            throw ProviderFailure(.invalidConfiguration, summary: "Invalid duration", detail: "\"\(text)\" is no duration.")
        }
        let isOver = await Interruption.ending {
            do {
                try await Task.sleep(for: .waiting(seconds))
                return true
            } catch {
                return false
            }
        }
        if !isOver {
            throw ProviderFailure(.cancelled, summary: "Interrupted", detail: "The pause of \(text) was interrupted.")
        }
    }

    /// As many nanoseconds as a signed number of 64 bits holds, as in the reference; waiting for it is cut to a century.
    static let longest = 9_223_372_036.0
    static let longestText = "2562047h"

    /// `30s`, `1.5h`; nil for what is none, infinite where there is no such number.
    static func seconds(_ text: String) -> Double? {
        let digits = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        guard let number = Double(digits), digits.first != ".", digits.last != "." else { return nil }
        switch text.dropFirst(digits.count) {
        case "ms": return number / 1_000
        case "s": return number
        case "m": return number * 60
        case "h": return number * 3_600
        default: return nil
        }
    }
}
