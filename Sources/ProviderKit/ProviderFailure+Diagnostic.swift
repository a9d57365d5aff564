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
