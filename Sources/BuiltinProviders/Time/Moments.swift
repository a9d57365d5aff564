import Addresses
import Diagnostics
import ProviderKit
import Values

/// The base shifted by the one distance that is set; of several, the last in this order counts, each from the base.
func shifted(_ base: CivilTime, _ arguments: Value, prefix: String) throws(ProviderFailure) -> CivilTime {
    var result = base
    for unit in CivilTime.Unit.allCases {
        guard let amount = arguments.int(prefix + unit.rawValue), amount != 0 else { continue }
        guard let moment = base.adding(amount, unit) else {
            throw ProviderFailure(
                .invalidConfiguration, summary: "Moment out of range",
                detail: "\(amount) \(unit.rawValue) from \(base.text) is beyond the years 0 to 9999.",
                path: .attribute(prefix + unit.rawValue))
        }
        result = moment
    }
    return result
}

/// Distances are whole numbers, and within the years that can be written.
func distanceFaults(_ configuration: Value, prefix: String) -> [Diagnostic] {
    CivilTime.Unit.allCases.compactMap { unit in
        let name = prefix + unit.rawValue
        guard let value = configuration[name]?.unmarked, !value.isNull, !value.isUnknown else { return nil }
        guard let amount = value.intValue else { return argumentFault("Attribute \(name) value must be a whole number.") }
        if (-unit.longest...unit.longest).contains(amount) { return nil }
        return argumentFault(
            "Attribute \(name) value must be between -\(unit.longest) and \(unit.longest), got: \(amount).")
    }
}

func givenMoment(_ arguments: Value, _ name: String) throws(ProviderFailure) -> CivilTime? {
    guard let text = arguments.string(name), !text.isEmpty else { return nil }
    guard let moment = CivilTime(text) else {
        throw ProviderFailure(
            .invalidConfiguration, summary: "Invalid RFC3339 String Value", detail: "\"\(text)\" is no timestamp in RFC 3339 form.",
            path: .attribute(name))
    }
    return moment
}

func timestampFaults(_ configuration: Value, _ names: [String]) -> [Diagnostic] {
    names.compactMap { name in
        guard let text = configuration.string(name), CivilTime(text) == nil else { return nil }
        return argumentFault(
            "Invalid RFC3339 String Value", "Attribute \(name) is no timestamp in RFC 3339 form, such as 2020-02-12T06:36:13Z.")
    }
}

func noneFault(_ configuration: Value, _ names: [String]) -> [Diagnostic] {
    if names.contains(where: { !(configuration[$0]?.isNull ?? true) }) { return [] }
    return [
        argumentFault(
            "Missing Attribute Configuration", "At least one of these attributes must be configured: [\(names.joined(separator: ","))]")
    ]
}
