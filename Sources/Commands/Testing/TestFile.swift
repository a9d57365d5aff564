import Addresses
import ConfigModel
import Diagnostics
import HCLSyntax
import Values

/// A `.tftest.hcl` or `.tftest.json` file, taken apart.
struct TestFile {
    /// As it is named on a command line.
    var path: String
    /// Of its `variables` block.
    var variables: [TestArgument] = []
    /// `provider` and `mock_provider` blocks, by local name and alias: `aws`, `aws.west`.
    var providers: [(name: String, provider: TestProvider)] = []
    var overrides: [TestOverride] = []
    var runs: [TestRun] = []
}

/// `name = expression` in a `variables` block.
struct TestArgument {
    var name: String
    var value: LocatedExpression
    var span: SourceSpan
}

/// What stands in the place of a provider's configuration.
enum TestProvider {
    /// The provider itself, with these arguments.
    case configured(Body)
    case mocked(MockProvider)
}

/// A `mock_provider` block: makes up whatever the provider would decide.
struct MockProvider {
    var resources: [ResourceType: MockValues] = [:]
    var dataSources: [ResourceType: MockValues] = [:]
    var overrides: [TestOverride] = []
    /// Values are there in the plan already.
    var isDuringPlan = false
    /// A folder of files with more of them.
    var source: (directory: String, span: SourceSpan)?
}

/// Values for attributes that a provider decides.
struct MockValues {
    /// An object; of its attributes, those that a provider decides are taken.
    var values: Value
    var isDuringPlan: Bool?
    var span: SourceSpan
}

/// An `override_resource`, `override_data` or `override_module` block.
struct TestOverride {
    enum Kind: String { case resource = "override_resource", data = "override_data", module = "override_module" }

    var kind: Kind
    var target: AddressPattern
    var values: MockValues
    var targetSpan: SourceSpan
}

/// A `run` block.
struct TestRun {
    enum Command { case plan, apply }

    /// An entry of `expect_failures`.
    struct Expectation {
        /// `var.name`, `terraform_data.a`.
        var address: String
        var pattern: AddressPattern?
        var span: SourceSpan

        /// Whether a condition of this address is meant.
        func covers(_ subject: String) -> Bool {
            if subject == address { return true }
            guard let pattern, let instance = AddressPattern(subject)?.instance else { return false }
            return pattern.matches(instance)
        }
    }

    var name: String
    var command = Command.apply
    var isRefreshOnly = false
    var refresh = true
    var targets: [String] = []
    var replacements: [String] = []
    var variables: [TestArgument] = []
    /// Directory of another module that is run in place of the one under test.
    var module: (source: String, span: SourceSpan)?
    /// What the module's provider configurations are, in terms of the file's; nil: all of the file's by their names.
    var providers: [(inner: String, outer: String, span: SourceSpan)]?
    var overrides: [TestOverride] = []
    var assertions: [ConditionBlock] = []
    var expectations: [Expectation] = []
    var stateKey: String?
    var span: SourceSpan
}
