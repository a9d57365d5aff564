public import Diagnostics

extension ProviderFailure {
    /// As told to a person: what, on which object, where in the configuration, and in the service's own words.
    public func diagnostic(address: String? = nil, subject: SourceSpan? = nil) -> Diagnostic {
        var text = detail
        if let serviceMessage, !detail.contains(serviceMessage) { text += "\nThe service said: \(serviceMessage)" }
        let service = [serviceCode.map { "code \($0)" }, requestID.map { "request id \($0)" }].compactMap { $0 }
        if !service.isEmpty { text += "\n(\(service.joined(separator: ", ")))" }
        return .error(summary, text, at: subject, address: address, hints: hints)
    }
}

extension ProviderFailure {
    /// What to type when a machine will not come back: nothing on it can be deleted, and nothing of it is left.
    public static func goneForGood(_ host: String) -> String {
        "If the machine is gone for good, forget it with all that is recorded on it: take its blocks out of the configuration, or give each a \"removed\" block with lifecycle { destroy = false }, and run: ashlar state rm -contents '\(host)'"
    }
}

extension Diagnostic {
    /// One short line for each of the others on a host or endpoint that did not answer.
    public static func outOfReach(_ address: String, after first: String) -> Diagnostic {
        .error("\(address): what it is on could not be reached (see \(first))")
    }
}
