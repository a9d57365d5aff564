import Addresses
import Diagnostics
import HCLSyntax

/// One source of a module, decoded once however often it is called.
final class DeclaredModule: Sendable {
    let purpose: ModuleDecoder.Purpose
    let directory: String
    let settings: ModuleSettings
    let variables: [Variable]
    let locals: [Local]
    let outputs: [Output]
    let resources: [ResourceBlock]
    let calls: [CallDeclaration]
    let providers: [ProviderBlock]
    let checks: [CheckBlock]
    let moved: [MovedBlock]
    let removed: [RemovedBlock]
    let imports: [ImportBlock]
    let pending: [PendingReference]
    /// Something in it could not be parsed: what seems not to be declared may only not have been read.
    let isIncomplete: Bool

    init(_ decoder: ModuleDecoder, isIncomplete: Bool) {
        self.isIncomplete = isIncomplete
        purpose = decoder.purpose
        directory = decoder.directory
        settings = decoder.settings
        variables = decoder.variables
        locals = decoder.locals
        outputs = decoder.outputs
        resources = decoder.resources
        calls = decoder.calls
        providers = decoder.providers
        checks = decoder.checks
        moved = decoder.moved
        removed = decoder.removed
        imports = decoder.imports
        pending = decoder.pending
    }

    /// The same with calls, settings and providers worked out for one place that it is called from.
    init(_ written: DeclaredModule, calls: [CallDeclaration], settings: ModuleSettings, providers: [ProviderBlock]) {
        isIncomplete = written.isIncomplete
        purpose = written.purpose
        directory = written.directory
        self.settings = settings
        variables = written.variables
        locals = written.locals
        outputs = written.outputs
        resources = written.resources
        self.calls = calls
        self.providers = providers
        checks = written.checks
        moved = written.moved
        removed = written.removed
        imports = written.imports
        pending = written.pending
    }

    /// The module as called at a path.
    func instantiated(at path: ModuleCallPath) -> Module {
        let calls = calls.map { declaration in
            var call = declaration.call
            call.path = path.appending(call.callee.step)
            return call
        }
        return Module(
            path: path, directory: directory, settings: settings, variables: variables, locals: locals, outputs: outputs,
            resources: resources, calls: calls, providers: providers, checks: checks, moved: moved, removed: removed, imports: imports)
    }
}
