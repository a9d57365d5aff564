import Diagnostics
import ProviderKit
import Testing

@testable import Applying

@Suite struct FailureWordsTests {
    @Test func theServicesWordsAreSaidOnce() {
        var failure = ProviderFailure(.rejected, summary: "Refused", detail: "While creating it.")
        failure.serviceMessage = "no such zone"
        failure.serviceCode = "ZoneNotFound"
        failure.requestID = "r-1"
        #expect(
            failure.diagnostic(address: "thing_a.b")
                == .error(
                    "Refused", "While creating it.\nThe service said: no such zone\n(code ZoneNotFound, request id r-1)",
                    address: "thing_a.b"))
        failure.detail = "While creating it: no such zone."
        failure.serviceCode = nil
        #expect(failure.diagnostic().detail == "While creating it: no such zone.\n(request id r-1)")
    }
}
