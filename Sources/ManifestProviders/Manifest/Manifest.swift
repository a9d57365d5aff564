import Addresses
import Diagnostics
import HCLSyntax
import ProviderKit
import Values

/// A provider as its manifests describe it.
struct ProviderManifest: Sendable {
    var name: String
    var version: String
    var summary: String
    var settings: [SettingManifest]
    var ssh: SSHManifest?
    var http: HTTPManifest?
    var resources: [ResourceType: ResourceManifest]
    var dataSources: [ResourceType: ResourceManifest]
    /// Where each file's lines begin, for messages about scripts.
    var sources: ManifestSources
}

/// An expression and the file it stands in.
struct Sourced: Sendable {
    var expression: Expression
    var file: String

    var span: SourceSpan { SourceSpan(file: file, range: expression.range) }
}

/// An argument of a `provider` block.
struct SettingManifest: Sendable {
    var name: String
    var type: ValueType
    var isRequired: Bool
    var isSensitive: Bool
    var fallback: Sourced?
    /// Environment variables that give it where the block does not, first found first.
    var environment: [String]
    var description: String
}

/// How scripts get to a host: expressions over `setting`.
struct SSHManifest: Sendable {
    var arguments: [String: Sourced]
}

/// A type of resource or data source.
struct ResourceManifest: Sendable {
    var type: ResourceType
    var schema: ResourceSchema
    var body: BlockManifest
    /// From what was read to attributes.
    var object: [(name: String, value: Sourced)]
    /// What an import id says of attributes: expressions over `import_id`. Nil where the type does not say; empty: no id names one of its
    /// objects.
    var importing: [(name: String, value: Sourced)]?
    /// Names that its recipes and `object` see beside the attributes.
    var lets = Lets()
    var validations: [ValidationManifest]
    var read: RecipeManifest?
    var create: RecipeManifest?
    var updates: [RecipeManifest]
    var delete: RecipeManifest?
    var find: RecipeManifest?
    var list: RecipeManifest?
    /// Scripts on a host, or requests.
    var engine: EngineKind
    /// AWS: the service that requests of the type go to unless they say otherwise.
    var service: String?
    var headerSpan: SourceSpan
}

enum EngineKind: Sendable { case shell, http }

/// Attributes and nested blocks with what the schema alone cannot say.
struct BlockManifest: Sendable {
    let attributes: [AttributeManifest]
    let blocks: [NestedBlockManifest]
    /// Attributes with a default or a value, each after those it refers to.
    let derived: [AttributeManifest]

    init(attributes: [AttributeManifest], blocks: [NestedBlockManifest]) {
        self.attributes = attributes
        self.blocks = blocks
        derived = attributes.filter { $0.fallback != nil || $0.value != nil }.sorted { $0.rank < $1.rank }
    }

    func attribute(_ name: String) -> AttributeManifest? { attributes.first { $0.name == name } }
}

struct AttributeManifest: Sendable {
    var name: String
    var schema: AttributeSchema
    /// What an absent argument means.
    var fallback: Sourced?
    /// A computed attribute that follows from others and is known in the plan.
    var value: Sourced?
    /// Applied to both sides before they are compared; its argument is `value`.
    var normalize: Sourced?
    /// Whether a change means another object; nil: never.
    var replaces: ReplaceRule?
    /// A computed attribute becomes unknown again when one of these changes; nil: never.
    var recompute: Recompute?
    /// Must hold for `value`; with the sentence to say where it does not.
    var validations: [ValidationManifest]
    /// Says how far a create got, not what was wanted: an object that is otherwise as planned is the one that was made.
    var isProgress = false
    /// Of type `host`: names what the object stands on.
    var isHost: Bool
    /// Order in which defaults and values are worked out: after what they refer to.
    var rank = 0
}

enum ReplaceRule: Sendable {
    case always
    case when(Sourced)
}

enum Recompute: Sendable {
    case onAnyChange
    case onChangeOf([String])
}

struct ValidationManifest: Sendable {
    var condition: Sourced
    var message: Sourced
}

struct NestedBlockManifest: Sendable {
    var name: String
    var schema: NestedBlockSchema
    var body: BlockManifest
    /// A change within forces replacement.
    var replaces: Bool
}

/// A recipe: steps in order, and what follows from them.
struct RecipeManifest: Sendable {
    var steps: [StepManifest]
    /// Read recipes of hosts: what is asked once for all objects of the type.
    var facts: [FactsManifest]
    /// True where the object is not there.
    var gone: Sourced?
    /// Why the object is not read where it should stand; a text, null where nothing is wrong.
    var refused: Sourced?
    /// The service's form of the object, for the resource's `object`.
    var object: Sourced?
    /// All objects, for `list` and `find`.
    var objects: Sourced?
    var paged: Bool
    /// Values that stand for attributes from here on (a create's `id`).
    var assigns: [(name: String, value: Sourced)]
    /// Update: the attributes it covers; nil: all.
    var attributes: [String]?
    /// Hosts: how many seconds to go on trying to connect.
    var connectWithin: Sourced?
    /// Whether the object is read after it.
    var readsBack: Bool
    /// Requests: rules for all steps, after the step's own.
    var errors: ErrorRules
    /// `list`: what names each of `objects`; the object's id as a rule.
    var key: Sourced?
    var span: SourceSpan
}

extension RecipeManifest {
    /// The request that can be asked page by page: the first, if it is a plain one.
    var pagedRequest: RequestManifest? {
        guard case .request(let request)? = steps.first, request.wait == nil, request.when == nil, request.forEach == nil
        else { return nil }
        return request
    }
}

enum StepManifest: Sendable {
    case script(ScriptManifest)
    case request(RequestManifest)
}

/// A POSIX shell script with typed interpolations.
struct ScriptManifest: Sendable {
    var script: ScriptTemplate
    var input: Sourced?
    var when: Sourced?
    var forEach: Sourced?
    var timeout: Sourced?
    var span: SourceSpan
}

/// What one script finds out for all objects of a type on one host.
struct FactsManifest: Sendable {
    var name: String
    var script: ScriptTemplate
    var when: Sourced?
    /// Names of the columns of each line; empty: the script emits values by key.
    var columns: [String]
    var separator: UInt8?
    var key: String
    var span: SourceSpan
}

/// Template parts, made ready for scripts: line marks put in, and checked that interpolations stand where a word can.
struct ScriptTemplate: Sendable {
    var parts: [TemplatePart]
    var file: String
    /// Line of the manifest that the script's first line stands on, counted from 1.
    var firstLine: Int
}

/// Text of the manifests by file, to show a failing line.
struct ManifestSources: Sendable {
    var files: [String: [UInt8]] = [:]

    /// Text of a line (from 1), without the blanks around it.
    func line(_ number: Int, of file: String) -> String? {
        guard let bytes = files[file], number >= 1 else { return nil }
        let lines = bytes.split(separator: UInt8(ascii: "\n"), maxSplits: number, omittingEmptySubsequences: false)
        guard lines.indices.contains(number - 1) else { return nil }
        return String(String(decoding: lines[number - 1], as: UTF8.self).drop { $0 == " " || $0 == "\t" })
    }

    /// Line (from 1) that a text's first one stands on: for a heredoc the one after its introducer.
    func firstLine(of given: Sourced) -> Int {
        let start = given.expression.range.start
        let line = lineNumber(of: start, in: given.file)
        guard let bytes = files[given.file], bytes.indices.contains(Int(start)), bytes[Int(start)] == UInt8(ascii: "<") else { return line }
        return line + 1
    }

    /// Line (from 1) of a byte offset.
    func lineNumber(of offset: UInt32, in file: String) -> Int {
        guard let bytes = files[file] else { return 1 }
        return bytes.prefix(Int(offset)).count { $0 == UInt8(ascii: "\n") } + 1
    }
}
