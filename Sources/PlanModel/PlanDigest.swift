import Addresses
import Crypto
import StateModel
public import Values

extension Plan {
    /// Names what a plan would do: hexadecimal SHA-256 over everything that applying it depends on, and not over when it was made.
    /// Equal digests: the same steps on the same objects in the same order.
    ///
    /// - Throws: where a value cannot be recorded, such as an ephemeral one.
    public func digest() throws(RecordError) -> String {
        var hash = SHA256()
        func text(_ parts: String...) {
            for part in parts {
                hash.update(data: Array("\(part.utf8.count):".utf8))
                hash.update(data: Array(part.utf8))
            }
        }
        func value(_ value: Value?) throws(RecordError) {
            guard let value else { return text("-") }
            let bytes = try value.encodedRecord()
            hash.update(data: Array("\(bytes.count):".utf8))
            hash.update(data: bytes)
        }
        text("plan", "\(formatVersion)", mode.rawValue, base.lineage, "\(base.serial)", configurationDigest, "\(isComplete)")
        for variable in variables {
            text(variable.name)
            try value(variable.value)
        }
        for input in inputs { text(input.kind.rawValue, input.name, input.digest) }
        for observation in observed {
            text(observation.kind.rawValue, observation.address.description)
            try value(observation.object?.attributes)
        }
        for change in changes {
            text(
                change.address.description, change.previousAddress?.description ?? "", change.provider.description, change.action.rawValue,
                change.record?.identity ?? "", change.record?.container?.description ?? "",
                change.record?.dependencies.map(\.description).joined(separator: ",") ?? "", "\(change.isUnread)")
            try value(change.before)
            try value(change.after)
            text(change.reason.rawValue, "\(change.replacePaths.count)")
            hash.update(data: change.plannedPrivate)
            if let importing = change.importing {
                text("import", importing.id, importing.object.identity)
                try value(importing.object.attributes)
                hash.update(data: importing.object.privateBytes)
            }
        }
        for (vertex, waits) in zip(vertices, edges) {
            switch vertex.kind {
            case .effect(let effect, let change):
                text(effect.rawValue, "\(change)", vertex.identity)
                if let provisioner = vertex.provisioner { text("provisioner", "\(provisioner)") }
            case .open(let address): text("open", address)
            case .join: text("join")
            case .output(let index): text("output", "\(index)")
            case .condition(let index): text("condition", "\(index)")
            }
            text(waits.map { String($0) }.joined(separator: ","))
        }
        for output in outputs {
            text(output.name, "\(output.isSensitive)")
            try value(output.after)
        }
        return hash.finalize().map { $0 < 16 ? "0" + String($0, radix: 16) : String($0, radix: 16) }.joined()
    }

    /// Nothing to be carried out but bookkeeping of records.
    public var isEmpty: Bool {
        !changes.contains(where: \.isShown) && outputs.isEmpty
    }

    /// Applying would do or record something: looking only, what was found to be different would be recorded.
    public var isApplyable: Bool {
        !isEmpty || (mode == .refreshOnly && observed.contains { $0.kind == .object })
    }

    public func count(of actions: Set<Change.Action>) -> Int { changes.count { actions.contains($0.action) } }
}
