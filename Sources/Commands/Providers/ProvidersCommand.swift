import ArgumentParser
import ConfigModel
import Diagnostics
import Engine
import ProviderKit
import StateModel
import Values

struct ProvidersCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "providers", abstract: "Show the providers that each module needs.", subcommands: [Schema.self])

    @OptionGroup var output: OutputOptions

    @Option(name: .customLong("test-directory"), help: .hidden)
    var testDirectory: String?

    func run() async throws {
        let session = output.session()
        let configuration = try session.configuration()
        guard configuration.hasFiles else {
            throw session.fail(
                [
                    .error(
                        "No configuration files", "There is no configuration here: no file that ends in .tf.",
                        hints: ["Check the directory, or -chdir."])
                ], SourceMap())
        }
        session.terminal.write("\nProviders required by configuration:\n\(ProviderRequirements(configuration).text)\n")
        let recorded = try await session.snapshot().objects.values.map {
            PublishedState.providerName(configuration.providerName(of: $0.provider))
        }
        guard !recorded.isEmpty else { return }
        let names = Set(recorded).sorted { $0.precedesByBytes($1) }
        session.terminal.write("Providers required by state:\n\n" + names.map { "    provider[\($0)]\n" }.joined() + "\n")
    }

    struct Schema: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "schema", abstract: "Write what the configuration's providers offer, as JSON.")

        @OptionGroup var output: OutputOptions

        func run() async throws {
            let session = output.session()
            guard output.json else {
                throw session.fail(
                    [
                        .error(
                            "The `ashlar providers schema` command requires the `-json` flag",
                            hints: ["Write: ashlar providers schema -json"])
                    ], SourceMap())
            }
            let configuration = try session.configuration()
            var json = JSONText()
            PublishedSchemas(schemas: try await session.publishedSchemas(configuration)).write(&json)
            session.terminal.write(json.text + "\n")
        }
    }
}

struct MetadataCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "metadata", abstract: "Describe the language, for programs.", subcommands: [Functions.self])

    struct Functions: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "functions", abstract: "Write the signatures of all functions, as JSON.")

        @OptionGroup var output: OutputOptions

        func run() async throws {
            let session = output.session()
            guard output.json else {
                throw session.fail(
                    [
                        .error(
                            "The `ashlar metadata functions` command requires the `-json` flag",
                            hints: ["Write: ashlar metadata functions -json"])
                    ], SourceMap())
            }
            var json = JSONText()
            json.object { json in
                json.pair("format_version", "1.0")
                json.key("function_signatures")
                PublishedFunctions.write(Engine.functionSignatures, &json)
            }
            session.terminal.write(json.text + "\n")
        }
    }
}

extension Session {
    /// Of every provider that the configuration and the state need, by address.
    func publishedSchemas(_ configuration: Configuration) async throws(CommandFailure) -> [String: ProviderSchema] {
        var names: [String: String] = [:]
        for module in configuration.modules {
            for local in module.settings.requiredProviders.map(\.localName) + module.providers.map(\.name)
                + module.resources.map(\.provider.name)
            {
                names[ProviderRequirements.address(local, in: module)] = module.settings.providerType(local)
            }
        }
        for object in try await snapshot().objects.values {
            let name = configuration.providerName(of: object.provider)
            let address = PublishedState.providerName(name)
            if names[address] == nil { names[address] = name }
        }
        var schemas: [String: ProviderSchema] = [:]
        for (address, name) in names.sorted(by: { $0.key.precedesByBytes($1.key) }) {
            do throws(DiagnosticError) {
                schemas[address] = try await catalog.source(named: name).schema
            } catch {
                throw fail(error.diagnostics, configuration.sources)
            }
        }
        return schemas
    }
}
