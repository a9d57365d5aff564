import Diagnostics
import FoundationEssentials
import StateModel
import Values

/// What of the journal the document says: kept beside the journal, written before and after each publication.
struct PublicationMark: Equatable {
    /// One version of the document.
    struct Publication: Equatable {
        var lineage: String
        var serial: Int64
        /// SHA-256 of its bytes.
        var digest: String
        /// SHA-256 of what it says, whatever its lineage and serial, as this program would write it.
        var content: String
    }

    /// The newest that is certainly there.
    var published: Publication?
    /// One that was being written: it may be there.
    var pending: Publication?
    /// Where providers come from, by name.
    var sources: [String: String] = [:]

    /// Nil where there is none.
    init?(at path: String) throws(StateStoreError) {
        guard let bytes = try FileSteps.read(path) else { return nil }
        guard let value = try? Value.parsingJSON(bytes), value["version"]?.intValue == 1 else {
            throw StateStoreError(
                .damaged, "\(path), which says how far the state document has got, cannot be read.",
                hints: ["Restore it, or move it away together with the journal beside it: the document is then taken over anew."])
        }
        published = Publication(value["published"])
        pending = Publication(value["pending"])
        for (name, source) in value["sources"]?.entries ?? [] { sources[name] = source.stringValue }
    }

    init() {}

    func write(to path: String) throws(StateStoreError) {
        var json = JSONText(indent: 0)
        json.object { json in
            json.key("version")
            json.int(1)
            for (name, publication) in [("published", published), ("pending", pending)] {
                guard let publication else { continue }
                json.key(name)
                publication.write(to: &json)
            }
            json.key("sources")
            json.object { json in
                for (name, source) in sources.sorted(by: { $0.key.precedesByBytes($1.key) }) { json.pair(name, source) }
            }
        }
        try FileSteps.place(json.bytes + [UInt8(ascii: "\n")], at: path)
    }
}

extension PublicationMark.Publication {
    fileprivate init?(_ value: Value?) {
        guard let value, let lineage = value["lineage"]?.stringValue, let serial = value["serial"]?.intValue,
            let digest = value["digest"]?.stringValue, let content = value["content"]?.stringValue
        else { return nil }
        self.init(lineage: lineage, serial: Int64(serial), digest: digest, content: content)
    }

    fileprivate func write(to json: inout JSONText) {
        json.object { json in
            json.pair("lineage", lineage)
            json.key("serial")
            json.raw(String(serial))
            json.pair("digest", digest)
            json.pair("content", content)
        }
    }
}
