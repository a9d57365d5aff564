/// A file in an archive.
struct ArchiveMember {
    /// With slashes.
    var name: String
    var content: [UInt8]
    /// Permission bits; nil where it is no file of the disk, and has none.
    var mode: UInt32?
}

/// Puts archives together byte for byte as the reference does: their digests decide whether functions are deployed anew.
protocol ArchiveWriter {
    static func archive(_ members: [ArchiveMember]) -> [UInt8]
}

extension [UInt8] {
    mutating func appendLittleEndian(_ value: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: value.littleEndian) { append(contentsOf: $0) }
    }
}
