import ConfigModel
import Evaluation
import Values

/// Functions as one module calls them: those of providers by the names that the module has given the providers.
struct ModuleFunctions: FunctionCalling {
    let base: any FunctionCalling
    let providers: [RequiredProvider]

    var names: [String] {
        let own = base.names.filter { !$0.hasPrefix(Self.prefix) }
        let ofProviders = providers.flatMap { provider in
            let prefix = "\(Self.prefix)\(Self.type(provider))::"
            return base.names.filter { $0.hasPrefix(prefix) }.map { "\(Self.prefix)\(provider.localName)::\($0.dropFirst(prefix.count))" }
        }
        return own + ofProviders
    }

    func has(_ name: String) -> Bool { resolved(name).map(base.has) ?? false }

    func knowsProvider(_ name: String) -> Bool { providers.contains { $0.localName == name } }

    func call(_ name: String, _ arguments: [Value]) throws(FunctionCallError) -> Value {
        guard let known = resolved(name) else { return try base.call(name, arguments) }
        do throws(FunctionCallError) {
            return try base.call(known, arguments)
        } catch {
            var error = error
            if known != name { error.message = error.message.replacing("\"\(known)\"", with: "\"\(name)\"") }
            throw error
        }
    }

    func isImpure(_ name: String) -> Bool { resolved(name).map(base.isImpure) ?? false }

    func readTemplate(_ path: String) throws(FunctionCallError) -> [UInt8] { try base.readTemplate(path) }

    func parameters(of name: String) -> (names: [String], rest: String?)? { resolved(name).flatMap(base.parameters) }

    private static let prefix = "provider::"

    /// The function's name as its provider has it; nil where the module declares no such provider.
    private func resolved(_ name: String) -> String? {
        guard name.utf8.starts(with: Self.prefix.utf8) else { return name }
        let rest = name.dropFirst(Self.prefix.count)
        guard let separator = rest.firstRange(of: "::") else { return nil }
        let local = String(rest[..<separator.lowerBound])
        guard let provider = providers.first(where: { $0.localName == local }) else { return nil }
        return "\(Self.prefix)\(Self.type(provider))\(rest[separator.lowerBound...])"
    }

    /// The last part of its source, else its own name.
    private static func type(_ provider: RequiredProvider) -> String {
        provider.source?.split(separator: "/").last.map(String.init) ?? provider.localName
    }
}
