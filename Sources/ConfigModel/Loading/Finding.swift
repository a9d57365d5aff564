import Addresses
import Diagnostics

/// Where the files of what is called are.
extension Loader {
    func isWithin(_ package: String, _ directory: String) -> Bool { directory == package || directory.hasPrefix(package + "/") }

    mutating func read(_ source: CallDeclaration.Source, calledFrom call: CallDeclaration?, _ package: inout String?)
        -> DeclaredModule?
    {
        switch source {
        case .none, .computed, .special: return nil
        case .directory(let directory):
            guard let names = list(directory, calledFrom: call) else { return nil }
            return decode(.module, directory, FileSelection(names), interface: nil)
        case .package(let request, let subdirectory):
            guard let call, let found = place(of: request, calledFrom: call) else { return nil }
            package = found.root
            let directory = joinPath(joinPath(found.root, found.subdirectory), subdirectory)
            guard let names = sources.list(directory) else {
                diagnostics.append(
                    .error(
                        "Unreadable module subdirectory",
                        "The package \(request.title) has no directory \"\(subdirectory)\", or it cannot be read.", at: call.call.span))
                return nil
            }
            return decode(.module, directory, FileSelection(names), interface: nil)
        case .kind(let type, let provider):
            guard let kind = kinds.kind(type), let directory = kind.compositions[provider],
                let names = list(directory, calledFrom: call)
            else { return nil }
            return decode(.kind(type), directory, FileSelection(names), interface: kind.interface)
        }
    }

    private mutating func place(of request: PackageRequest, calledFrom call: CallDeclaration) -> (root: String, subdirectory: String)? {
        let caller = ModuleSources.PackageCaller(
            name: call.call.callee.step.publishedName, span: call.call.span, versionSpan: call.version?.valueSpan ?? call.call.span)
        switch sources.package(request, caller) {
        case .installed(let directory, let subdirectory): return (directory, subdirectory)
        case .awaited: break
        case .absent:
            diagnostics.append(
                .error(
                    "Module not installed",
                    "This module comes from \(request.title), and has not been fetched yet.", at: call.call.span,
                    hints: ["Run: ashlar init"]))
        }
        return nil
    }

    private mutating func list(_ directory: String, calledFrom call: CallDeclaration?) -> [String]? {
        if let names = sources.list(directory) { return names }
        if let call {
            diagnostics.append(
                .error(
                    "Unreadable module directory", "Module directory \(directory) does not exist or cannot be read.", at: call.sourceSpan,
                    hints: ["A local path is relative to the directory of the module that calls."]))
        } else {
            diagnostics.append(
                .error("Failed to read module directory", "Module directory \(directory) does not exist or cannot be read."))
        }
        return nil
    }
}
