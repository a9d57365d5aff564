import Addresses
import Diagnostics
import Evaluation
import HCLSyntax

/// Turns the blocks of one directory into declarations, reporting every fault that shows without looking at other modules.
struct ModuleDecoder {
    /// What kind of source the blocks come from.
    enum Purpose: Equatable {
        case module
        /// An interface and a composition: outputs of the interface have no value, `key` and `principal` may be marked.
        case kind(ResourceType)
    }

    let purpose: Purpose
    let directory: String
    let kinds: KindCatalog
    let functions: any FunctionCalling
    /// For the places that details name.
    let sources: SourceMap

    var diagnostics: [Diagnostic] = []
    var pending: [PendingReference] = []
    /// The file that was last looked into for calls, with its bytes.
    var lastFile: (path: String, bytes: [UInt8]) = ("", [])
    /// The type of the last resource, with the provider that it implies.
    var lastType: (type: ResourceType, provider: ProviderReference) = (ResourceType(""), ProviderReference(name: ""))
    /// The check block being read.
    var checkScope: String?

    var settings = ModuleSettings()
    var variables: [Variable] = []
    var locals: [Local] = []
    var outputs: [Output] = []
    var resources: [ResourceBlock] = []
    var calls: [CallDeclaration] = []
    var providers: [ProviderBlock] = []
    var checks: [CheckBlock] = []
    var moved: [MovedBlock] = []
    var removed: [RemovedBlock] = []
    var imports: [ImportBlock] = []
    /// Places of those without `for_each`, by what they import into.
    var importsByTarget: [String: SourceSpan] = [:]
    /// Of a kind: what its interface says of each output.
    var interfaceOutputs: [String: InterfaceOutput] = [:]
    /// Files that belong to a kind's interface.
    var interfaceFiles: Set<String> = []

    init(purpose: Purpose, directory: String, kinds: KindCatalog, functions: any FunctionCalling, sources: SourceMap) {
        self.purpose = purpose
        self.directory = directory
        self.kinds = kinds
        self.functions = functions
        self.sources = sources
    }

    /// - Parameter overrides: bodies of override files, in the order in which they apply.
    mutating func decode(_ files: [Body], overrides: [Body]) {
        var grouped = BlockGroups()
        grouped.reserve(for: files)
        for body in files {
            for block in Self.fileSchema.fitting(in: body, into: &diagnostics) { add(block, to: &grouped) }
        }
        for body in overrides {
            for block in Self.fileSchema.fitting(in: body, into: &diagnostics) { override(with: block, in: &grouped) }
        }
        decodeSettings(grouped.settings)
        for block in grouped.providers { decodeProvider(block) }
        for block in grouped.variables { decodeVariable(block) }
        for local in grouped.locals { decodeLocal(local) }
        for block in grouped.outputs { decodeOutput(block) }
        resources.reserveCapacity(grouped.resources.count)
        pending.reserveCapacity(grouped.resources.count)
        for block in grouped.resources { decodeResource(block) }
        for block in grouped.calls { decodeCall(block) }
        for block in grouped.others { decodeOther(block) }
        checkProviderReferences()
    }

    private mutating func decodeOther(_ block: Block) {
        switch block.type.name {
        case "check": decodeCheck(block)
        case "moved": decodeMoved(block)
        case "removed": decodeRemoved(block)
        case "import": decodeImport(block)
        default: break
        }
    }

    private static let fileSchema = BodySchema(blocks: [
        .init(type: "resource", labels: ["type", "name"]), .init(type: "data", labels: ["type", "name"]),
        .init(type: "terraform"), .init(type: "required_providers"), .init(type: "provider", labels: ["name"]),
        .init(type: "variable", labels: ["name"]), .init(type: "locals"), .init(type: "output", labels: ["name"]),
        .init(type: "module", labels: ["name"]), .init(type: "ephemeral", labels: ["type", "name"]), .init(type: "moved"),
        .init(type: "removed"), .init(type: "import"), .init(type: "check", labels: ["name"]),
    ])

    // MARK: Reporting

    mutating func report(_ summary: String, _ detail: String, at span: SourceSpan?, hints: [String] = []) {
        diagnostics.append(.error(summary, detail, at: span, hints: hints))
    }

    mutating func warn(_ summary: String, _ detail: String, at span: SourceSpan?, hints: [String] = []) {
        diagnostics.append(.warning(summary, detail, at: span, hints: hints))
    }

    /// `main.tf line 3`.
    func place(_ span: SourceSpan) -> String {
        guard let position = sources.position(of: span) else { return span.file }
        return "\(span.file) line \(position.line)"
    }

    static let nameRule = "A name must start with a letter or underscore and may contain only letters, digits, underscores, and dashes."

    /// Whether a label can be referred to; reported where not.
    mutating func checkName(_ label: Identifier, file: String, summary: String) {
        if !isIdentifier(label.name) { report(summary, Self.nameRule, at: SourceSpan(file: file, range: label.range)) }
    }
}

/// Whether the text is one identifier of the language.
public func isIdentifier(_ text: String) -> Bool {
    var isFirst = true
    var isASCII = true
    for byte in text.utf8 {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"): break
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"): if isFirst { return false }
        case 0x80...: isASCII = false
        default: return false
        }
        isFirst = false
    }
    if isASCII { return !isFirst }
    var scalars = text.unicodeScalars.makeIterator()
    guard let first = scalars.next(), first == "_" || first.properties.isIDStart else { return false }
    while let next = scalars.next() {
        guard next == "-" || next.properties.isIDContinue else { return false }
    }
    return true
}

/// An output of a kind's interface.
struct InterfaceOutput {
    var description: String
    var isSensitive: Bool
    var span: SourceSpan
}

/// A call with where the called module is found.
struct CallDeclaration {
    /// Its path is that of a call from the root; instantiation puts the caller's in front.
    var call: ModuleCall
    var source: Source
    /// The place to name when the source cannot be read.
    var sourceSpan: SourceSpan
    /// The `source` argument, where it is computed.
    var computed: LocatedExpression?
    /// The `version` argument.
    var version: LocatedAttribute?
    /// Of a kind: the explicit `provider` argument.
    var provider: ProviderReference?
}
