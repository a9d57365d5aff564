import Addresses
public import ConfigModel
import Diagnostics
import ProviderKit
public import StateModel
import Values

extension StateSnapshot {
    /// The state with every object in the shape that its type has now: what a provider's schema has gained since it was recorded is
    /// null, what it has lost is left out. Planning, applying and recovery begin with this, so that none of them compares, or names,
    /// attributes that are not there.
    ///
    /// Objects of a provider or a type that is not there any more stay as they are: whoever needs one says so.
    public func inCurrentShapes(_ configuration: Configuration, _ catalog: any ProviderCatalog) async -> StateSnapshot {
        var snapshot = self
        let types = await RecordTypes(self, configuration, catalog)
        for object in objects.values {
            guard let type = types.type(of: object),
                let now = type.shape.current(object.attributes)
            else { continue }
            var changed = object
            changed.attributes = now
            snapshot.put(changed)
        }
        for intent in openIntents {
            guard let planned = intent.planned, let type = types.type(of: planned), let now = type.shape.current(planned.attributes)
            else { continue }
            var changed = intent
            changed.planned?.attributes = now
            snapshot.open(changed)
        }
        return snapshot
    }
}

extension Planner {
    /// What a later version of the provider has recorded is not understood by this one, and would be written back without what it does not know.
    func newer(_ object: StateObject, _ type: TypeSchema) -> Diagnostic? {
        guard object.schemaVersion > type.schema.version else { return nil }
        return .error(
            "Resource instance managed by newer provider version",
            "\(object.address) was recorded with version \(object.schemaVersion) of its schema, and the provider \(object.provider.name) that is here has version \(type.schema.version).",
            address: object.address.description, hints: ["Use a version of the provider that is as new as the one that recorded it."])
    }
}

/// Schemas of what is recorded.
private struct RecordTypes {
    private let board: ProviderBoard

    init(_ snapshot: StateSnapshot, _ configuration: Configuration, _ catalog: any ProviderCatalog) async {
        board = ProviderBoard(configuration: configuration)
        let recorded = snapshot.objects.values.lazy.map(\.provider) + snapshot.openIntents.lazy.compactMap(\.planned?.provider)
        for provider in Set(recorded).sorted() {
            do throws(DiagnosticError) {
                _ = try await board.source(provider, from: catalog)
            } catch {
                // That a provider is not there is a fault of whatever works with it, and told then.
                continue
            }
        }
    }

    func type(of object: StateObject) -> TypeSchema? {
        guard let source = board.knownSource(object.provider) else { return nil }
        let name = object.address.instance.resource.resource
        return board.type(name.type, mode: name.mode, of: source)
    }
}

extension BodyShape {
    /// A recorded object as one of this shape; nil where it is one.
    func current(_ recorded: Value) -> Value? {
        guard case .object(let object) = recorded.node else { return nil }
        let isSame = object.shape.names == shape.names
        var slots: ContiguousArray<Value> = []
        var isChanged = !isSame
        slots.reserveCapacity(members.count)
        for (slot, member) in members.enumerated() {
            guard let old = isSame ? object.slots[slot] : recorded[shape.names[slot]] else {
                if case .attribute(let schema) = member, schema.isSensitive {
                    slots.append(member.absentValue.marked(.sensitive))
                } else {
                    slots.append(member.absentValue)
                }
                continue
            }
            let now: Value?
            switch member {
            case .attribute(let schema): now = old.reshaped(to: schema.type)
            case .block(let schema, let inner): now = inner.current(old, nesting: schema.nesting)
            }
            if now != nil { isChanged = true }
            slots.append(now ?? old)
        }
        return isChanged ? .object(shape: shape, slots: slots).withMarks(recorded.marks) : nil
    }

    private func current(_ blocks: Value, nesting: NestedBlockSchema.Nesting) -> Value? {
        switch (nesting, blocks.node) {
        case (.single, _), (.group, _): return current(blocks)
        case (.list, .list(let elements)):
            guard let values = current(Array(elements.values)) else { return nil }
            return .list(values, of: impliedType).withMarks(blocks.marks)
        case (.set, .set(let elements)):
            guard let values = current(Array(elements.values)) else { return nil }
            return .set(values, of: impliedType).marked(blocks.marks)
        case (.map, .map(let map)):
            guard let values = current(map.entries.map(\.value)) else { return nil }
            return .map(zip(map.entries, values).map { ($0.key, $1) }, of: impliedType).withMarks(blocks.marks)
        default: return nil
        }
    }

    private func current(_ values: [Value]) -> [Value]? {
        let now = values.map { current($0) }
        return now.contains { $0 != nil } ? zip(values, now).map { $1 ?? $0 } : nil
    }
}
