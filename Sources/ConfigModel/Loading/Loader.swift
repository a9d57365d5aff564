import Addresses
import Crypto
public import Diagnostics
public import Evaluation
import HCLSyntax

/// Reads the configuration in directory `root`, every module it calls and the compositions of the kinds it uses.
///
/// - Parameters:
///   - functions: only their names are asked, so that calls of functions that do not exist are found.
/// - Returns: the configuration, even a faulty one, for its sources; nil where `root` cannot be read. Diagnostics in the order of
///   files and places.
public func loadConfiguration(
    root: String, sources: ModuleSources, kinds: KindCatalog = .none, functions: any FunctionCalling
) -> (Configuration?, [Diagnostic]) {
    var loader = Loader(sources: sources, kinds: kinds, functions: functions)
    guard let declared = loader.load(.directory(cleanPath(root)), calledFrom: nil, within: [], package: nil) else {
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
    /// Nil: it could not be read, which has been reported.
    private(set) var loaded: [CallDeclaration.Source: DeclaredModule?] = [:]
    /// In the order of loading.
    private(set) var order: [DeclaredModule] = []

    init(sources: ModuleSources, kinds: KindCatalog, functions: any FunctionCalling) {
        self.sources = sources
        self.kinds = kinds
        self.functions = functions
    }

    // MARK: Reading

    /// - Parameters:
    ///   - chain: sources being loaded, outermost first: one that calls itself would never end.
    ///   - package: directory of the package that the caller is in, where it was fetched.
    mutating func load(
        _ source: CallDeclaration.Source, calledFrom call: CallDeclaration?, within chain: [CallDeclaration.Source], package: String?
    ) -> DeclaredModule? {
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
        if let known = loaded[source] { return known }
        var package = package
        let module = read(source, calledFrom: call, &package)
        loaded[source] = .some(module)
        guard let module else { return nil }
        order.append(module)
        for call in module.calls where call.source != .none {
            _ = load(call.source, calledFrom: call, within: chain + [source], package: package)
        }
        return module
    }

    private func isWithin(_ package: String, _ directory: String) -> Bool { directory == package || directory.hasPrefix(package + "/") }

    private mutating func read(_ source: CallDeclaration.Source, calledFrom call: CallDeclaration?, _ package: inout String?)
        -> DeclaredModule?
    {
        switch source {
        case .none: return nil
        case .directory(let directory):
            guard let names = list(directory, calledFrom: call) else { return nil }
            return decode(.module, directory, FileSelection(names), interface: nil)
        case .package(let request, let subdirectory):
            guard let call, let found = place(of: request, calledFrom: call) else { return nil }
            package = found.root
            let directory = joinPath(joinPath(found.root, found.subdirectory), subdirectory)
            guard let names = sources.list(directory) else {
                diagnostics.append(
                    .error(
                        "Unreadable module subdirectory",
                        "The package \(request.title) has no directory \"\(subdirectory)\", or it cannot be read.", at: call.call.span))
                return nil
            }
            return decode(.module, directory, FileSelection(names), interface: nil)
        case .kind(let type, let provider):
            guard let kind = kinds.kind(type), let directory = kind.compositions[provider],
                let names = list(directory, calledFrom: call)
            else { return nil }
            return decode(.kind(type), directory, FileSelection(names), interface: kind.interface)
        }
    }

    private mutating func place(of request: PackageRequest, calledFrom call: CallDeclaration) -> (root: String, subdirectory: String)? {
        let caller = ModuleSources.PackageCaller(
            name: call.call.callee.step.publishedName, span: call.call.span, versionSpan: call.versionSpan ?? call.call.span)
        switch sources.package(request, caller) {
        case .installed(let directory, let subdirectory): return (directory, subdirectory)
        case .awaited: break
        case .absent:
            diagnostics.append(
                .error(
                    "Module not installed",
                    "This module comes from \(request.title), and has not been fetched yet.", at: call.call.span,
                    hints: ["Run: ashlar init"]))
        }
        return nil
    }

    private mutating func list(_ directory: String, calledFrom call: CallDeclaration?) -> [String]? {
        if let names = sources.list(directory) { return names }
        if let call {
            diagnostics.append(
                .error(
                    "Unreadable module directory", "Module directory \(directory) does not exist or cannot be read.", at: call.sourceSpan,
                    hints: ["A local path is relative to the directory of the module that calls."]))
        } else {
            diagnostics.append(
                .error("Failed to read module directory", "Module directory \(directory) does not exist or cannot be read."))
        }
        return nil
    }

    private mutating func decode(_ purpose: ModuleDecoder.Purpose, _ directory: String, _ files: FileSelection, interface: String?)
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
