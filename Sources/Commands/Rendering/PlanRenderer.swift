import Addresses
import Diagnostics
import PlanModel
import StateModel
import Values

/// A plan as people read it. Pure: text in pieces to whoever writes it, so that nothing holds a second copy of a large plan.
struct PlanRenderer {
    let paint: Paint
    let write: (String) -> Void
    private let lines: LineIndex
    private let kinds: [ModuleCallPath: SourceSpan]

    /// - Parameter kinds: where the configuration has the blocks of kinds.
    init(paint: Paint, sources: SourceMap, kinds: [ModuleCallPath: SourceSpan] = [:], write: @escaping (String) -> Void) {
        self.paint = paint
        self.write = write
        self.kinds = kinds
        lines = LineIndex(sources)
    }

    func render(_ plan: Plan, base: [ObjectAddress: Value]) {
        renderDrift(plan, base: base)
        let shown = plan.changes.filter(\.isShown)
        let kindChanges = plan.kindChanges
        if plan.mode == .refreshOnly {
            if let unread = plan.unreadInWords {
                write("\n" + paint.bold(paint.yellow("Not everything could be looked at.")) + "\n\(unread)\n")
            } else if plan.observed.allSatisfy({ $0.kind == .data }) {
                write(paint.bold(paint.green("No changes.")) + " Your infrastructure still matches the configuration.\n")
            } else {
                write("\nThis is a refresh-only plan: applying it records what was found, and changes nothing else.\n")
            }
            return
        }
        if shown.isEmpty, plan.outputs.isEmpty, plan.withheld.isEmpty {
            if let unread = plan.unreadInWords {
                write("\n" + paint.bold(paint.yellow("No changes found, but not everything could be looked at.")) + "\n\(unread)\n")
            } else {
                write("\n" + paint.bold(paint.green("No changes.")) + " Your infrastructure matches the configuration.\n")
            }
            return
        }
        if !shown.isEmpty {
            write("\nAshlar will perform the following actions:\n")
            renderChanges(shown, kindChanges, plan)
        }
        renderWithheld(plan)
        let added = plan.count(of: [.create, .deleteThenCreate, .createThenDelete])
        let changed = plan.count(of: [.update])
        let destroyed = plan.count(of: [.delete, .deleteThenCreate, .createThenDelete])
        let forgotten = plan.count(of: [.forget])
        let imported = plan.changes.count { $0.importing != nil }
        var summary = (imported > 0 ? "\(imported) to import, " : "") + "\(added) to add, \(changed) to change, \(destroyed) to destroy"
        if forgotten > 0 { summary += ", \(forgotten) to forget" }
        write("\n" + paint.bold("Plan: ") + summary + "." + kindSummary(kindChanges) + "\n")
        renderOutputs(plan)
    }

    private func renderDrift(_ plan: Plan, base: [ObjectAddress: Value]) {
        let drift = plan.observed.filter { $0.kind == .object && (isWorthTelling($0, base)) }
        guard !drift.isEmpty else { return }
        write(
            "\n" + paint.bold("Note:")
                + " Objects have changed outside of Ashlar\n\nAshlar found the following changes since the last apply:\n")
        var shownKind: ModulePath?
        for observation in drift {
            let before = base[observation.address]
            let kind = observation.address.instance.module.kind
            if let kind, kind != shownKind { kindHeading(kind, "has changed", mark: .change) }
            shownKind = kind
            let space = String(repeating: " ", count: kind == nil ? 0 : Self.partShift)
            let name = partName(observation.address, in: kind)
            write("\n\(space)  " + paint.bold("# \(name) has \(observation.object == nil ? "been deleted" : "changed")") + "\n")
            let printer = ValuePrinter(paint: paint, write: write, shift: space.count, shortens: true)
            printer.block(
                mark: observation.object == nil ? .remove : .change, title: title(observation.address.instance), before: before,
                after: observation.object?.attributes, replaced: [])
        }
    }

    /// Where only private bytes differ there is nothing that a person would see.
    private func isWorthTelling(_ observation: Plan.Observation, _ base: [ObjectAddress: Value]) -> Bool {
        observation.object?.attributes != base[observation.address]
    }

    private func title(_ address: ResourceInstanceAddress) -> String {
        let resource = address.resource.resource
        return "\(resource.mode == .managed ? "resource" : resource.mode.rawValue) \"\(resource.type.rawValue)\" \"\(resource.name)\""
    }

    private static let partShift = 4

    /// By address; the parts of a kind beneath one heading.
    private func renderChanges(_ shown: [Change], _ kindChanges: [KindChange], _ plan: Plan) {
        var inKinds: [(address: ObjectAddress, kind: KindChange)] = []
        for kind in kindChanges {
            guard let first = kind.changes.first else { continue }
            inKinds.append((plan.changes[first].address, kind))
        }
        inKinds.sort { $0.address < $1.address }
        var next = inKinds[...]
        for change in shown.sorted(by: { $0.address < $1.address }) where change.address.instance.module.kind == nil {
            while let (address, kind) = next.first, address < change.address {
                render(kind, plan)
                next.removeFirst()
            }
            render(change, in: nil)
        }
        for (_, kind) in next { render(kind, plan) }
    }

    private func render(_ kind: KindChange, _ plan: Plan) {
        let (verb, mark): (String, ValuePrinter.Mark) =
            switch kind.action {
            case .create: ("will be created", .add)
            case .update: ("will be changed", .change)
            case .delete: (paint.red("will be destroyed"), .remove)
            case .move: (paint.red("will be moved to another target") + " (the new one first)", .replaceFirst)
            case .forget: ("will no longer be managed, and stays as it is", .forget)
            case .read: ("will be read during apply", .read)
            }
        kindHeading(kind.path, verb, mark: mark, parts: kind)
        for index in kind.changes { render(plan.changes[index], in: kind.path) }
    }

    private func kindHeading(_ path: ModulePath, _ verb: String, mark: ValuePrinter.Mark, parts: KindChange? = nil) {
        write("\n  " + paint.bold("# \(path)") + " " + paint.bold(verb) + "\n")
        if let place = kinds[path.call].flatMap(lines.place) { write("  " + paint.dim("# \(place)") + "\n") }
        guard case .kind(let type, let name, _)? = path.steps.last else { return }
        let lead =
            switch mark {
            case .replace, .replaceFirst: ""
            case .read: " "
            default: "  "
            }
        var count = ""
        if let parts, parts.parts > 0 {
            let whole = "\(parts.parts) part\(parts.parts == 1 ? "" : "s")"
            count = parts.changedParts == parts.parts ? " (\(whole))" : " (\(parts.changedParts) of \(whole))"
        }
        let symbol = ValuePrinter(paint: paint, write: write).symbol(mark)
        write("\(lead)\(symbol) \(type.rawValue) \"\(name)\"\(count)\n")
    }

    /// Within its kind a part needs only the rest of its address.
    private func partName(_ address: ObjectAddress, in kind: ModulePath?) -> String {
        guard let kind else { return address.description }
        let whole = address.description
        let around = "\(kind)."
        return whole.hasPrefix(around) ? String(whole.dropFirst(around.count)) : whole
    }

    private func kindSummary(_ kindChanges: [KindChange]) -> String {
        let told = kindChanges.filter { $0.action != .read }
        guard !told.isEmpty else { return "" }
        func count(_ action: KindChange.Action) -> Int { told.count { $0.action == action } }
        var text =
            " Kinds: \(count(.create)) to add, \(count(.update) + count(.move)) to change, \(count(.delete)) to destroy"
        if count(.forget) > 0 { text += ", \(count(.forget)) to forget" }
        return text + "."
    }

    private func render(_ change: Change, in kind: ModulePath?) {
        let space = String(repeating: " ", count: kind == nil ? 0 : Self.partShift)
        let name = partName(change.address, in: kind)
        let verb: String
        let mark: ValuePrinter.Mark
        switch change.action {
        case .create: (verb, mark) = ("will be created", .add)
        case .update: (verb, mark) = ("will be updated in-place", .change)
        case .delete: (verb, mark) = (paint.red("will be destroyed"), .remove)
        case .deleteThenCreate: (verb, mark) = (paint.red("must be replaced"), .replace)
        case .createThenDelete: (verb, mark) = (paint.red("must be replaced") + " (the new one first)", .replaceFirst)
        case .read: (verb, mark) = ("will be read during apply", .read)
        case .forget where change.reason == .containerDeleted || change.reason == .containerReplaced:
            (verb, mark) = ("goes with what holds it", .forget)
        case .forget: (verb, mark) = ("will no longer be managed, and stays as it is", .forget)
        case .noOp where change.importing != nil, .record where change.importing != nil: (verb, mark) = ("will be imported", .none)
        case .noOp, .record:
            write("\n\(space)  " + paint.bold("# \(change.previousAddress?.description ?? name) has moved to \(name)") + "\n")
            return
        }
        write("\n\(space)  " + paint.bold("# \(name)") + " " + paint.bold(verb) + "\n")
        if let previous = change.previousAddress { write("\(space)  # (moved from \(previous))\n") }
        if let importing = change.importing {
            if importing.generated != nil { write("\(space)  # (config will be generated)\n") }
            if change.action != .noOp, change.action != .record { write("\(space)  # (imported from \(quotedLiteral(importing.id)))\n") }
            if change.action.isReplace {
                write("\(space)  " + paint.yellow("# Warning: this will destroy the imported resource") + "\n")
            }
        }
        if let reason = change.reason.sentence(change) { write("\(space)  # (\(reason))\n") }
        if let place = change.origin.flatMap(lines.place) { write("\(space)  " + paint.dim("# \(place)") + "\n") }
        let printer = ValuePrinter(paint: paint, write: write, shift: space.count, shortens: true)
        printer.block(
            mark: mark, title: title(change.address.instance), before: change.before, after: change.after, replaced: change.replacePaths)
    }

    private func renderWithheld(_ plan: Plan) {
        guard !plan.withheld.isEmpty else { return }
        write("\n" + paint.bold(paint.red("Withheld:")) + " this plan leaves out\n")
        for item in plan.withheld { write("  - \(item.reason)\n") }
    }

    private func renderOutputs(_ plan: Plan) {
        guard !plan.outputs.isEmpty else { return }
        write("\nChanges to Outputs:\n")
        let width = plan.outputs.map(\.name.count).max() ?? 0
        for output in plan.outputs {
            let printer = ValuePrinter(paint: paint, write: write, shortens: true)
            printer.attribute(
                output.name, width: width, indent: 2,
                before: output.before.map { output.isHidden ? $0.marked(.sensitive) : $0 },
                after: output.after.map { output.isHidden ? $0.marked(.sensitive) : $0 })
        }
    }
}
