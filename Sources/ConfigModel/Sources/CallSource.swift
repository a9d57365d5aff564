import Addresses
import Diagnostics
import Evaluation
import HCLSyntax
import Values

/// Where the module of a call is found.
extension CallDeclaration {
    enum Source: Hashable {
        case directory(String)
        /// A directory of a package that is fetched.
        case package(PackageRequest, subdirectory: String)
        /// The composition of a kind that belongs to a provider.
        case kind(ResourceType, provider: String)
        /// What `source` and `version` say is to be evaluated first, for each call by itself.
        case computed
        /// A module that something computed early makes another one than the same directory called from elsewhere; by its number.
        case special(Int)
        /// A fault has been reported.
        case none
    }
}

extension CallDeclaration.Source {
    /// From the text of a `source`.
    ///
    /// - Parameters:
    ///   - constraint: the versions that will do, where some were named: then a registry is meant.
    ///   - directory: of the module that calls.
    ///   - version: where the `version` argument stands, in words.
    init(_ text: String, constraint: String?, in directory: String, at span: SourceSpan, version: String?) throws(DiagnosticError) {
        do throws(ModuleAddress.Fault) {
            switch try ModuleAddress(text, hasVersion: version != nil) {
            case .local(let path): self = .directory(joinPath(directory, path))
            case .registry(let module, let subdirectory):
                self = .package(PackageRequest(origin: .registry(module), constraint: constraint ?? ""), subdirectory: subdirectory)
            case .remote(let package, let subdirectory):
                self = .package(PackageRequest(origin: .remote(package)), subdirectory: subdirectory)
            }
        } catch {
            if let version {
                throw DiagnosticError(
                    .error(
                        "Invalid registry module source address",
                        "With a version, the source must be the address of a module in a registry, and \(error).", at: span,
                        hints: ["Remove the \"version\" argument at \(version), or write a source such as NAMESPACE/NAME/PROVIDER."]))
            }
            let isPath = text.utf8.allSatisfy { $0 != UInt8(ascii: ":") && $0 != UInt8(ascii: " ") } && !text.isEmpty
            throw DiagnosticError(
                .error(
                    "Invalid module source address", "The source cannot be used: \(error).", at: span,
                    hints: isPath ? ["If a path relative to this module is meant, write \"./\(text)\"."] : []))
        }
    }
}

/// What a `version` says; empty where any will do, which still says that a registry is meant.
func versionConstraint(_ value: Value, at span: SourceSpan) throws(DiagnosticError) -> String {
    if value.isNull { return "" }
    // A number is the text that it is written as.
    guard let text = (try? value.converted(to: .string))?.stringValue else {
        throw DiagnosticError(.error("Invalid version constraint", "A string value is required for version.", at: span))
    }
    guard text.isEmpty || VersionConstraint(text) != nil else {
        throw DiagnosticError(
            .error("Invalid version constraint", "This string does not use correct version constraint syntax.", at: span))
    }
    return text
}
