import ConfigModel
import DependencyGraph
import PlanModel

/// Whether something before a cell will change, found once for each cell. What stands before a cell has been visited when it is asked
/// for, and stays as it was decided.
struct PendingEffects {
    enum Reach: Hashable {
        /// Up to the first resources: directly, or through locals, variables, outputs and the like.
        case values
        /// And what those come from.
        case everything
    }

    fileprivate struct Question: Hashable {
        let cell: Cells.CellID
        let reach: Reach
    }

    fileprivate var answers: [Question: Bool] = [:]
}

extension Planner {
    func hasPendingEffect(before id: Cells.CellID, through reach: PendingEffects.Reach) -> Bool {
        var stack = [id]
        while let next = stack.last {
            let question = PendingEffects.Question(cell: next, reach: reach)
            if pendingEffects.answers[question] != nil {
                stack.removeLast()
                continue
            }
            switch look(before: next, reach) {
            case .known(let answer):
                pendingEffects.answers[question] = answer
                stack.removeLast()
            // Declarations have no cycles: it is asked again when all of these are known.
            case .open(let others): stack += others
            }
        }
        return pendingEffects.answers[PendingEffects.Question(cell: id, reach: reach)] ?? false
    }

    private enum Look {
        case known(Bool)
        case open([Cells.CellID])
    }

    private func look(before id: Cells.CellID, _ reach: PendingEffects.Reach) -> Look {
        let at = cells.instances[declarations.instanceModule(of: id.vertex)][id.instance]
        var open: [Cells.CellID] = []
        for target in declarations.graph.dependencies(of: id.vertex) {
            let target = Int(target)
            var isResource = false
            switch declarations.vertices[target].declaration {
            case .provider: continue
            case .resource: isResource = true
            default: break
            }
            for other in cells.cellInstances(of: target, seenFrom: at) {
                let cell = Cells.CellID(vertex: target, instance: other.number)
                if isResource {
                    if isPending(cell) { return .known(true) }
                    if reach == .values { continue }
                }
                switch pendingEffects.answers[PendingEffects.Question(cell: cell, reach: reach)] {
                case true?: return .known(true)
                case false?: break
                case nil: open.append(cell)
                }
            }
        }
        return open.isEmpty ? .known(false) : .open(open)
    }

    /// Whether one of the resource's own instances changes, or is still to be read.
    private func isPending(_ cell: Cells.CellID) -> Bool {
        (draftsByCell[cell] ?? []).contains { index in
            switch drafts[index].change.action {
            case .noOp, .record, .forget: false
            case .create, .update, .delete, .read, .deleteThenCreate, .createThenDelete: true
            }
        }
    }
}
