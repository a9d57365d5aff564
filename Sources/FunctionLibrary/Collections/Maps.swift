import Values

extension Function {
    static let maps: [Function] = [
        Function(
            "keys", [.any("inputMap", [.unknown, .marked])],
            typed: { arguments in
                switch arguments[0].type {
                case .map: return .list(.string)
                case .object(let object): return .tuple(Array(repeating: .string, count: object.attributes.count))
                default: throw FunctionError.argument(0, "must have map or object type")
                }
            }, "The keys in byte order."
        ) { call in
            let marks = call[0].marks
            if case .object(let object) = call[0].type {
                // The names are known even where the values are not.
                return Value.tuple(object.attributes.map { Value.string($0.name) }).marked(marks)
            }
            guard case .map(let map) = call[0].node else { return call.unknown.marked(marks) }
            return Value.list(map.entries.map { Value.string($0.key) }, of: .string).marked(marks)
        },
        Function(
            "values", [.any("mapping", [.marked])],
            typed: { arguments in
                switch arguments[0].type {
                case .map(let element): return .list(element)
                case .object(let object): return .tuple(object.attributes.map(\.type))
                default: throw FunctionError("values() requires a map as the first argument")
                }
            }, "The values in the order of their keys."
        ) { call in
            let values = (call[0].entries ?? []).map(\.value)
            if case .list(let element) = call.type { return Value.list(values, of: element).marked(call[0].marks) }
            return Value.tuple(values).marked(call[0].marks)
        },
        Function(
            "lookup", [.any("inputMap", [.marked]), .string("key", [.marked])],
            rest: .any("default", [.dynamic, .null, .unknown, .marked]),
            typed: { arguments in
                if arguments.count > 3 {
                    throw FunctionError("lookup() takes two or three arguments, got \(arguments.count)")
                }
                switch arguments[0].type {
                case .object(let object):
                    guard let key = arguments[1].stringValue else { return .dynamic }
                    if let attribute = object.attribute(key) { return attribute.type }
                    if arguments.count == 3 { return arguments[2].type }
                    throw FunctionError.argument(0, "the given object has no attribute \(shown(arguments[1]))")
                case .map(let element):
                    if arguments.count == 3, (try? arguments[2].converted(to: element)) == nil {
                        // Which of the ways it failed does not matter to the reference.
                        throw FunctionError.argument(2, "the default value must have the same type as the map elements")
                    }
                    return element
                default: throw FunctionError.argument(0, "lookup() requires a map as the first argument")
                }
            }, refinement: .none, "The value of a key, or a default."
        ) { call in
            let marks = call[0].marks.union(call[1].marks)
            if let value = call[0][try call.string(1)] { return value.marked(marks) }
            if call.count == 3 { return try call[2].converted(to: call.type).marked(marks) }
            throw FunctionError("lookup failed to find key \(shown(call[1]))")
        },
        Function(
            "merge", [], rest: .any("maps", [.dynamic, .null, .marked]), typed: mergedType,
            "All attributes of the maps and objects; of equal names the last wins."
        ) { call in
            var marks: Value.Marks = []
            var attributes: [(String, Value)] = []
            for value in call.arguments where !value.isNull {
                marks.formUnion(value.marks)
                attributes += (value.entries ?? []).map { ($0.key, $0.value) }
            }
            if case .map(let element) = call.type { return Value.map(attributes, of: element).marked(marks) }
            return Value.object(attributes).marked(marks)
        },
        Function(
            "zipmap", [.list("keys", of: .string, [.marked]), .any("values", [.marked])],
            typed: { arguments in
                let (keys, values) = (arguments[0], arguments[1])
                switch values.type {
                case .list(let element): return .map(element)
                case .tuple(let types):
                    guard keys.isWhollyKnown else { return .dynamic }
                    let names = keys.elements ?? []
                    if names.count != types.count {
                        throw FunctionError("number of keys (\(names.count)) does not match number of values (\(types.count))")
                    }
                    return .object(ObjectType(Value.object(zip(names, types).map { ($0.stringValue ?? "", .unknown($1)) }).attributeTypes))
                default: throw FunctionError("values argument must be a list or tuple value")
                }
            }, "A map or object of the keys and the values that stand in their places."
        ) { call in
            let (keys, values) = (try call.elements(0), try call.elements(1))
            let marks = call[0].marks.union(call[1].marks)
            guard keys.allSatisfy({ !$0.isUnknown }) else { return call.unknown.marked(marks) }
            if keys.count != values.count {
                throw FunctionError("number of keys (\(keys.count)) does not match number of values (\(values.count))")
            }
            var keyMarks = marks
            let pairs = try zip(keys, values).enumerated().map { index, pair in
                guard let name = pair.0.stringValue else { throw FunctionError("keys list has null value at index \(index)") }
                keyMarks.formUnion(pair.0.marks)
                return (name, pair.1)
            }
            if case .map(let element) = call.type { return Value.map(pairs, of: element).marked(keyMarks) }
            return Value.object(pairs).marked(keyMarks)
        },
        Function(
            "transpose", [FunctionParameter("values", .map(.list(.string)))], returns: .map(.list(.string)),
            "A map of lists with keys and elements exchanged."
        ) { call in
            guard call[0].isWhollyKnown else { return call.unknown }
            var lists: [String: [Value]] = [:]
            for (key, list) in call[0].entries ?? [] {
                guard let elements = list.elements else { throw FunctionError("input must not contain null list") }
                for element in elements {
                    guard let text = element.stringValue else { throw FunctionError("input list must not contain null string") }
                    lists[text, default: []].append(.string(key))
                }
            }
            return .map(lists.map { ($0.key, Value.list($0.value, of: .string)) }, of: .list(.string))
        },
    ]
}

private func shown(_ key: Value) -> String {
    if key.marks.contains(.ephemeral) { return "(ephemeral value)" }
    return key.isSensitive ? "(sensitive value)" : quoted(key.stringValue ?? "")
}

extension Value {
    fileprivate var attributeTypes: [ObjectType.Attribute] {
        if case .object(let object) = type { object.attributes } else { [] }
    }
}

/// A map if all are of one map type; else an object of all attributes, as far as they are known.
@Sendable private func mergedType(_ arguments: [Value]) throws -> ValueType {
    guard let first = arguments.first else { return .emptyObject }
    var types: [String: ValueType] = [:]
    var allMatch = true
    var allKnown = true
    for (index, argument) in arguments.enumerated() {
        let type = argument.type
        switch type {
        case .dynamic where argument.isNull: allKnown = false
        case .dynamic: return .dynamic
        case .map, .object: break
        default: throw FunctionError("arguments must be maps or objects, got \(quoted(type.friendlyName))")
        }
        if !argument.isNull {
            switch (type, argument.node) {
            case (.object(let object), _):
                for attribute in object.attributes { types[attribute.name] = attribute.type }
            case (.map(let element), .map(let map)):
                for entry in map.entries { types[entry.key] = element }
            default: allKnown = false
            }
        }
        if index > 0, type != first.type { allMatch = false }
    }
    if allMatch { return first.type }
    return allKnown ? .object(types) : .dynamic
}
