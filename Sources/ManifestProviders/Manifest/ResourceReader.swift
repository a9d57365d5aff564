import Addresses
import Diagnostics
import Evaluation
import HCLSyntax
import ProviderKit
import Values

/// Reads a `resource` or `data` block with what it takes from the provider's shared parts.
struct ResourceReader {
    let report: ManifestReport
    let sources: ManifestSources
    let shared: SharedParts
    let provider: ProviderManifest

    func resource(_ block: Block, in body: Body, isData: Bool) -> ResourceManifest? {
        let noun = isData ? "data source" : "resource"
        guard let name = report.label(of: block, in: body, what: "A \(noun)") else { return nil }
        let span = body.span(block.headerRange)
        let what = "\(noun) \"\(name)\""
        let reader = ArgumentReader(
            block.body, what: what, span: span, report: report,
            known: [
                "summary", "version", "identity", "unique", "shared", "container", "keeps_contents", "guarded", "outlives", "attributes",
                "object", "validation", "service", "nested_by", "let", "use", "import",
            ])
        let recipeNames = isData ? ["read"] : ["read", "create", "update", "delete", "find", "list"]
        report.refuseBlocks(block.body, except: ["block"] + recipeNames, what: what)
        let schemas = SchemaReader(report: report, rules: shared.rules)
        let mixins = mixins(reader, what: what)
        let (blockManifest, schema) = schemas.block(
            block.body, attributes: ([reader.sourced("attributes")] + mixins.map(\.attributes)).compactMap(\.self), what: what,
            description: reader.string("summary") ?? "")
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
        resource.lets = lets(reader, mixins, of: resource, what: what)
        let known = blockManifest.attributes.map(\.name) + blockManifest.blocks.map(\.name)
        for mapping in ([reader.sourced("object")] + mixins.map(\.object)).compactMap(\.self) {
            let items = ArgumentReader(mapping, what: "object of \(what)", report: report, known: known)
            for name in items.order {
                guard let value = items.sourced(name) else { continue }
                if resource.object.contains(where: { $0.name == name }) {
                    report.error("Invalid manifest", "\"\(name)\" stands twice in object of \(what).", at: value.span)
                }
                resource.object.append((name, value))
            }
        }
        if !isData, let mapping = reader.sourced("import") {
            let items = ArgumentReader(
                mapping, what: "import of \(what)", report: report, known: blockManifest.attributes.map(\.name))
            resource.importing = items.order.compactMap { name in items.sourced(name).map { (name, $0) } }
        }
        recipes(of: block.body, in: &resource, what: what)
        for mixin in mixins { recipes(of: mixin.body, in: &resource, what: what) }
        NameCheck(resource: resource, report: report).check(
            recipes: [block.body] + mixins.map(\.body), fragments: shared.fragments.values.filter { $0.given.file == block.body.file },
            what: what)
        ResourceCheck(report: report, provider: provider).check(&resource, isData: isData, what: what)
        return resource
    }

    /// The mixins that a type uses, in the order it names them.
    private func mixins(_ reader: ArgumentReader, what: String) -> [MixinManifest] {
        var result: [MixinManifest] = []
        let known = shared.mixins.keys.sorted { $0.precedesByBytes($1) }
        for name in reader.strings("use") ?? [] {
            guard let mixin = shared.mixins[name] else {
                report.error(
                    "Invalid manifest",
                    "There is no mixin \"\(name)\".\(known.isEmpty ? "" : " Known are: \(known.joined(separator: ", ")).")",
                    at: reader.span(of: "use"), hints: nearestName(name, among: known).map { ["Did you mean \"\($0)\"?"] } ?? [])
                continue
            }
            if result.contains(where: { $0.name == name }) {
                report.error("Invalid manifest", "The \(what) uses the mixin \"\(name)\" twice.", at: reader.span(of: "use"))
            } else {
                result.append(mixin)
            }
        }
        return result
    }

    /// The type's own lets, which go before those of its mixins, and theirs.
    private func lets(_ reader: ArgumentReader, _ mixins: [MixinManifest], of resource: ResourceManifest, what: String) -> Lets {
        var table = reader.expressions("let")
        let own = Set(table.keys)
        for mixin in mixins {
            for name in mixin.lets.names where !own.contains(name) {
                guard let given = mixin.lets[name] else { continue }
                if table[name] != nil {
                    report.error(
                        "Invalid manifest", "Two mixins of the \(what) have a let \"\(name)\", and it cannot be told which is meant.",
                        at: given.span, hints: ["Give the type a let of that name: it goes before both."])
                }
                table[name] = given
            }
        }
        let taken = resource.body.attributes.map(\.name) + resource.body.blocks.map(\.name)
        for (name, given) in table.sorted(by: { $0.key.precedesByBytes($1.key) }) {
            if taken.contains(name) || NameCheck.own.contains(name) {
                report.error(
                    "Invalid manifest",
                    "A let of the \(what) cannot be called \"\(name)\": \(taken.contains(name) ? "an attribute is" : "that name has a meaning of its own").",
                    at: given.span)
            }
        }
        let lets = Lets(table)
        if let circle = lets.circle, let first = circle.first, let given = lets[first] {
            report.error(
                "Invalid manifest", "A let of the \(what) follows from itself: \(circle.joined(separator: " → ")).", at: given.span)
        }
        for mixin in mixins {
            for name in mixin.needs where !taken.contains(name) && lets[name] == nil {
                report.error(
                    "Invalid manifest",
                    "The mixin \"\(mixin.name)\" needs \"\(name)\", which the \(what) has neither as an attribute nor as a let.",
                    at: reader.span(of: "use"), hints: ["Add to the type: let = { \(name) = … }"])
            }
        }
        return lets
    }

    private func recipes(of body: Body, in resource: inout ResourceManifest, what: String) {
        let sensitive = Set(resource.body.attributes.filter { $0.schema.isSensitive || $0.schema.isWriteOnly }.map(\.name))
        let reader = RecipeReader(
            report: report, sources: sources, sensitive: SensitiveNames(attributes: sensitive, lets: resource.lets),
            fragments: shared.fragments)
        var seen: Set<String> = []
        for inner in body.blocks where inner.type.name != "block" {
            let name = inner.type.name
            let span = body.span(inner.headerRange)
            if name != "update", !seen.insert(name).inserted {
                report.error("Invalid manifest", "There is a second \(name) of \(what).", at: span)
            }
            var recipe = reader.recipe(inner, in: body, what: "\(name) of \(what)")
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
}
