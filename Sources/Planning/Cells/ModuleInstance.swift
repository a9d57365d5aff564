import Addresses
import ConfigModel
import Diagnostics
import Evaluation
import HCLSyntax
import Values

/// `each` and `count` of one instance of a repeated block.
struct RepetitionValues {
    var key: InstanceKey = .none
    /// `each.value`; nil outside `for_each`.
    var eachValue: Value?
    /// `each.key` where it is no text: in an import block, a list has its indices.
    var eachKey: Value?
    /// Stands for instances of which it is not known how many there are, nor their keys: only while validating.
    var isOpen = false

    static let none = RepetitionValues()
}

/// One instance of a module, with a cell for everything in it that has a value.
///
/// Belongs to the planner that made it, which is an actor: never shared.
final class ModuleInstance {
    let module: Int
    let path: ModulePath
    unowned let parent: ModuleInstance?
    /// Place among all instances of this module call.
    let number: Int
    var repetition: RepetitionValues
    var variables: [Value?]
    var locals: [Value?]
    var outputs: [Value?]
    var resources: [ResourceCell?]
    /// Instances of each called module, by its index in the configuration.
    var children: [Int: CallCell] = [:]

    init(module: Int, source: Module, path: ModulePath, parent: ModuleInstance?, number: Int, repetition: RepetitionValues) {
        self.module = module
        self.path = path
        self.parent = parent
        self.number = number
        self.repetition = repetition
        variables = Array(repeating: nil, count: source.variables.count)
        locals = Array(repeating: nil, count: source.locals.count)
        outputs = Array(repeating: nil, count: source.outputs.count)
        resources = Array(repeating: nil, count: source.resources.count)
    }

    /// This instance or the one around it that belongs to `module`.
    func ancestor(of module: Int) -> ModuleInstance? {
        var current: ModuleInstance? = self
        while let instance = current, instance.module != module { current = instance.parent }
        return current
    }
}

/// How a block is repeated: what kind of value the whole of it is.
enum RepetitionMode { case single, count, forEach }

/// A repeated block's cell.
protocol RepeatedCell: AnyObject {
    /// `each.value` by key, evaluated again while applying.
    var appliedEachValues: Finding<[InstanceKey: Value]>? { get set }
}

/// The instances of a module call within one instance of its caller.
final class CallCell: RepeatedCell {
    let mode: RepetitionMode
    let instances: [ModuleInstance]
    /// The whole call's value, built once.
    var whole: Finding<Value>?
    var appliedEachValues: Finding<[InstanceKey: Value]>?
    private let index: [InstanceKey: Int]

    init(mode: RepetitionMode, instances: [ModuleInstance]) {
        self.mode = mode
        self.instances = instances
        index = Dictionary(instances.enumerated().map { ($0.element.repetition.key, $0.offset) }) { first, _ in first }
    }

    subscript(_ key: InstanceKey) -> ModuleInstance? { index[key].map { instances[$0] } }

    /// The instance that constant steps name, and where the steps after it begin; nil where they name none, or all.
    func instance(namedBy steps: [TraversalStep], from start: Int) -> (instance: ModuleInstance, next: Int)? {
        if mode == .single { return instances.first.map { ($0, start) } }
        guard steps.count > start else { return nil }
        let key: InstanceKey
        switch (mode, steps[start]) {
        case (.count, .numberIndex(let digits, _)):
            guard let number = Int(digits) else { return nil }
            key = .index(number)
        case (.forEach, .stringIndex(let text, _)): key = .key(text)
        default: return nil
        }
        return self[key].map { ($0, start + 1) }
    }
}

/// A resource's instances within one module instance, and their values as references see them.
final class ResourceCell: RepeatedCell {
    let mode: RepetitionMode
    let keys: [InstanceKey]
    var values: [Value]
    let index: [InstanceKey: Int]
    var whole: Value?
    var eachValues: [Value?]
    var appliedEachValues: Finding<[InstanceKey: Value]>?
    /// Sub-expressions that all instances share.
    let shared: SharedValues?
    let isOpen: Bool

    init(mode: RepetitionMode, keys: [InstanceKey], eachValues: [Value?], shared: SharedValues?, isOpen: Bool = false) {
        self.isOpen = isOpen
        self.mode = mode
        self.keys = keys
        self.eachValues = eachValues
        self.shared = shared
        values = Array(repeating: .unknown, count: keys.count)
        index = Dictionary(keys.enumerated().map { ($0.element, $0.offset) }) { first, _ in first }
    }

    /// What a reference to the resource without a key stands for.
    var wholeValue: Value {
        if isOpen { return .unknown }
        if let whole { return whole }
        let value: Value
        switch mode {
        // None: it is not enabled.
        case .single: value = values.first ?? .null(.dynamic)
        case .count: value = .tuple(values)
        case .forEach:
            value = .object(
                zip(keys, values).map { key, value in
                    if case .key(let text) = key { (text, value) } else { ("", value) }
                })
        }
        whole = value
        return value
    }

    func set(_ number: Int, _ value: Value) {
        values[number] = value
        whole = nil
    }
}
