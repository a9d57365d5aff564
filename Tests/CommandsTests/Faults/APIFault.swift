import TestSupport
import Testing

/// One fault at one moment: what is said, what is recorded, and what a second run without the fault comes to.
struct APIFault: Sendable, CustomTestStringConvertible {
    enum Moment: String, Sendable { case create, read, update, delete }
    enum Cloud: String, Sendable { case lxd, instance, vpc }

    var name: String
    var cloud: Cloud
    var moment: Moment
    var faults: [ServiceFault]
    /// 0 where the fault passes and the run gets through.
    var exit: Int32 = 1
    /// Parts of what is said, in any order; runs of blanks are one.
    var says: [String] = []
    /// Addresses recorded after the run with the fault.
    var recorded: [String]?
    /// Things the service made in all, the second run included.
    var creates = 1
    /// What else the service does in the first run.
    var preparing: @Sendable (FakeLXD, FakeEC2) -> Void = { _, _ in }
    /// What is done between the two runs.
    var between: @Sendable (FakeLXD, FakeEC2) -> Void = { _, _ in }

    var testDescription: String { "\(cloud) \(moment): \(name)" }

    static let html = ServiceAnswer(200, "<html><body>Please log in</body></html>", type: "text/html")
}
