/// Why a package could not be fetched.
struct PackageFailure: Error, Sendable {
    /// The reference's words where it has some.
    var summary: String
    /// Full sentences, without credentials.
    var detail: String
    var hints: [String] = []
    /// Whether it is the version that is at fault.
    var isOfVersion = false

    static func download(_ what: String, _ reason: String, hints: [String] = []) -> PackageFailure {
        PackageFailure(summary: "Failed to download module", detail: "\(what) could not be fetched: \(reason)", hints: hints)
    }
}

/// What a package may need at most: more is a mistake, or meant to fill a disk.
public struct PackageLimits: Sendable {
    /// Of an archive as it is sent.
    public var archiveBytes = 256 << 20
    /// Of an archive when it is unpacked.
    public var unpackedBytes = 512 << 20
    /// Files, folders and links in an archive.
    public var entries = 200_000
    /// Seconds that a program may run.
    public var programSeconds = 600.0

    public init() {}
}
