import Diagnostics
import HCLSyntax

/// The blocks of a directory, by type, each with the override blocks that change it.
struct BlockGroups {
    var settings: [MergedBlock] = []
    var providers: [MergedBlock] = []
    var variables: [MergedBlock] = []
    var locals: [(attribute: LocatedAttribute, order: Int)] = []
    var outputs: [MergedBlock] = []
    var resources: [MergedBlock] = []
    var calls: [MergedBlock] = []
    /// Blocks that override files cannot change.
    var others: [Block] = []
    /// Where the declaration of a name is in its group.
    var index: [Identity: Int] = [:]

    /// Room for the blocks of these files, so that large modules are not copied as they grow.
    mutating func reserve(for files: [Body]) {
        var all = 0
        var resources = 0
        for body in files {
            all += body.blocks.count
            for block in body.blocks where block.type.name == "resource" { resources += 1 }
        }
        index.reserveCapacity(all)
        self.resources.reserveCapacity(resources)
    }

    /// What must be unique in a module: block type and labels, or a provider's name and alias.
    struct Identity: Hashable {
        var type: String
        var first = ""
        var second = ""
    }
}

extension ModuleDecoder {
    /// Adds a block of a primary file; a second one of the same name is reported.
    mutating func add(_ block: Block, to groups: inout BlockGroups) {
        switch block.type.name {
        case "terraform": groups.settings.append(MergedBlock(base: block))
        case "required_providers":
            report(
                "Invalid required_providers block", "A \"required_providers\" block must be nested inside a \"terraform\" block.",
                at: block.body.span(block.headerRange))
        case "provider": addProvider(block, to: &groups)
        case "variable":
            declare(block, \.variables, in: &groups, "Duplicate variable declaration") {
                "A variable named \"\($0)\" was already declared at \($1). Variable names must be unique within a module."
            }
        case "output":
            if isInterfaceOutput(block) { return }
            declare(block, \.outputs, in: &groups, "Duplicate output definition") {
                "An output named \"\($0)\" was already defined at \($1). Output names must be unique within a module."
            }
        case "module":
            declare(block, \.calls, in: &groups, "Duplicate module call") {
                "A module call named \"\($0)\" was already defined at \($1). Module calls must have unique names within a module."
            }
        case "resource", "data", "ephemeral":
            let mode = block.type.name
            let type = block.labels[0].name
            declare(block, \.resources, in: &groups, "Duplicate \(mode) \"\(type)\" configuration") {
                "A \(type)\(mode == "resource" ? "" : " \(mode)") resource named \"\($0)\" was already declared at \($1). Resource names must be unique per type in each module."
            }
        case "locals": addLocals(block, to: &groups)
        default: groups.others.append(block)
        }
    }

    private mutating func declare(
        _ block: Block, _ group: WritableKeyPath<BlockGroups, [MergedBlock]>, in groups: inout BlockGroups, _ summary: String,
        detail: (String, String) -> String
    ) {
        let key = block.identity
        if let earlier = groups.index[key] {
            let name = block.labels.last?.name ?? ""
            report(summary, detail(name, place(groups[keyPath: group][earlier].span)), at: block.body.span(block.headerRange))
            return
        }
        groups.index[key] = groups[keyPath: group].count
        groups[keyPath: group].append(MergedBlock(base: block))
    }

    private mutating func addProvider(_ block: Block, to groups: inout BlockGroups) {
        let name = block.labels[0].name
        let alias = block.body.attribute("alias")?.expression.literalText
        let key = BlockGroups.Identity(type: "provider", first: name, second: alias ?? "")
        if let earlier = groups.index[key] {
            let where_ = place(groups.providers[earlier].span)
            report(
                "Duplicate provider configuration",
                alias.map {
                    "A provider configuration for \"\(name)\" with alias \"\($0)\" was already given at \(where_). Each configuration for the same provider must have a distinct alias."
                }
                    ?? "A default (non-aliased) provider configuration for \"\(name)\" was already given at \(where_). If multiple configurations are required, set the \"alias\" argument for alternative configurations.",
                at: block.body.span(block.headerRange))
            return
        }
        groups.index[key] = groups.providers.count
        groups.providers.append(MergedBlock(base: block))
    }

    private mutating func addLocals(_ block: Block, to groups: inout BlockGroups) {
        reportBlocks(in: block.body)
        for attribute in block.body.attributes {
            // In native syntax the parser has seen to it.
            if attribute.isJSON { checkName(attribute.name, file: block.body.file, summary: "Invalid local value name") }
            let key = BlockGroups.Identity(type: "locals", first: attribute.name.name)
            if let earlier = groups.index[key] {
                report(
                    "Duplicate local value definition",
                    "A local value named \"\(attribute.name.name)\" was already defined at \(place(groups.locals[earlier].attribute.nameSpan)). Local value names must be unique within a module.",
                    at: block.body.span(attribute.range))
                continue
            }
            groups.index[key] = groups.locals.count
            groups.locals.append((LocatedAttribute(attribute, file: block.body.file), groups.locals.count))
        }
    }

    /// Reports every nested block of a body that may hold only arguments.
    mutating func reportBlocks(in body: Body) {
        for block in body.blocks {
            report("Unexpected \"\(block.type.name)\" block", "Blocks are not allowed here.", at: body.span(block.type.range))
        }
    }

    // MARK: Override files

    /// Adds a block of an override file to the block of the same name.
    mutating func override(with block: Block, in groups: inout BlockGroups) {
        let span = block.body.span(block.headerRange)
        let name = block.labels.last?.name ?? ""
        switch block.type.name {
        case "terraform": groups.settings.append(MergedBlock(base: block, overrides: [block]))
        case "provider":
            let alias = block.body.attribute("alias")?.expression.literalText
            if let index = groups.index[.init(type: "provider", first: name, second: alias ?? "")] {
                groups.providers[index].overrides.append(block)
            } else {
                addProvider(block, to: &groups)
            }
        case "locals":
            for attribute in block.body.attributes {
                if let index = groups.index[.init(type: "locals", first: attribute.name.name)] {
                    groups.locals[index].attribute = LocatedAttribute(attribute, file: block.body.file)
                } else {
                    report(
                        "Missing base local value definition to override",
                        "There is no local value named \"\(attribute.name.name)\". An override file can only override a local value that was already defined in a primary configuration file.",
                        at: block.body.span(attribute.range))
                }
            }
        case "variable":
            extend(
                block, \.variables, in: &groups, "Missing base variable declaration to override",
                "There is no variable named \"\(name)\". An override file can only override a variable that was already declared in a primary configuration file."
            )
        case "output":
            refuseDependsOn(block)
            extend(
                block, \.outputs, in: &groups, "Missing base output definition to override",
                "There is no output named \"\(name)\". An override file can only override an output that was already defined in a primary configuration file."
            )
        case "module":
            refuseDependsOn(block)
            extend(
                block, \.calls, in: &groups, "Missing module call to override",
                "There is no module call named \"\(name)\". An override file can only override a module call that was defined in a primary configuration file."
            )
        case "resource", "data", "ephemeral":
            refuseDependsOn(block)
            let noun = block.type.name == "resource" ? "resource" : "\(block.type.name) resource"
            extend(
                block, \.resources, in: &groups, "Missing \(noun) to override",
                "There is no \(block.labels[0].name) \(noun) named \"\(name)\". An override file can only override a \(block.type.name) block defined in a primary configuration file."
            )
        case "check":
            report("Cannot override 'check' blocks", "Checks can appear only in normal files, not in override files.", at: span)
        case "moved":
            report(
                "Cannot override 'moved' blocks", "Records of moved objects can appear only in normal files, not in override files.",
                at: span)
        case "removed":
            report(
                "Cannot override 'removed' blocks", "Records of removed objects can appear only in normal files, not in override files.",
                at: span)
        case "import":
            report("Cannot override 'import' blocks", "Import blocks can appear only in normal files, not in override files.", at: span)
        default: groups.others.append(block)
        }
    }

    private mutating func extend(
        _ block: Block, _ group: WritableKeyPath<BlockGroups, [MergedBlock]>, in groups: inout BlockGroups, _ summary: String,
        _ detail: String
    ) {
        guard let index = groups.index[block.identity] else {
            report(summary, detail, at: block.body.span(block.headerRange))
            return
        }
        groups[keyPath: group][index].overrides.append(block)
    }

    private mutating func refuseDependsOn(_ block: Block) {
        guard let attribute = block.body.attribute("depends_on") else { return }
        if case .tuple(let items) = attribute.expression.kind, items.isEmpty { return }
        report("Unsupported override", "The depends_on argument may not be overridden.", at: block.body.span(attribute.name.range))
    }
}

extension Block {
    fileprivate var identity: BlockGroups.Identity {
        BlockGroups.Identity(type: type.name, first: labels.first?.name ?? "", second: labels.count > 1 ? labels[1].name : "")
    }
}
