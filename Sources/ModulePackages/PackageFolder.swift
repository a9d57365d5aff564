public import ConfigModel
import FoundationEssentials
import Synchronization

/// The folder of packages beside a configuration, as every command but `init` sees it: it is asked, and never goes anywhere.
public final class PackageFolder: Sendable {
    /// As modules' directories are named by.
    let path: String
    private let lock = Mutex<PackageLock?>(nil)

    var lockFile: String { path + "/modules.json" }

    /// - Parameter path: relative to the working directory, as a rule.
    public init(path: String = ".ashlar/modules") { self.path = path }

    /// Whether the package is here, and where.
    public func answer(_ request: PackageRequest) -> PackageAnswer {
        guard let package = known(request) else { return .absent }
        return .installed(directory: directory(of: package), subdirectory: package.subdirectory)
    }

    func directory(of package: LockedPackage) -> String { "\(path)/\(package.directory)" }

    /// What is written down for a request, if it is really there.
    func known(_ request: PackageRequest) -> LockedPackage? {
        guard let package = written().packages[LockedPackage.key(of: request)] else { return nil }
        return FileManager.default.fileExists(atPath: directory(of: package)) ? package : nil
    }

    /// What is written down, read once.
    func written() -> PackageLock {
        lock.withLock { lock in
            if let lock { return lock }
            var read = PackageLock()
            // No such file: nothing was fetched yet.
            if let data = try? Data(contentsOf: URL(filePath: lockFile)) { read = PackageLock(Array(data)) ?? PackageLock() }
            lock = read
            return read
        }
    }

    func replace(with new: PackageLock) { lock.withLock { $0 = new } }
}
