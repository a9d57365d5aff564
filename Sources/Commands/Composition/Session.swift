import Addresses
import BuiltinProviders
import ConfigModel
import CurlTransport
import Diagnostics
import Engine
import Evaluation
import Foundation
import ManifestProviders
import ModulePackages
import Planning
import ProviderKit
import Provisioners
import SQLiteStore
import SSHTransport
import StateDocuments
import StateModel
import Synchronization
import Transport

/// The one place where flags, environment and home directory are read and everything is joined.
final class Session: Sendable {
    let workingDirectory: String
    let environment: [String: String]
    /// Warnings are told in a line each.
    let isCompact = CommandLineArguments.settlingSwitches(CommandLineArguments.current.arguments).contains("--compact-warnings")
    let homeDirectory: String
    let terminal: Terminal
    /// Where everything that is said goes, if it goes to a program.
    let messages: MessageStream?
    let store: any StateStore
    let backend: LazyBackend
    let engine: Engine
    let catalog: DiskCatalog
    let workspaces: Workspaces
    let data: DataFolder
    /// Modules from elsewhere.
    let packages: PackageFolder
    private let transports: LazyTransports
    private let keepsakes = HostKeepsakes()
    /// Of the command that is under way.
    let interrupts = Mutex<InterruptHandler?>(nil)

    init(color: Bool?, streaming: Bool = false, workingDirectory: String = FileManager.default.currentDirectoryPath) {
        let environment = ProcessInfo.processInfo.environment
        self.environment = environment
        self.workingDirectory = workingDirectory
        homeDirectory = environment["HOME"] ?? "/"
        terminal = Terminal(environment: environment, color: color)
        messages = streaming ? MessageStream(terminal: terminal) : nil
        messages?.begin()
        let trace = Session.trace(environment["ASHLAR_LOG"] ?? environment["TF_LOG"])
        let transports = LazyTransports(environment: environment, trace: trace)
        self.transports = transports
        let home = homeDirectory
        let keepsakes = self.keepsakes
        let data = DataFolder(directory: workingDirectory, environment: environment)
        self.data = data
        let packages = PackageFolder(path: "\(data.name)/modules")
        self.packages = packages
        let catalog = DiskCatalog(
            folders: Session.providerFolders(environment, workingDirectory), packages: packages,
            transports: {
                ManifestTransports(
                    http: transports.http, hosts: transports.hosts, keepsakes: keepsakes, environment: environment, homeDirectory: home,
                    readFile: { path in
                        guard FileManager.default.fileExists(atPath: path) else { return nil }
                        return try readWholeFile(path)
                    })
            })
        self.catalog = catalog
        let workspaces = Workspaces(directory: workingDirectory, environment: environment)
        self.workspaces = workspaces
        let workspace = workspaces.current
        let engine = Engine(
            .init(
                workingDirectory: workingDirectory, homeDirectory: homeDirectory, workspace: workspace, sources: catalog.sources,
                kinds: catalog.kinds,
                catalog: catalog,
                provisioners: Provisioners(
                    .init(
                        environment: environment, workingDirectory: workingDirectory, homeDirectory: home, hosts: { transports.hosts },
                        waitForRoom: { OutputThread.shared.waitForRoom() })),
                now: { Date().timeIntervalSince1970 }))
        self.engine = engine
        let variables = { @Sendable in Session.variableInputs(environment, catalog.sources) }
        backend = LazyBackend(
            engine: engine,
            tools: BackendTools(
                directory: workingDirectory, environment: environment, variables: variables,
                shapes: CatalogShapes(engine: engine, catalog: catalog, variables: variables), transport: { transports.http },
                holder: { Session.holder($0, environment) }))
        store = WatchedStore(store: LazyStore(backend, workspace: workspace), learned: { keepsakes.belong(to: $0.lineage) })
    }

    var httpTransport: any HTTPTransport { transports.http }

    /// What a run has left on hosts for the case that it is killed goes as soon as its outcomes are durable.
    func releaseKeepsakes() async {
        if keepsakes.isEmpty { return }
        do {
            let open = try await store.snapshot().openIntents.map(\.id)
            await keepsakes.release(over: transports.hosts, keeping: Set(open))
        } catch {
            // The run has reported that the state cannot be read; what is on the hosts is still needed then.
            return
        }
    }

    private static let open = Mutex<[SQLiteStore]>([])

    /// Remembers a store's file until the program ends.
    static func keeping(_ made: (store: any StateStore, file: SQLiteStore?)) -> any StateStore {
        if let file = made.file { open.withLock { $0.append(file) } }
        return made.store
    }

    /// Closes what sessions have open, so that a state is one file when nobody uses it.
    static func closeAll() async {
        for store in open.withLock({ $0 }) { await store.close() }
    }

    /// Beside the configuration.
    static let stateFile = "terraform.ashlar"

    func holder(_ operation: String) -> LockHolder { Self.holder(operation, environment) }

    private static func holder(_ operation: String, _ environment: [String: String]) -> LockHolder {
        LockHolder(
            user: environment["USER"] ?? environment["LOGNAME"] ?? "uid \(getuid())", host: ProcessInfo.processInfo.hostName,
            process: ProcessInfo.processInfo.processIdentifier, operation: operation, since: Date().timeIntervalSince1970,
            program: "ashlar \(version)")
    }

    /// Where manifests are looked for, first match wins: named by the environment, beside the configuration, with the program.
    private static func providerFolders(_ environment: [String: String], _ workingDirectory: String) -> [String] {
        var folders: [String] = []
        if let named = environment["ASHLAR_PROVIDERS"] { folders += named.split(separator: ":").map(String.init) }
        folders.append(workingDirectory + "/.ashlar/providers")
        if let program = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe") {
            // Only a hint where to look: without it the folders above remain.
            var parts = program.split(separator: "/").dropLast()
            folders.append("/" + parts.dropLast().joined(separator: "/") + "/share/ashlar/providers")
            // In a checkout the program stands some folders below the manifests.
            while !parts.isEmpty {
                let folder = "/" + parts.joined(separator: "/") + "/providers"
                if FileManager.default.fileExists(atPath: folder + "/kinds") || FileManager.default.fileExists(atPath: folder + "/host") {
                    folders.append(folder)
                    break
                }
                parts = parts.dropLast()
            }
        }
        return folders
    }

    private static func trace(_ level: String?) -> TransportTrace? {
        guard let level, ["debug", "trace", "json"].contains(level.lowercased()) else { return nil }
        return { line in OutputThread.shared.post(line() + "\n", to: .error) }
    }
}

/// Transports made when first needed: most runs of most commands need none, or one.
private final class LazyTransports: Sendable {
    private let environment: [String: String]
    private let trace: TransportTrace?
    private let made = Mutex<(http: CurlHTTPTransport?, hosts: SSHHostTransport?)>((nil, nil))

    init(environment: [String: String], trace: TransportTrace?) {
        self.environment = environment
        self.trace = trace
    }

    var http: any HTTPTransport {
        made.withLock { made in
            if let known = made.http { return known }
            let transport = CurlHTTPTransport(
                trace: trace, proxies: CurlHTTPTransport.Proxies(environment: environment), userAgent: "ashlar/\(version)")
            made.http = transport
            return transport
        }
    }

    var hosts: any HostTransport {
        made.withLock { made in
            if let known = made.hosts { return known }
            let transport = SSHHostTransport(trace: trace)
            made.hosts = transport
            return transport
        }
    }
}
