public import ConfigModel
public import Diagnostics
import FoundationEssentials
import Glibc
import Synchronization
import Values

/// Fetches what a configuration needs and is not there: what `init` does.
///
/// A configuration is loaded again and again, each time with `answer`, until nothing more is awaited: a module that was fetched may need others.
public final class PackageInstaller: Sendable {
    /// What a run makes anew.
    public enum Renewal: Sendable {
        /// Only what is not there.
        case missing
        /// Everything: the newest version that is allowed, the newest commit.
        case everything
    }

    private struct State {
        var chosen = PackageLock()
        var awaited: [(request: PackageRequest, caller: ModuleSources.PackageCaller)] = []
    }

    let folder: PackageFolder
    let settings: FetchSettings
    let renewal: Renewal
    let registry: RegistryClient
    private let state = Mutex(State())
    let report: @Sendable (String) -> Void
    /// The open file whose lock keeps others away.
    private let guardFile: Mutex<Int32>

    /// - Parameter report: gets a line, without its end, for each package that is fetched.
    public init(
        _ folder: PackageFolder, _ settings: FetchSettings, renewing renewal: Renewal, report: @escaping @Sendable (String) -> Void
    ) {
        self.folder = folder
        self.settings = settings
        self.renewal = renewal
        self.report = report
        registry = RegistryClient(settings)
        guardFile = Mutex(-1)
    }

    deinit { letOthersIn() }

    private func letOthersIn() {
        guardFile.withLock { descriptor in
            if descriptor >= 0 { close(descriptor) }
            descriptor = -1
        }
    }

    // MARK: While a configuration is loaded

    /// Where a package is; one that is not there is noted.
    public func answer(_ request: PackageRequest, _ caller: ModuleSources.PackageCaller) -> PackageAnswer {
        let key = LockedPackage.key(of: request)
        return state.withLock { state in
            if let package = state.chosen.packages[key] { return installed(package) }
            if renewal == .missing, let package = folder.known(request) {
                state.chosen.packages[key] = package
                return installed(package)
            }
            if !state.awaited.contains(where: { $0.request == request }) { state.awaited.append((request, caller)) }
            return .awaited
        }
    }

    private func installed(_ package: LockedPackage) -> PackageAnswer {
        .installed(directory: folder.directory(of: package), subdirectory: package.subdirectory)
    }

    // MARK: Between loadings

    /// Fetches what was noted, several packages at once.
    /// The run ends where one does not come.
    ///
    /// - Returns: how many came, and what is to be said of those that did not, in the order in which they were asked for.
    public func fetchAwaited() async -> (count: Int, diagnostics: [Diagnostic]) {
        let awaited = state.withLock { state in
            defer { state.awaited = [] }
            return state.awaited
        }
        if awaited.isEmpty { return (0, []) }
        if let fault = prepare() { return (0, [fault]) }
        var results: [Int: Result<LockedPackage, PackageFailure>] = [:]
        await withTaskGroup(of: (Int, Result<LockedPackage, PackageFailure>).self) { group in
            var next = 0
            func add() {
                guard next < awaited.count else { return }
                let index = next
                next += 1
                group.addTask {
                    do throws(PackageFailure) {
                        return (index, .success(try await self.fetch(awaited[index].request, for: awaited[index].caller.name)))
                    } catch {
                        return (index, .failure(error))
                    }
                }
            }
            for _ in 0..<6 { add() }
            while let (index, result) = await group.next() {
                results[index] = result
                add()
            }
        }
        var diagnostics: [Diagnostic] = []
        var count = 0
        for (index, wanted) in awaited.enumerated() {
            switch results[index] {
            case .success(let package):
                count += 1
                state.withLock { $0.chosen.packages[package.key] = package }
            case .failure(let failure):
                diagnostics.append(
                    .error(
                        failure.summary, failure.detail, at: failure.isOfVersion ? wanted.caller.versionSpan : wanted.caller.span,
                        hints: failure.hints))
            case nil: continue
            }
        }
        if !diagnostics.isEmpty { letOthersIn() }
        return (count, diagnostics)
    }

    /// Writes down what was chosen, and removes what nothing needs any more.
    public func finish() -> [Diagnostic] {
        defer { letOthersIn() }
        let chosen = state.withLock { $0.chosen }
        if chosen.packages.isEmpty, folder.written().packages.isEmpty { return [] }
        if let fault = prepare() { return [fault] }
        // Only what was written down as a package is ours to remove.
        let known = Set(folder.written().packages.values.map(\.directory))
        do {
            try Data(try chosen.text().utf8).write(to: URL(filePath: folder.lockFile), options: .atomic)
            folder.replace(with: chosen)
            for name in known.subtracting(chosen.packages.values.map(\.directory)).sorted() {
                let path = "\(folder.path)/\(name)"
                if FileManager.default.fileExists(atPath: path) { try FileManager.default.removeItem(atPath: path) }
            }
            return []
        } catch {
            return [.error("Failed to write the module folder", "\(folder.path) could not be brought up to date: \(error).")]
        }
    }

    /// Makes the folder and keeps others away from it, once.
    private func prepare() -> Diagnostic? {
        guardFile.withLock { descriptor in
            if descriptor >= 0 { return nil }
            // A repository can hold a link, and what is behind it is not ours.
            var status = stat()
            if lstat(folder.path, &status) == 0, status.st_mode & S_IFMT != S_IFDIR {
                return .error(
                    "Failed to write the module folder", "\(folder.path) is no directory, but a link or a file.",
                    hints: ["Remove it: ashlar init makes it anew."])
            }
            do {
                try FileManager.default.createDirectory(atPath: folder.path, withIntermediateDirectories: true)
            } catch {
                return .error("Failed to write the module folder", "\(folder.path) could not be made: \(error).")
            }
            descriptor = open("\(folder.path)/.lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
            guard descriptor >= 0 else {
                return .error(
                    "Failed to write the module folder",
                    "\(folder.path)/.lock could not be opened: \(String(cString: strerror(errno))).")
            }
            // Of this process alone: a program that is being started would keep the other kind of lock for a moment.
            var whole = flock()
            whole.l_type = Int16(F_WRLCK)
            whole.l_whence = Int16(SEEK_SET)
            guard fcntl(descriptor, F_SETLK, &whole) == 0 else {
                close(descriptor)
                descriptor = -1
                return .error(
                    "Modules are being fetched already", "Another process is fetching modules into \(folder.path).",
                    hints: ["Wait until it is done, and try again."])
            }
            removeRemains()
            return nil
        }
    }

    /// What runs that were killed have left.
    private func removeRemains() {
        for name in (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? [] where name.hasPrefix(".new-") {
            // It is in nobody's way where it cannot be removed.
            try? FileManager.default.removeItem(atPath: "\(folder.path)/\(name)")
        }
    }
}
