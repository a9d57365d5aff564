import ConfigModel
import FoundationEssentials
public import Transport

/// What packages are fetched with.
public struct FetchSettings: Sendable {
    public var transport: any HTTPTransport
    /// PEM of authorities to trust in place of the system's.
    public var certificateAuthorities: String?
    /// Of the programs that are run.
    public var environment: [String: String]
    /// The token for a host, where the user has one.
    public var token: @Sendable (_ host: String) -> String?
    public var limits = PackageLimits()

    public init(
        transport: any HTTPTransport, certificateAuthorities: String? = nil, environment: [String: String],
        token: @escaping @Sendable (_ host: String) -> String? = { _ in nil }
    ) {
        self.transport = transport
        self.certificateAuthorities = certificateAuthorities
        self.environment = environment
        self.token = token
    }

    var requestOptions: HTTPRequest.Options {
        var options = HTTPRequest.Options()
        options.tls.certificateAuthorities = certificateAuthorities
        options.retry.attempts = 3
        return options
    }
}

/// What came, and how it can be asked for again.
struct Fetched {
    /// The commit of a repository, the digest of an archive; nil of a folder.
    var revision: String?
    /// The folder of the module in the package, as whoever led here says.
    var subdirectory = ""
}

/// Fetches one package into a folder.
struct Fetcher {
    let settings: FetchSettings
    /// For what is needed on the way; the caller removes it.
    let scratch: String

    /// - Parameters:
    ///   - folder: not there yet.
    ///   - revision: what was taken the last time: of a repository that commit is taken again, whatever branch or tag the address names.
    ///   - hops: how often one address has led to another.
    func fetch(_ package: RemotePackage, into folder: String, revision: String? = nil, hops: Int = 0) async throws(PackageFailure)
        -> Fetched
    {
        switch package.getter {
        case "git": return Fetched(revision: try await fetchRepository(package, into: folder, revision: revision))
        case "http", "https": return try await fetchOverHTTP(package, into: folder, revision: revision, hops: hops)
        case "file": return try await fetchFile(package, into: folder)
        case "s3", "gcs":
            throw .download(
                package.description, "packages in \(package.getter == "s3" ? "S3" : "Google Cloud Storage") are not fetched yet.",
                hints: ["Publish the archive under an https address, or put the module into a Git repository."])
        default:
            throw .download(
                package.description, "nothing fetches from addresses that begin with \"\(package.getter)\".",
                hints: ["Modules come from git, https, http and file addresses, and from registries."])
        }
    }

    func makeFolder(_ path: String, _ package: RemotePackage) throws(PackageFailure) {
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        } catch {
            throw .download(package.description, "\(error).")
        }
    }

    func unpack(_ bytes: [UInt8], _ format: ArchiveFormat, _ package: RemotePackage, into folder: String) async throws(PackageFailure) {
        try makeFolder(folder, package)
        do throws(ArchiveFault) {
            try await Unpacking(limits: settings.limits, environment: settings.environment, scratch: scratch).unpack(
                bytes, format, into: folder)
        } catch {
            throw .download(package.description, "the archive cannot be unpacked, since \(error).")
        }
    }
}
