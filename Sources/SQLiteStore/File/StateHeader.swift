import StateModel

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The first bytes of an SQLite file, as far as they tell what it is.
struct StateHeader {
    var pageSize: Int
    /// Bytes at the end of each page that SQLite does not use.
    var reserved: Int
    var application: Int64
    var format: Int64

    /// Nil where the bytes are not those of an SQLite database.
    init?(_ bytes: UnsafeRawBufferPointer) {
        guard bytes.count >= 72, bytes.starts(with: "SQLite format 3\u{0}".utf8) else { return nil }
        func number(at offset: Int) -> Int64 {
            Int64(Int32(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: Int32.self)))
        }
        pageSize = Int(UInt16(bigEndian: bytes.loadUnaligned(fromByteOffset: 16, as: UInt16.self)))
        reserved = Int(bytes[20])
        format = number(at: 60)
        application = number(at: 68)
    }

    /// Says plainly what a file is that is not a state of a format known here, before SQLite is asked: it takes a file of nothing for
    /// an empty database, over which a new state would begin.
    ///
    /// Only where this process has no connection to the file: closing a file gives up every lock that the process has on it.
    static func check(_ path: String) throws {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return }  // SQLite says why.
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 100)
        let count = read(descriptor, &bytes, bytes.count)
        let restore = "If the file was a state once, restore it from a backup."
        if count == 0 {
            throw StateStoreError(
                .damaged,
                "The state \(path) is empty. A state never is, not even a new one: something has emptied it, or it is another program's file.",
                hints: [
                    restore, "If you are certain that nothing was ever recorded there, remove the file: the next run makes a new state.",
                ])
        }
        guard count > 0 else { return }
        guard count == bytes.count, let header = bytes.withUnsafeBytes({ StateHeader($0) }) else {
            throw StateStoreError(
                .damaged, "The file \(path) is not a state, or its beginning is damaged: it is no SQLite database.",
                hints: ["Check the path of the state. \(restore)"])
        }
        guard header.application == Schema.applicationID else {
            throw StateStoreError(
                .damaged, "The file \(path) is an SQLite database, but not a state: its header names another application.",
                hints: ["Check the path of the state. \(restore)"])
        }
        if header.format > Schema.format {
            throw StateStoreError(
                .newerFormat,
                "The state \(path) has format \(header.format), which a later version of this program wrote. This version knows format \(Schema.format).",
                hints: [
                    "Use the version that wrote it, or a later one.",
                    "If no later version was ever used here, the file is damaged: restore it from a backup.",
                ])
        }
        if header.format == 1 {
            throw StateStoreError(
                .damaged,
                "The state \(path) has format 1, in which pages have no checksums; only versions before the first release wrote it.",
                hints: ["Use the version that wrote it to destroy what it holds, then begin anew."])
        }
        guard header.format == Schema.format, header.pageSize == CheckedPages.pageSize, header.reserved == CheckedPages.reserved else {
            throw damaged(path, "its header does not fit together")
        }
    }
}
