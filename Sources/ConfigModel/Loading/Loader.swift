import Addresses
import Crypto
public import Diagnostics
public import Evaluation
import HCLSyntax

/// Reads the configuration in directory `root`, every module it calls and the compositions of the kinds it uses.
///
/// - Parameters:
///   - functions: only their names are asked, so that calls of functions that do not exist are found; called are those in what decides
///     which modules there are.
///   - early: values of root variables, for `source`, `version` and backends that are computed.
/// - Returns: the configuration, even a faulty one, for its sources; nil where `root` cannot be read. Diagnostics in the order of
///   files and places.
public func loadConfiguration(
    root: String, sources: ModuleSources, kinds: KindCatalog = .none, functions: any FunctionCalling, early: EarlyInputs = EarlyInputs()
) -> (Configuration?, [Diagnostic]) {
    var loader = Loader(sources: sources, kinds: kinds, functions: functions, early: early)
    guard let declared = loader.load(.directory(cleanPath(root)), calledFrom: nil, of: nil, within: [], package: nil)?.module else {
        return (nil, loader.diagnostics)
    }
    loader.link()
    let modules = loader.instantiate(declared)
    return (Configuration(modules: modules, sources: loader.map, files: loader.files), loader.sortedDiagnostics())
}

func hexadecimal(_ digest: SHA256.Digest) -> String {
    digest.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
}

struct Loader {
    let sources: ModuleSources
    let kinds: KindCatalog
    let functions: any FunctionCalling

    var map = SourceMap()
    var files: [Configuration.File] = []
    var diagnostics: [Diagnostic] = []
    /// Order in which files were read.
    private var fileOrder: [String: Int] = [:]
    private var parsed: [String: Body] = [:]
    /// How many files could not be read as they are.
    private var unparsed = 0
    /// Modules as their files say them, and the packages that they belong to.
    private var asWritten: [CallDeclaration.Source: (module: DeclaredModule, package: String?)] = [:]
    let earlyRoot: EarlyRoot
    /// Nil: it could not be read, which has been reported.
    private(set) var loaded: [CallDeclaration.Source: DeclaredModule?] = [:]
    /// In the order of loading.
    private(set) var order: [DeclaredModule] = []

    init(sources: ModuleSources, kinds: KindCatalog, functions: any FunctionCalling, early: EarlyInputs) {
        earlyRoot = EarlyRoot(early, functions: functions, read: sources.read)
        self.sources = sources
        self.kinds = kinds
        self.functions = functions
    }

    // MARK: Reading

    /// - Parameters:
    ///   - chain: sources being loaded, outermost first: one that calls itself would never end.
    ///   - package: directory of the package that the caller is in, where it was fetched.
    mutating func load(
        _ source: CallDeclaration.Source, calledFrom call: CallDeclaration?, of caller: EarlyScope?, within chain: [CallDeclaration.Source],
        package: String?
    ) -> Placed? {
        if chain.contains(source) {
            diagnostics.append(
                .error(
                    "Module calls itself", "This module is called, directly or through others, from within itself, which would never end.",
                    at: call?.sourceSpan))
            return nil
        }
        if let package, case .directory(let directory) = source, !isWithin(package, directory) {
            diagnostics.append(
                .error(
                    "Local module path escapes module package",
                    "The path leads to \(directory), outside of the package that the calling module was fetched with: what is there on this machine would not be there on another.",
                    at: call?.sourceSpan))
            return nil
        }
        if let known = loaded[source] { return known.map { Placed(source: source, module: $0) } }
        guard let (written, package) = decoded(source, calledFrom: call, package) else {
            loaded[source] = .some(nil)
            return nil
        }
        let place = order.count
        order.append(written)
        let scope = EarlyScope(written, calledBy: call.flatMap { call in caller.map { ($0, call.call) } }, root: earlyRoot)
        guard let special = special(written, as: source, in: scope, within: chain, package: package) else {
            loaded[source] = written
            return Placed(source: source, module: written)
        }
        order[place] = special
        // The root has one place, and is looked for by its directory.
        let key = call == nil ? source : .special(place)
        loaded[key] = special
        return Placed(source: key, module: special)
    }

    /// Loads what a module calls.
    ///
    /// - Returns: the module with everything that is computed early worked out; nil where nothing of it depends on who calls it.
    private mutating func special(
        _ written: DeclaredModule, as source: CallDeclaration.Source, in scope: EarlyScope, within chain: [CallDeclaration.Source],
        package: String?
    ) -> DeclaredModule? {
        var calls = written.calls
        var isSpecial = false
        for index in calls.indices {
            if case .computed = calls[index].source {
                calls[index] = resolved(calls[index], in: scope)
                isSpecial = true
            }
            if case .none = calls[index].source { continue }
            guard
                let placed = load(
                    calls[index].source, calledFrom: calls[index], of: scope, within: chain + [source], package: package),
                placed.source != calls[index].source
            else { continue }
            calls[index].source = placed.source
            isSpecial = true
        }
        var settings = written.settings
        if scope.caller == nil, let backend = settings.backend, backend.isComputed {
            settings.backend = resolvedBackend(backend, in: scope)
            isSpecial = true
        }
        var providers = written.providers
        for index in providers.indices {
            guard case .forEach(let collection) = providers[index].repetition else { continue }
            providers[index].keys = keys(of: collection, for: providers[index], in: scope)
            isSpecial = true
        }
        return isSpecial ? DeclaredModule(written, calls: calls, settings: settings, providers: providers) : nil
    }

    /// A directory's blocks, decoded once however often it is called; with the package that it belongs to.
    private mutating func decoded(_ source: CallDeclaration.Source, calledFrom call: CallDeclaration?, _ package: String?)
        -> (module: DeclaredModule, package: String?)?
    {
        if let known = asWritten[source] { return known }
        var package = package
        guard let module = read(source, calledFrom: call, &package) else { return nil }
        asWritten[source] = (module, package)
        return (module, package)
    }

    mutating func decode(_ purpose: ModuleDecoder.Purpose, _ directory: String, _ files: FileSelection, interface: String?)
        -> DeclaredModule
    {
        var bodies: [Body] = []
        let before = unparsed
        if let interface, let body = parse(cleanPath(interface)) { bodies.append(body) }
        for name in files.primary {
            if let body = parse(joinPath(directory, name)) { bodies.append(body) }
        }
        var overrides: [Body] = []
        for name in files.overrides {
            if let body = parse(joinPath(directory, name)) { overrides.append(body) }
        }
        var decoder = ModuleDecoder(purpose: purpose, directory: directory, kinds: kinds, functions: functions, sources: map)
        if let interface { decoder.interfaceFiles = [cleanPath(interface)] }
        decoder.decode(bodies, overrides: overrides)
        decoder.checkAgainstInterface()
        // Names in what could not be parsed may be any words: what is wrong with the syntax is told alone.
        diagnostics += decoder.diagnostics.filter {
            unparsed == before || !["Invalid reference", "Call to unknown function"].contains($0.summary)
        }
        return DeclaredModule(decoder, isIncomplete: unparsed > before)
    }

    /// A file is parsed once, also where several kinds' compositions share an interface.
    private mutating func parse(_ path: String) -> Body? {
        if let known = parsed[path] { return known }
        let bytes: [UInt8]
        do {
            bytes = try sources.read(path)
        } catch {
            unparsed += 1
            diagnostics.append(
                .error(
                    "Failed to read file", "The file \(path) is part of the configuration and could not be read: \(error).",
                    hints: ["Make it readable, or rename it so that it does not end in .tf."]))
            return nil
        }
        fileOrder[path] = fileOrder.count
        files.append(Configuration.File(path: path, digest: hexadecimal(SHA256.hash(data: bytes))))
        let result = path.hasSuffix(".json") ? parseJSONFile(bytes, path: path, layout: .module) : parseFile(bytes, path: path)
        let body = result.tree.body
        map.add(result.tree)
        let faults = result.diagnostics.filter { !isReferenceKey($0, in: body) }
        if faults.hasErrors { unparsed += 1 }
        diagnostics += faults
        parsed[path] = body
        return body
    }

    /// `providers = { aws.west = aws.east }` is the one place where a reference may be a key without parentheses.
    private func isReferenceKey(_ diagnostic: Diagnostic, in body: Body) -> Bool {
        guard diagnostic.summary == "Ambiguous attribute key", let place = diagnostic.subject?.range else { return false }
        return body.blocks.contains { block in
            guard block.type.name == "module", let providers = block.body.attribute("providers") else { return false }
            return providers.range.start <= place.start && place.end <= providers.range.end
        }
    }

    // MARK: Putting together

    /// Every module as called from every place, the root first, in the order of paths.
    mutating func instantiate(_ root: DeclaredModule) -> [Module] {
        var modules: [Module] = []
        var waiting: [(ModuleCallPath, DeclaredModule, [CallDeclaration.Source])] = [(.root, root, [])]
        while let (path, declared, chain) = waiting.popLast() {
            modules.append(declared.instantiated(at: path))
            for call in declared.calls where !chain.contains(call.source) {
                guard let callee = loaded[call.source] ?? nil, callee !== root else { continue }
                waiting.append((path.appending(call.call.callee.step), callee, chain + [call.source]))
            }
        }
        return modules.sorted { $0.path < $1.path }
    }

    func sortedDiagnostics() -> [Diagnostic] {
        func place(_ diagnostic: Diagnostic) -> (Int, UInt32) {
            guard let subject = diagnostic.subject else { return (-1, 0) }
            return (fileOrder[subject.file] ?? Int.max, subject.range.start)
        }
        let keyed = diagnostics.enumerated().map { (offset: $0.offset, place: place($0.element), diagnostic: $0.element) }
        let sorted = keyed.sorted { ($0.place.0, $0.place.1, $0.offset) < ($1.place.0, $1.place.1, $1.offset) }
        var seen: Set<Diagnostic> = []
        return sorted.map(\.diagnostic).filter { seen.insert($0).inserted }
    }
}
