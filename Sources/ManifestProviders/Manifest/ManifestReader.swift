import Addresses
import Diagnostics
import Evaluation
import HCLSyntax
import ProviderKit
import Values

/// Reads the files of one provider's folder. Whatever is wrong is reported, and what could be read is used to find more.
struct ManifestReader {
    let report = ManifestReport()
    private(set) var sources = ManifestSources()

    /// - Parameter files: paths as they are to be shown, with their bytes; read in the order of their names.
    mutating func read(_ files: [(name: String, bytes: [UInt8])], folder: String) -> ProviderManifest? {
        let files = files.sorted { $0.name.precedesByBytes($1.name) }
        var bodies: [Body] = []
        for file in files {
            sources.files[file.name] = file.bytes
            let parsed = parseFile(file.bytes, path: file.name)
            report.diagnostics.append(contentsOf: parsed.diagnostics)
            bodies.append(parsed.tree.body)
        }
        // A file with syntax errors gives follow-up faults that help nobody.
        if report.diagnostics.hasErrors { return nil }
        var manifest: ProviderManifest?
        for body in bodies {
            for block in body.blocks where block.type.name == "provider" {
                let next = provider(block, in: body)
                if manifest == nil {
                    manifest = next
                } else {
                    report.error(
                        "Invalid manifest", "A folder describes one provider; this is a second provider block.",
                        at: body.span(block.headerRange))
                }
            }
        }
        guard var manifest else {
            let place = SourceSpan(file: files.first?.name ?? folder, range: .empty)
            if !report.diagnostics.hasErrors {
                report.error(
                    "Invalid manifest", "No file of \(folder) has a provider block.", at: place, hints: ["Add: provider \"name\" { … }"])
            }
            return nil
        }
        for body in bodies {
            report.refuseBlocks(body, except: ["provider", "resource", "data"], what: "a manifest")
            for attribute in body.attributes {
                report.error("Unsupported argument", "A manifest has blocks at its top, no arguments.", at: body.span(attribute.name.range))
            }
            for block in body.blocks {
                switch block.type.name {
                case "resource": add(block, in: body, to: &manifest.resources, of: manifest, isData: false)
                case "data": add(block, in: body, to: &manifest.dataSources, of: manifest, isData: true)
                default: break
                }
            }
        }
        manifest.sources = sources
        return report.diagnostics.hasErrors ? nil : manifest
    }

    private func add(
        _ block: Block, in body: Body, to types: inout [ResourceType: ResourceManifest], of provider: ProviderManifest, isData: Bool
    ) {
        guard let resource = resource(block, in: body, of: provider, isData: isData) else { return }
        if types[resource.type] != nil {
            report.error("Duplicate type", "\(resource.type.rawValue) is described twice.", at: body.span(block.headerRange))
        }
        types[resource.type] = resource
    }

    // MARK: Provider

    private func provider(_ block: Block, in body: Body) -> ProviderManifest? {
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
        let recipes = RecipeReader(report: report, sources: sources, sensitive: [])
        return HTTPManifest(
            wire: wire, arguments: arguments, errors: recipes.errorRules(block.body), page: page,
            parallelism: reader.int("parallelism") ?? 0,
            file: body.file)
    }

    // MARK: Types

    private func resource(_ block: Block, in body: Body, of provider: ProviderManifest, isData: Bool) -> ResourceManifest? {
        let noun = isData ? "data source" : "resource"
        guard let name = report.label(of: block, in: body, what: "A \(noun)") else { return nil }
        let span = body.span(block.headerRange)
        let what = "\(noun) \"\(name)\""
        let reader = ArgumentReader(
            block.body, what: what, span: span, report: report,
            known: [
                "summary", "version", "identity", "unique", "shared", "container", "keeps_contents", "guarded", "outlives", "attributes",
                "object", "validation", "service", "nested_by",
            ])
        let recipeNames = isData ? ["read"] : ["read", "create", "update", "delete", "find", "list"]
        report.refuseBlocks(block.body, except: ["block"] + recipeNames, what: what)
        let schemas = SchemaReader(report: report)
        let (blockManifest, schema) = schemas.block(
            block.body, attributes: reader.sourced("attributes"), what: what, description: reader.string("summary") ?? "")
        func names(_ argument: String) -> [String] {
            let names = reader.strings(argument) ?? []
            for part in names where blockManifest.attribute(part) == nil {
                report.error(
                    "Invalid manifest", "\(argument) names \"\(part)\", which is no attribute of \(what).", at: reader.span(of: argument),
                    hints: nearestName(part, among: blockManifest.attributes.map(\.name)).map { ["Did you mean \"\($0)\"?"] } ?? [])
            }
            return names
        }
        if let nested = reader.string("nested_by"), blockManifest.attribute(nested) == nil {
            report.error(
                "Invalid manifest", "nested_by names \"\(nested)\", which is no attribute of \(what).", at: reader.span(of: "nested_by"))
        }
        let type = ResourceType(name)
        var resource = ResourceManifest(
            type: type,
            schema: ResourceSchema(
                type: type, block: schema, version: reader.int("version") ?? 0, identity: names("identity"), unique: names("unique"),
                isShared: reader.flag("shared"),
                isContainer: reader.flag("container"), keepsContents: reader.flag("keeps_contents"),
                outlivesContainer: reader.flag("outlives"), nestedBy: reader.string("nested_by"), isGuarded: reader.flag("guarded")),
            body: blockManifest, object: [], validations: schemas.validations(reader.sourced("validation"), what: what), updates: [],
            engine: .shell, service: reader.string("service"), headerSpan: span)
        if let mapping = reader.sourced("object") {
            let known = blockManifest.attributes.map(\.name) + blockManifest.blocks.map(\.name)
            let items = ArgumentReader(mapping, what: "object of \(what)", report: report, known: known)
            resource.object = items.order.compactMap { name in items.sourced(name).map { (name, $0) } }
        }
        recipes(block, of: &resource, what: what)
        check(&resource, in: provider, isData: isData, what: what)
        return resource
    }

    private func recipes(_ block: Block, of resource: inout ResourceManifest, what: String) {
        let sensitive = Set(resource.body.attributes.filter { $0.schema.isSensitive || $0.schema.isWriteOnly }.map(\.name))
        let reader = RecipeReader(report: report, sources: sources, sensitive: sensitive)
        var seen: Set<String> = []
        for inner in block.body.blocks where inner.type.name != "block" {
            let name = inner.type.name
            let span = block.body.span(inner.headerRange)
            if name != "update", !seen.insert(name).inserted {
                report.error("Invalid manifest", "There is a second \(name) of \(what).", at: span)
            }
            var recipe = reader.recipe(inner, in: block.body, what: "\(name) of \(what)")
            if let same = inner.body.attribute("same_as") {
                let other = ArgumentReader(
                    inner.body, what: name, span: span, report: ManifestReport(), known: ["same_as"]
                ).string("same_as")
                if name == "update", other == "create", let create = resource.create {
                    let attributes = recipe.attributes
                    recipe = create
                    recipe.attributes = attributes
                    recipe.connectWithin = nil
                } else {
                    report.error(
                        "Invalid manifest", "An update can be the same as \"create\", which must stand before it; nothing else can.",
                        at: inner.body.span(same.range))
                }
            }
            for attribute in recipe.attributes ?? []
            where resource.body.attribute(attribute) == nil
                && !resource.body.blocks.contains(where: { $0.name == attribute })
            {
                report.error(
                    "Invalid manifest", "An update covers \"\(attribute)\", which is no attribute of \(what).", at: span,
                    hints: nearestName(attribute, among: resource.body.attributes.map(\.name)).map { ["Did you mean \"\($0)\"?"] } ?? [])
            }
            if recipe.paged, name != "find" && name != "list" || recipe.objects == nil || recipe.pagedRequest == nil {
                report.error(
                    "Invalid manifest", "\"paged\" goes with \"objects\", in a find or list that begins with a plain request.",
                    at: recipe.span)
            }
            switch name {
            case "read": resource.read = recipe
            case "create": resource.create = recipe
            case "update": resource.updates.append(recipe)
            case "delete": resource.delete = recipe
            case "find": resource.find = recipe
            case "list": resource.list = recipe
            default: break
            }
        }
    }

    /// What the parts must have to make a whole.
    private func check(_ resource: inout ResourceManifest, in provider: ProviderManifest, isData: Bool, what: String) {
        let all = [resource.read, resource.create, resource.delete, resource.find, resource.list].compactMap { $0 } + resource.updates
        let hasRequests = all.contains { $0.steps.contains { if case .request = $0 { true } else { false } } }
        let hasScripts = all.contains { !$0.facts.isEmpty || $0.steps.contains { if case .script = $0 { true } else { false } } }
        resource.engine = hasRequests ? .http : .shell
        if hasRequests && hasScripts {
            report.error("Invalid manifest", "The \(what) has requests and scripts; a type has either.", at: resource.headerSpan)
        }
        if hasRequests && provider.http == nil {
            report.error("Invalid manifest", "The \(what) makes requests, and the provider has no http block.", at: resource.headerSpan)
        }
        if hasScripts && provider.ssh == nil {
            report.error("Invalid manifest", "The \(what) runs scripts, and the provider has no ssh block.", at: resource.headerSpan)
        }
        for recipe in all where recipe.paged {
            if provider.http?.page == nil {
                report.error("Invalid manifest", "A recipe is paged, and http has no page block that says how.", at: recipe.span)
            }
        }
        if resource.read == nil { report.error("Missing recipe", "The \(what) has no read.", at: resource.headerSpan) }
        if isData { return }
        if resource.create == nil { report.error("Missing recipe", "The \(what) has no create.", at: resource.headerSpan) }
        if resource.delete == nil { report.error("Missing recipe", "The \(what) has no delete.", at: resource.headerSpan) }
        // Whatever can change in place needs an update that covers it.
        let settable =
            resource.body.attributes.filter { attribute in
                guard attribute.schema.isSettable, !attribute.isHost else { return false }
                if case .always? = attribute.replaces { return false }
                return true
            }.map(\.name) + resource.body.blocks.filter { !$0.replaces }.map(\.name)
        let coversAll = resource.updates.contains { $0.attributes == nil }
        let covered = Set(resource.updates.flatMap { $0.attributes ?? [] })
        for name in settable where !coversAll && !covered.contains(name) {
            report.error(
                "Missing recipe", "No update of the \(what) covers \"\(name)\".", at: resource.headerSpan,
                hints: ["Give the attribute replaces = true if it cannot change in place."])
        }
        if hasScripts, resource.schema.containerAttribute == nil, !resource.schema.isContainer {
            report.error(
                "Invalid manifest", "The \(what) runs scripts, but has no attribute of type host that says where.", at: resource.headerSpan)
        }
    }
}
