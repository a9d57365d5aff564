import Diagnostics
import Evaluation
import HCLSyntax

/// Reads a `provider` block: its settings, and how hosts and services are reached.
struct ProviderReader {
    let report: ManifestReport
    let sources: ManifestSources

    func provider(_ block: Block, in body: Body) -> ProviderManifest? {
        guard let name = report.label(of: block, in: body, what: "A provider block") else { return nil }
        let reader = ArgumentReader(
            block.body, what: "provider \"\(name)\"", span: body.span(block.headerRange), report: report, known: ["summary", "version"])
        report.refuseBlocks(block.body, except: ["setting", "ssh", "http"], what: "a provider block")
        var settings: [SettingManifest] = []
        var ssh: SSHManifest?
        var http: HTTPManifest?
        for inner in block.body.blocks {
            switch inner.type.name {
            case "setting":
                if let setting = setting(inner, in: block.body) {
                    if settings.contains(where: { $0.name == setting.name }) {
                        report.error(
                            "Invalid manifest", "The setting \"\(setting.name)\" is described twice.",
                            at: block.body.span(inner.headerRange))
                    }
                    settings.append(setting)
                }
            case "ssh": ssh = SSHManifest(arguments: arguments(inner, in: block.body, known: SSHSettings.names))
            case "http": http = self.http(inner, in: block.body)
            default: break
            }
        }
        return ProviderManifest(
            name: name, version: reader.string("version") ?? "0.0.0", summary: reader.string("summary") ?? "", settings: settings, ssh: ssh,
            http: http, resources: [:], dataSources: [:], sources: ManifestSources())
    }

    private func setting(_ block: Block, in body: Body) -> SettingManifest? {
        guard let name = report.label(of: block, in: body, what: "A setting") else { return nil }
        let reader = ArgumentReader(
            block.body, what: "setting \"\(name)\"", span: body.span(block.headerRange), report: report,
            known: ["type", "required", "sensitive", "default", "env", "description"])
        report.refuseBlocks(block.body, except: [], what: "a setting")
        guard let given = reader.sourced("type") else {
            report.error("Invalid manifest", "The setting \"\(name)\" has no type.", at: body.span(block.headerRange))
            return nil
        }
        do throws(DiagnosticError) {
            return SettingManifest(
                name: name, type: try typeConstraint(of: given.expression, file: given.file), isRequired: reader.flag("required"),
                isSensitive: reader.flag("sensitive"), fallback: reader.sourced("default"), environment: reader.strings("env") ?? [],
                description: reader.string("description") ?? "")
        } catch {
            report.diagnostics.append(contentsOf: error.diagnostics)
            return nil
        }
    }

    private func arguments(_ block: Block, in body: Body, known: [String]) -> [String: Sourced] {
        let reader = ArgumentReader(
            block.body, what: block.type.name, span: body.span(block.headerRange), report: report, known: known)
        var result: [String: Sourced] = [:]
        for name in reader.order { result[name] = reader.sourced(name) }
        return result
    }

    private func http(_ block: Block, in body: Body) -> HTTPManifest {
        let span = body.span(block.headerRange)
        let reader = ArgumentReader(
            block.body, what: "http", span: span, report: report, known: ["protocol", "parallelism"] + HTTPSettings.names)
        report.refuseBlocks(block.body, except: RecipeReader.errorBlocks + ["page"], what: "http")
        var wire = HTTPManifest.Wire.json
        if let given = reader.string("protocol") {
            if let known = HTTPManifest.Wire(rawValue: given) {
                wire = known
            } else {
                let known = HTTPManifest.Wire.allCases.map(\.rawValue)
                report.error(
                    "Invalid manifest", "There is no protocol \"\(given)\". Known are: \(known.joined(separator: ", ")).",
                    at: reader.span(of: "protocol"), hints: nearestName(given, among: known).map { ["Did you mean \"\($0)\"?"] } ?? [])
            }
        }
        if !reader.has("base_url") {
            report.error("Invalid manifest", "http has no base_url.", at: span)
        }
        var arguments: [String: Sourced] = [:]
        for name in HTTPSettings.names { arguments[name] = reader.sourced(name) }
        var page: PageManifest?
        for inner in block.body.blocks where inner.type.name == "page" {
            let place = block.body.span(inner.headerRange)
            let pages = ArgumentReader(inner.body, what: "page", span: place, report: report, known: ["query", "params", "next"])
            if let next = pages.sourced("next") {
                page = PageManifest(query: pages.sourced("query"), params: pages.sourced("params"), next: next)
            } else {
                report.error("Invalid manifest", "page says what comes next: it has no \"next\".", at: place)
            }
        }
        let recipes = RecipeReader(report: report, sources: sources)
        return HTTPManifest(
            wire: wire, arguments: arguments, errors: recipes.errorRules(block.body), page: page,
            parallelism: reader.int("parallelism") ?? 0,
            file: body.file)
    }
}
