public import Addresses
import Crypto
public import Diagnostics
public import Evaluation
public import ProviderKit
public import Values

/// A provider that is described by manifests: a folder of files in the configuration's own language.
public struct ManifestProviderSource: ProviderSource {
    let manifest: ProviderManifest
    let functions: ManifestFunctions
    let transports: ManifestTransports
    public let schema: ProviderSchema

    /// Reads a provider's folder.
    ///
    /// - Parameters:
    ///   - directory: what to call the folder in messages.
    ///   - files: the folder's `*.hcl` files: paths as they are to be shown, and their bytes.
    ///   - functions: the language's functions.
    /// - Returns: nil and at least one error where the manifests have a fault.
    public static func load(
        directory: String, files: [(name: String, bytes: [UInt8])], functions: any FunctionCalling, transports: ManifestTransports
    ) -> (ManifestProviderSource?, [Diagnostic]) {
        var reader = ManifestReader()
        let manifest = reader.read(files, folder: directory)
        guard let manifest else { return (nil, reader.report.diagnostics) }
        var digest = SHA256()
        for file in files.sorted(by: { $0.name.precedesByBytes($1.name) }) {
            // Names without the folder, so that a provider is the same wherever it stands.
            let name = file.name.split(separator: "/").last.map(String.init) ?? file.name
            digest.update(data: Array("\(name)\0\(file.bytes.count)\0".utf8))
            digest.update(data: file.bytes)
        }
        let source = ManifestProviderSource(
            manifest: manifest, functions: ManifestFunctions(base: functions), transports: transports,
            schema: Self.schema(of: manifest, digest: digest.finalize().map { hexadecimal($0) }.joined()))
        return (source, reader.report.diagnostics)
    }

    private static func hexadecimal(_ byte: UInt8) -> String { (byte < 16 ? "0" : "") + String(byte, radix: 16) }

    private static func schema(of manifest: ProviderManifest, digest: String) -> ProviderSchema {
        var settings: [AttributeSchema] = []
        var blocks: [NestedBlockSchema] = []
        for setting in manifest.settings {
            // A setting that is an object is written as a block: `endpoints { ec2 = "…" }`.
            if case .object(let object) = setting.type {
                let parts = object.attributes.map { part in
                    AttributeSchema(
                        name: part.name, type: part.type, isRequired: !part.isOptional, isOptional: part.isOptional,
                        isSensitive: setting.isSensitive)
                }
                blocks.append(
                    NestedBlockSchema(
                        name: setting.name, nesting: .single, block: BlockSchema(attributes: parts, description: setting.description)))
                continue
            }
            settings.append(
                AttributeSchema(
                    name: setting.name, type: setting.type,
                    // What the environment or a default may give is not required of the block.
                    isRequired: setting.isRequired && setting.environment.isEmpty && setting.fallback == nil,
                    isOptional: !setting.isRequired || !setting.environment.isEmpty || setting.fallback != nil,
                    isSensitive: setting.isSensitive,
                    description: setting.description))
        }
        return ProviderSchema(
            name: manifest.name, version: manifest.version, digest: digest,
            configuration: BlockSchema(attributes: settings, blocks: blocks, description: manifest.summary),
            resources: manifest.resources.mapValues(\.schema), dataSources: manifest.dataSources.mapValues(\.schema))
    }

    public func validate(_ configuration: Value, of type: ResourceType, mode: ResourceMode) -> [Diagnostic] {
        guard let resource = mode == .data ? manifest.dataSources[type] : manifest.resources[type] else { return [] }
        return ConfigurationCheck(resource: resource, functions: functions).diagnostics(configuration)
    }

    public func configure(_ configuration: Value) async throws(ProviderFailure) -> any Provider {
        let settings = try self.settings(configuration)
        return ManifestProvider(
            manifest: manifest, functions: functions, settings: settings,
            shell: ShellEngine(
                manifest: manifest,
                ssh: SSHSettings(values: try evaluated(manifest.ssh?.arguments ?? [:], settings), transports: transports),
                settings: settings, functions: functions),
            http: HTTPEngine(
                manifest: manifest, settings: settings, functions: functions,
                http: HTTPSettings(
                    // These may say more per request: the service, a page.
                    values: try evaluated(
                        (manifest.http?.arguments ?? [:]).filter { $0.key != "base_url" && $0.key != "headers" }, settings),
                    transports: transports)))
    }

    /// The settings: from the block, the environment, or their defaults; sensitive ones marked.
    private func settings(_ configuration: Value) throws(ProviderFailure) -> Value {
        var slots: [(String, Value)] = []
        for setting in manifest.settings {
            var value = configuration[setting.name] ?? .null(setting.type)
            if value.isNull, let text = setting.environment.lazy.compactMap({ transports.environment[$0] }).first(where: { !$0.isEmpty }) {
                value = try converted(.string(text), setting)
            }
            if value.isNull, let fallback = setting.fallback {
                let evaluation = RecipeEvaluation(
                    scope: RecipeScope(names: ["setting": .object(slots)]), functions: functions)
                do throws(DiagnosticError) {
                    value = try evaluation.value(fallback, as: setting.type, what: setting.name)
                } catch {
                    throw ProviderFailure(error, attempting: "configuring \(manifest.name)", sources: manifest.sources)
                }
            }
            if value.isNull, setting.isRequired {
                let names = setting.environment.joined(separator: " or ")
                throw ProviderFailure(
                    .invalidConfiguration, summary: "Missing provider setting",
                    detail: "The provider \(manifest.name) needs the setting \"\(setting.name)\".",
                    hints: names.isEmpty ? [] : ["Set it in the provider block, or in the environment as \(names)."],
                    path: [.attribute(setting.name)])
            }
            slots.append((setting.name, setting.isSensitive ? value.marked(.sensitive) : value))
        }
        return .object(slots)
    }

    private func converted(_ value: Value, _ setting: SettingManifest) throws(ProviderFailure) -> Value {
        do throws(ConversionError) {
            if case .list = setting.type { return try Value.list([value], of: .string).converted(to: setting.type) }
            return try value.converted(to: setting.type)
        } catch {
            throw ProviderFailure(
                .invalidConfiguration, summary: "Invalid provider setting",
                detail: "The environment gives the setting \"\(setting.name)\" of \(manifest.name) a value that is none: \(error.message).",
                path: [.attribute(setting.name)])
        }
    }

    /// Arguments of an `ssh` or `http` block.
    private func evaluated(_ arguments: [String: Sourced], _ settings: Value) throws(ProviderFailure) -> [String: Value] {
        let evaluation = RecipeEvaluation(scope: RecipeScope(names: ["setting": settings]), functions: functions)
        var values: [String: Value] = [:]
        for name in arguments.keys.sorted() {
            guard let argument = arguments[name] else { continue }
            do throws(DiagnosticError) {
                let value = try evaluation.value(argument)
                if !value.isNull { values[name] = value }
            } catch {
                throw ProviderFailure(error, attempting: "configuring \(manifest.name)", sources: manifest.sources)
            }
        }
        return values
    }
}
