import ConfigModel
import Diagnostics
import Engine
import Foundation
import ModulePackages

extension Session {
    /// Loads the configuration, and fetches the packages of modules that it needs and that are not there.
    func installModules(renewing renewal: PackageInstaller.Renewal) async throws(CommandFailure) -> Configuration {
        let installer = PackageInstaller(packages, try fetchSettings(), renewing: renewal) { [terminal] line in
            terminal.write("- \(line)\n")
        }
        var sources = catalog.sources
        sources.package = { installer.answer($0, $1) }
        while true {
            let (configuration, files, diagnostics) = engine.load(from: sources, variables: variableInputs)
            let (count, faults) = try await fetching(installer)
            if !faults.isEmpty { throw fail(diagnostics + faults, files) }
            if count > 0 { continue }
            guard let configuration else { throw fail(diagnostics, files) }
            let left = installer.finish()
            if left.hasErrors { throw fail(left, files) }
            show(diagnostics, files)
            return configuration
        }
    }

    /// An interrupt ends what fetches as well.
    private func fetching(_ installer: PackageInstaller) async throws(CommandFailure) -> (count: Int, diagnostics: [Diagnostic]) {
        do {
            return try await interruptible { await installer.fetchAwaited() }
        } catch {
            throw .failed
        }
    }

    private func fetchSettings() throws(CommandFailure) -> FetchSettings {
        let credentials = ModuleCredentials(environment: environment, homeDirectory: homeDirectory) { path in
            FileManager.default.fileExists(atPath: path) ? try readWholeFile(path) : nil
        }
        show(credentials.diagnostics, credentials.sources)
        var settings = FetchSettings(transport: httpTransport, environment: environment) { credentials.token(for: $0) }
        if let path = environment["SSL_CERT_FILE"], !path.isEmpty {
            do throws(FileReadFailure) {
                settings.certificateAuthorities = String(decoding: try readWholeFile(path), as: UTF8.self)
            } catch {
                throw fail(
                    [.error("Failed to read certificates", "SSL_CERT_FILE names \(path), which could not be read: \(error).")], SourceMap())
            }
        }
        return settings
    }
}
