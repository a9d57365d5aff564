/// Where in a value.
public struct Path: Hashable, Sendable, Codable, CustomStringConvertible, ExpressibleByArrayLiteral {
    public enum Step: Hashable, Sendable, Codable {
        /// Of an object.
        case attribute(String)
        /// Of a list or tuple.
        case index(Int)
        /// Of a map.
        case key(String)
        /// Of a set: the element itself.
        case element(Value)

        /// Of an attribute or a key.
        fileprivate var name: String? {
            switch self {
            case .attribute(let name), .key(let name): name
            case .index, .element: nil
            }
        }
    }

    public var steps: [Step]

    public init(_ steps: [Step] = []) { self.steps = steps }
    public init(arrayLiteral elements: Step...) { steps = elements }

    public func appending(_ step: Step) -> Path { Path(steps + [step]) }

    /// As it is written behind a reference: `a.b[0]["k"]`; an element of a set is `[...]`.
    public var description: String {
        var text = ""
        for step in steps {
            switch step {
            case .attribute(let name): text += text.isEmpty ? name : "." + name
            case .index(let index): text += "[\(index)]"
            case .key(let key): text += "[\(quotedForMessages(key))]"
            // The element itself is not shown: it may be long, or of a sensitive set.
            case .element: text += "[...]"
            }
        }
        return text
    }
}

extension Value {
    /// What stands at the path; nil where it leads nowhere. Marks on the way are not added.
    public func value(at path: Path) -> Value? {
        var value = self
        for step in path.steps {
            guard let next = value.child(step) else { return nil }
            value = next
        }
        return value
    }

    /// The value with what stands at the path replaced; nil where it leads nowhere. An object's attribute or a map's entry that is not
    /// there is not added.
    public func replacing(at path: Path, with replacement: Value) -> Value? { replacing(path.steps[...], with: replacement) }

    /// The value with what stands at the path as another value has it. At its end a map's entry is added or taken out as well, and a null
    /// map is made for it; where the path leads nowhere, the value stays as it is.
    public func taking(_ path: Path, from other: Value) -> Value {
        let around = Path(path.steps.dropLast())
        guard leads(to: around), let own = value(at: around) else { return self }
        let container = other.value(at: around) ?? .null(own.type)
        switch path.steps.last {
        case .key where own.isUnknown && own.type.mayBeMap: return self
        case .key(let key)?:
            // A key is of a map: where there is none, all that it would be in is meant.
            let theirs = container
            return replacing(at: around, with: own.takingEntry(key, from: theirs) ?? theirs) ?? self
        case _ where own.isUnknown: return self
        case .attribute(let name)?:
            if let changed = own.takingEntry(name, from: container) { return replacing(at: around, with: changed) ?? self }
        default: break
        }
        guard let theirs = other.value(at: path) else { return self }
        return replacing(at: path, with: theirs) ?? self
    }

    /// Whether there is what the steps lead through; a key leads through no object.
    private func leads(to path: Path) -> Bool {
        var at = self
        for step in path.steps {
            switch (step, at.node) {
            case (.key, .object): return false
            default: break
            }
            guard let next = at.child(step) else { return false }
            at = next
        }
        return true
    }

    /// With another's entry, as far as it is of this type, or without; nil where this is no map, or it is not known what is in it.
    private func takingEntry(_ key: String, from other: Value) -> Value? {
        let own: ContiguousArray<Entry>
        let theirs: ContiguousArray<Entry>
        let element: ValueType
        switch (node, other.node) {
        case (.map(let map), .map(let others)) where map.elementType == others.elementType:
            (own, theirs, element) = (map.entries, others.entries, map.elementType.type)
        // What is no map has no such entry, or an attribute that may become one.
        case (.map(let map), .object(let object)):
            own = map.entries
            theirs = ContiguousArray(zip(object.shape.names, object.slots).map { Entry(key: $0, value: $1) })
            element = map.elementType.type
        case (.map(let map), .map(let others)): (own, theirs, element) = (map.entries, others.entries, map.elementType.type)
        case (.map(let map), _) where !other.isUnknown: (own, theirs, element) = (map.entries, [], map.elementType.type)
        case (_, .map(let others)) where isNull: (own, theirs, element) = ([], others.entries, others.elementType.type)
        default: return nil
        }
        let taken = theirs.first { $0.key == key }.flatMap { entry in
            (try? entry.value.converted(to: element)).map { Entry(key: key, value: $0) }
        }
        if isNull, taken == nil { return self }
        return Value.map((own.filter { $0.key != key } + (taken.map { [$0] } ?? [])).map { ($0.key, $0.value) }, of: element)
            .withMarks(marks)
    }

    private func replacing(_ steps: ArraySlice<Path.Step>, with replacement: Value) -> Value? {
        guard let step = steps.first else { return replacement }
        guard let changed = child(step)?.replacing(steps.dropFirst(), with: replacement) else { return nil }
        switch (node, step) {
        case (.list(let elements), .index(let index)):
            var values = elements.values
            values[index] = changed
            return Value.list(values, of: elements.elementType.type).withMarks(marks)
        case (.tuple(var values), .index(let index)):
            values[index] = changed
            return Value.tuple(values).withMarks(marks)
        case (.set(let elements), .element(let element)):
            return Value.set(elements.values.map { $0 == element ? changed : $0 }, of: elements.elementType.type).marked(marks)
        case (.map(let map), .key(let name)), (.map(let map), .attribute(let name)):
            return Value.map(map.entries.map { ($0.key, $0.key == name ? changed : $0.value) }, of: map.elementType.type).withMarks(marks)
        case (.object(let object), .attribute(let name)), (.object(let object), .key(let name)):
            guard let index = object.shape.index(of: name) else { return nil }
            var slots = object.slots
            slots[index] = changed
            return Value.object(shape: object.shape, slots: slots).withMarks(marks)
        default: return nil
        }
    }

    private func child(_ step: Path.Step) -> Value? {
        switch step {
        case .attribute(let name), .key(let name): return self[name]
        case .index(let index):
            switch node {
            case .list(let elements): return elements.values.indices.contains(index) ? elements.values[index] : nil
            case .tuple(let values): return values.indices.contains(index) ? values[index] : nil
            default: return nil
            }
        case .element(let element):
            guard case .set(let elements) = node else { return nil }
            return elements.values.contains(element) ? element : nil
        }
    }
}

extension ValueType {
    fileprivate var mayBeMap: Bool {
        switch self {
        case .map, .dynamic: true
        default: false
        }
    }
}
