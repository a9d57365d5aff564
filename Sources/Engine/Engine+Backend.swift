public import ConfigModel
public import Diagnostics
public import HCLSyntax

extension Engine {
    /// The root module's `backend` block, also of a configuration that is at fault elsewhere.
    ///
    /// - Parameter variables: its settings may be computed from them.
    /// - Returns: the faults besides: without them no block means that there is none.
    public func backendBlock(variables: VariableInputs) -> (block: Block?, sources: SourceMap, diagnostics: [Diagnostic]) {
        let (configuration, sources, diagnostics) = loadWithFaults(variables: variables)
        return (configuration?.modules.first?.settings.backend, sources, diagnostics)
    }
}
