/// One thing in an archive.
struct ArchiveEntry {
    enum Content {
        case folder
        /// Bytes of the whole that it is in.
        case file(Range<Int>, isExecutable: Bool)
        case link(target: String)
        /// The same file under another name.
        case hardLink(target: String)
    }

    /// As the archive has it: nothing about it can be trusted.
    var path: String
    var content: Content
}

/// Why an archive cannot be unpacked, as a clause.
struct ArchiveFault: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}

/// How an archive is packed, by the end of its name.
enum ArchiveFormat: String, CaseIterable {
    case zip
    case tarGzip = "tar.gz"
    case tarBzip2 = "tar.bz2"
    case tarXz = "tar.xz"
    case tarZstandard = "tar.zst"
    case tar

    private var endings: [String] {
        switch self {
        case .zip: ["zip"]
        case .tarGzip: ["tar.gz", "tgz"]
        case .tarBzip2: ["tar.bz2", "tbz2"]
        case .tarXz: ["tar.xz", "txz"]
        case .tarZstandard: ["tar.zst", "tzst"]
        case .tar: ["tar"]
        }
    }

    /// - Parameter ending: `tgz`.
    init?(ending: String) {
        guard let found = Self.allCases.first(where: { $0.endings.contains(ending) }) else { return nil }
        self = found
    }

    /// - Parameter path: of a file or URL, without a query.
    init?(path: some StringProtocol) {
        guard let found = Self.allCases.first(where: { format in format.endings.contains { path.hasSuffix(".\($0)") } }) else { return nil }
        self = found
    }

    /// What makes a plain tar of it.
    var program: String? {
        switch self {
        case .zip, .tar: nil
        case .tarGzip: "gzip"
        case .tarBzip2: "bzip2"
        case .tarXz: "xz"
        case .tarZstandard: "zstd"
        }
    }
}
