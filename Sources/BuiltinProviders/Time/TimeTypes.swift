import Addresses
import Diagnostics
import ProviderKit
import Values

extension BuiltinProvider {
    /// `time_*`: moments that are kept in the state, and waiting.
    public static let time = BuiltinProvider(
        name: "time", version: "0.13.1", types: [TimeStatic(), TimeOffset(), TimeRotating(), TimeSleep()])
}

extension AttributeSchema {
    static let triggers = AttributeSchema.argument("triggers", .map(.string), "Arbitrary values whose change begins anew.")

    /// The parts of a moment.
    static let calendar: [AttributeSchema] = [
        .computed("year", .number, "Its year."), .computed("month", .number, "Its month, from 1."),
        .computed("day", .number, "Its day of the month."),
        .computed("hour", .number, "Its hour."), .computed("minute", .number, "Its minute."), .computed("second", .number, "Its second."),
        .computed("unix", .number, "Seconds since 1970."),
    ]

    static func optionalNumber(_ name: String, _ description: String) -> AttributeSchema {
        AttributeSchema(name: name, type: .number, isOptional: true, description: description)
    }
}

extension CivilTime {
    /// Values of the parts.
    fileprivate var parts: [String: Value] {
        let date = date
        return [
            "year": .int(date.year), "month": .int(date.month), "day": .int(date.day), "hour": .int(hour), "minute": .int(minute),
            "second": .int(second), "unix": .int(unix),
        ]
    }
}

/// The moment at which it was created, or one that is given.
struct TimeStatic: PlainType, StateOnlyType {
    let schema = ResourceSchema(
        type: ResourceType("time_static"),
        block: BlockSchema(
            attributes: AttributeSchema.calendar + [
                .triggers, .defaulted("rfc3339", .string, "The moment, in RFC 3339 form; now where not set."),
                .computed("id", .string, "The moment in RFC 3339 form."),
            ], description: "A moment that stays."))

    func validate(_ configuration: Value) -> [Diagnostic] { timestampFaults(configuration, ["rfc3339"]) }

    func propose(_ configuration: Value, from prior: Value?) throws(ProviderFailure) -> Proposal {
        var proposal = plainProposal(configuration, from: prior)
        if prior == nil || !proposal.replaces.isEmpty, let text = configuration.string("rfc3339"), let moment = CivilTime(text) {
            proposal.planned = proposal.planned?.setting(moment.parts.merging(["id": .string(text)]) { $1 })
        }
        return proposal
    }

    func createNow(_ planned: Value) throws(ProviderFailure) -> Value {
        let moment = try givenMoment(planned, "rfc3339") ?? CivilTime.now()
        let text = planned.string("rfc3339") ?? moment.text
        return planned.unmarked.setting(moment.parts.merging(["rfc3339": .string(text), "id": .string(text)]) { $1 })
    }
}

/// A moment at a distance from another.
struct TimeOffset: PlainType, StateOnlyType {
    let schema = ResourceSchema(
        type: ResourceType("time_offset"),
        block: BlockSchema(
            attributes: AttributeSchema.calendar + [
                .triggers, .defaulted("base_rfc3339", .string, "Where to count from, in RFC 3339 form; now where not set."),
                .optionalNumber("offset_years", "So many years on."), .optionalNumber("offset_months", "So many months on."),
                .optionalNumber("offset_days", "So many days on."), .optionalNumber("offset_hours", "So many hours on."),
                .optionalNumber("offset_minutes", "So many minutes on."), .optionalNumber("offset_seconds", "So many seconds on."),
                .computed("rfc3339", .string, "The moment in RFC 3339 form."), .computed("id", .string, "The base in RFC 3339 form."),
            ], description: "A moment at a distance from another."))

    func validate(_ configuration: Value) -> [Diagnostic] {
        timestampFaults(configuration, ["base_rfc3339"])
            + noneFault(configuration, ["years", "months", "days", "hours", "minutes", "seconds"].map { "offset_\($0)" })
            + distanceFaults(configuration, prefix: "offset_")
    }

    func propose(_ configuration: Value, from prior: Value?) throws(ProviderFailure) -> Proposal {
        var proposal = plainProposal(configuration, from: prior)
        guard proposal.replaces.isEmpty, let planned = proposal.planned, let base = try givenMoment(planned, "base_rfc3339") else {
            return proposal
        }
        proposal.planned = planned.setting(try values(planned, base))
        return proposal
    }

    func createNow(_ planned: Value) throws(ProviderFailure) -> Value {
        let base = try givenMoment(planned, "base_rfc3339") ?? CivilTime.now()
        return planned.unmarked.setting(try values(planned, base))
    }

    private func values(_ planned: Value, _ base: CivilTime) throws(ProviderFailure) -> [String: Value] {
        let moment = try shifted(base, planned, prefix: "offset_")
        return moment.parts.merging([
            "rfc3339": .string(moment.text), "base_rfc3339": .string(planned.string("base_rfc3339") ?? base.text), "id": .string(base.text),
        ]) { $1 }
    }
}

/// A moment that is over after a time: then it is created anew.
struct TimeRotating: PlainType, OutsideType {
    let schema = ResourceSchema(
        type: ResourceType("time_rotating"),
        block: BlockSchema(
            attributes: AttributeSchema.calendar + [
                .triggers, .defaulted("rfc3339", .string, "Where to count from, in RFC 3339 form; now where not set."),
                .optionalNumber("rotation_years", "It is over after so many years."),
                .optionalNumber("rotation_months", "It is over after so many months."),
                .optionalNumber("rotation_days", "It is over after so many days."),
                .optionalNumber("rotation_hours", "It is over after so many hours."),
                .optionalNumber("rotation_minutes", "It is over after so many minutes."),
                AttributeSchema(
                    name: "rotation_rfc3339", type: .string, isOptional: true, isComputed: true,
                    description: "When it is over, in RFC 3339 form."),
                .computed("id", .string, "The base in RFC 3339 form."),
            ], description: "A moment that is created anew after a time."))

    func validate(_ configuration: Value) -> [Diagnostic] {
        timestampFaults(configuration, ["rfc3339", "rotation_rfc3339"])
            + noneFault(configuration, ["minutes", "hours", "days", "months", "years", "rfc3339"].map { "rotation_\($0)" })
            + distanceFaults(configuration, prefix: "rotation_")
    }

    func propose(_ configuration: Value, from prior: Value?) throws(ProviderFailure) -> Proposal {
        var proposal = plainProposal(configuration, from: prior)
        guard proposal.replaces.isEmpty, let planned = proposal.planned, let base = try givenMoment(planned, "rfc3339") else {
            return proposal
        }
        proposal.planned = planned.setting(try values(planned, base, explicit: configuration))
        return proposal
    }

    func create(_ planned: Value) async throws(ProviderFailure) -> Value {
        let base = try givenMoment(planned, "rfc3339") ?? CivilTime.now()
        return planned.unmarked.setting(try values(planned, base, explicit: planned))
    }

    func update(_ planned: Value, from prior: Value) async throws(ProviderFailure) -> Value { planned.unmarked }
    func delete(_ prior: Value) async throws(ProviderFailure) {}

    /// Over is gone: the plan creates it anew.
    func read(_ object: Value) async throws(ProviderFailure) -> Value? {
        guard let end = try givenMoment(object, "rotation_rfc3339") else { return object }
        return CivilTime.now().unix > end.unix ? nil : object
    }

    private func values(_ planned: Value, _ base: CivilTime, explicit: Value) throws(ProviderFailure) -> [String: Value] {
        var end = try shifted(base, planned, prefix: "rotation_")
        let hasYears = (planned.int("rotation_years") ?? 0) != 0
        if !hasYears, let given = try givenMoment(explicit, "rotation_rfc3339") { end = given }
        return end.parts.merging([
            "rfc3339": .string(planned.string("rfc3339") ?? base.text), "id": .string(base.text), "rotation_rfc3339": .string(end.text),
        ]) { $1 }
    }
}
