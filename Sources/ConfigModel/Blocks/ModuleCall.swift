public import Addresses
public import Diagnostics
public import HCLSyntax

/// A `module` block, or a `resource` block whose type is a kind.
public struct ModuleCall: Sendable {
    public enum Callee: Sendable, Hashable {
        case module(name: String)
        case kind(type: ResourceType, name: String)

        public var step: ModuleCallPath.Step {
            switch self {
            case .module(let name): .module(name: name)
            case .kind(let type, let name): .kind(type: type, name: name)
            }
        }
    }

    public var callee: Callee
    /// As written: `./network`; of a kind, the folder of its composition.
    public var source = ""
    /// Which versions of a registry's module will do, as written.
    public var version: String?
    /// Path of the called module.
    public var path: ModuleCallPath
    public var repetition: Repetition
    public var dependsOn: [Reference]
    /// Arguments without meta-arguments.
    public var body: Body
    /// Files of those arguments that an override file replaced; a missing name is in the body's own file.
    public var attributeFiles: [String: String] = [:]
    /// `providers = {…}`: name in the callee to configuration of the caller.
    public var providers: [(inner: ProviderReference, outer: ProviderReference)]
    public var references: [Reference]
    /// Of a kind's resource block; empty otherwise.
    public var lifecycle: Lifecycle
    public var span: SourceSpan

    public init(
        callee: Callee, path: ModuleCallPath, repetition: Repetition, dependsOn: [Reference], body: Body,
        providers: [(inner: ProviderReference, outer: ProviderReference)], references: [Reference], lifecycle: Lifecycle, span: SourceSpan
    ) {
        self.callee = callee
        self.path = path
        self.repetition = repetition
        self.dependsOn = dependsOn
        self.body = body
        self.providers = providers
        self.references = references
        self.lifecycle = lifecycle
        self.span = span
    }
}
