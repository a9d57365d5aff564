import ConfigModel

/// A condition whose outcome the plan does not know.
struct OpenCondition {
    let block: ConditionBlock
    /// Whose it is, in one module instance.
    let cell: Cells.CellID
    /// Of a resource: which of its instances.
    var number: Int?
    /// `checks` entry it decides.
    let check: Int
    let summary: String
    /// After the step: `self` is the object.
    var isPostcondition = false
}

/// The conditions that are looked at again while applying.
struct OpenConditions {
    private(set) var all: [OpenCondition] = []
    /// Of what has no step, or none that would look at them: they wait for what their declaration waits for.
    private(set) var byCell: [Cells.CellID: [Int]] = [:]
    private var byCheck: [Int: Int] = [:]

    /// - Returns: its number.
    mutating func add(_ condition: OpenCondition) -> Int {
        byCheck[condition.check] = all.count
        all.append(condition)
        return all.count - 1
    }

    /// No step decides these.
    mutating func free(_ numbers: [Int]) {
        for number in numbers { byCell[all[number].cell, default: []].append(number) }
    }

    func deciding(check: Int) -> OpenCondition? { byCheck[check].map { all[$0] } }
}
