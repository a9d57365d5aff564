import GRDB
import GRDBSQLite
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Puts a checksum at the end of each page of a state file when it is written there, and compares it when the page is read.
///
/// SQLite checks the frames of its log, but no page of the file itself: a flipped bit in an index, in a list of free pages or in a part of
/// the header would go unseen, and the next write would build on it. This is a thin layer over SQLite's own access to files. It looks at main
/// files alone, and of those only at the ones whose header says that they are states: other databases pass through untouched.
enum CheckedPages {
    /// Every page of a state has this size, so that a page is read whole or not at all.
    static let pageSize = 4096
    /// Bytes at the end of each page that SQLite leaves alone.
    static let reserved = 8

    /// What SQLite answers where a page does not agree with its checksum.
    static let failure = SQLITE_IOERR | (32 << 8)

    /// Makes the layer SQLite's usual way to files, once a process.
    static func register() throws {
        guard registration == SQLITE_OK else { throw DatabaseError(resultCode: ResultCode(rawValue: registration)) }
    }

    private static let registration = sqlite3_vfs_register(CheckedFiles.layer, 1)

    /// Asks for the reserved bytes. Before anything is written to a new file.
    static func reserve(_ connection: OpaquePointer?) -> Int32 {
        var count = Int32(reserved)
        return sqlite3_file_control(connection, "main", SQLITE_FCNTL_RESERVE_BYTES, &count)
    }

    /// Why the last write that failed did: a limit and a broken disk are one to SQLite.
    static let writeError = Atomic<Int32>(0)

    /// The checksum knows the page's place: a page that stands where another belongs is found too.
    static func checksum(_ page: UnsafeRawPointer, at offset: Int64) -> UInt64 {
        Checksum.hash(
            UnsafeRawBufferPointer(start: page, count: pageSize - reserved), seed: UInt64(bitPattern: offset) &+ 0x4153_484C)
    }

    /// Whether a read or write is of a whole page.
    static func isPage(_ count: Int32, at offset: Int64) -> Bool { count == pageSize && offset >= 0 && offset % Int64(pageSize) == 0 }

    static func agrees(_ page: UnsafeRawPointer, at offset: Int64) -> Bool {
        let stored = page.loadUnaligned(fromByteOffset: pageSize - reserved, as: UInt64.self)
        if UInt64(littleEndian: stored) == checksum(page, at: offset) { return true }
        // A page that was set aside and never written: SQLite takes it for nothing but free space.
        return UnsafeRawBufferPointer(start: page, count: pageSize).allSatisfy { $0 == 0 }
    }

    /// Whether these are the beginning of a state: SQLite's magic, our application, our reserved bytes.
    static func isState(_ header: UnsafeRawBufferPointer) -> Bool {
        guard let facts = StateHeader(header) else { return false }
        return facts.application == Schema.applicationID && facts.reserved == reserved
    }
}

/// A file as SQLite sees it: ours in front, SQLite's own behind.
private struct CheckedFile {
    var methods: UnsafePointer<sqlite3_io_methods>?
    /// A main file, not a log or a journal.
    var isMain = false
    var isState = false
}

/// Functions that SQLite calls. They hold nothing: all that they know is in the file's memory and in SQLite's own layer.
private enum CheckedFiles {
    /// SQLite's own way to files. Read once, before any other is registered; it lives as long as the process.
    nonisolated(unsafe) static let real: UnsafeMutablePointer<sqlite3_vfs>? = sqlite3_vfs_find(nil)

    /// Where SQLite's own file begins: behind ours, as aligned as `malloc` would have it.
    static let headSize = 16

    nonisolated(unsafe) static let layer: UnsafeMutablePointer<sqlite3_vfs>? = {
        guard let real else { return nil }
        let layer = UnsafeMutablePointer<sqlite3_vfs>.allocate(capacity: 1)
        layer.initialize(to: real.pointee)
        layer.pointee.pNext = nil
        layer.pointee.zName = UnsafePointer(name)
        layer.pointee.szOsFile = real.pointee.szOsFile + Int32(headSize)
        layer.pointee.xOpen = { _, path, file, flags, outFlags in open(path, file, flags, outFlags) }
        return layer
    }()

    private nonisolated(unsafe) static let name: UnsafeMutablePointer<CChar> = {
        let name = UnsafeMutablePointer<CChar>.allocate(capacity: 16)
        for (index, byte) in "ashlar-pages".utf8CString.enumerated() { name[index] = byte }
        return name
    }()

    private static func open(
        _ path: UnsafePointer<CChar>?, _ file: UnsafeMutablePointer<sqlite3_file>?, _ flags: Int32,
        _ outFlags: UnsafeMutablePointer<Int32>?
    ) -> Int32 {
        guard let real, let file, let openReal = real.pointee.xOpen else { return SQLITE_CANTOPEN }
        let code = openReal(real, path, inner(file), flags, outFlags)
        let own = UnsafeMutableRawPointer(file).bindMemory(to: CheckedFile.self, capacity: 1)
        // Without methods SQLite does not close what it could not open.
        own.initialize(
            to: CheckedFile(
                methods: inner(file).pointee.pMethods.map { methods(version: $0.pointee.iVersion) },
                isMain: flags & SQLITE_OPEN_MAIN_DB != 0))
        if code == SQLITE_OK, own.pointee.isMain {
            var header = (UInt64(0), UInt64(0), UInt64(0), UInt64(0), UInt64(0), UInt64(0), UInt64(0), UInt64(0), UInt64(0))
            let read = inner(file).pointee.pMethods?.pointee.xRead
            withUnsafeMutableBytes(of: &header) { bytes in
                if read?(inner(file), bytes.baseAddress, Int32(bytes.count), 0) == SQLITE_OK {
                    own.pointee.isState = CheckedPages.isState(UnsafeRawBufferPointer(bytes))
                }
            }
        }
        return code
    }

    /// SQLite's own file behind ours.
    static func inner(_ file: UnsafeMutablePointer<sqlite3_file>) -> UnsafeMutablePointer<sqlite3_file> {
        UnsafeMutableRawPointer(file).advanced(by: headSize).assumingMemoryBound(to: sqlite3_file.self)
    }

    private static func own(_ file: UnsafeMutablePointer<sqlite3_file>?) -> UnsafeMutablePointer<CheckedFile>? {
        file.map { UnsafeMutableRawPointer($0).assumingMemoryBound(to: CheckedFile.self) }
    }

    // MARK: Reading and writing

    private static func read(
        _ file: UnsafeMutablePointer<sqlite3_file>?, _ buffer: UnsafeMutableRawPointer?, _ count: Int32, _ offset: Int64
    ) -> Int32 {
        let code = pass(file) { $0.xRead?($1, buffer, count, offset) }
        guard code == SQLITE_OK, let buffer, own(file)?.pointee.isState == true, CheckedPages.isPage(count, at: offset) else { return code }
        return CheckedPages.agrees(buffer, at: offset) ? code : CheckedPages.failure
    }

    private static func write(
        _ file: UnsafeMutablePointer<sqlite3_file>?, _ buffer: UnsafeRawPointer?, _ count: Int32, _ offset: Int64
    ) -> Int32 {
        guard let buffer, let own = own(file), own.pointee.isMain, CheckedPages.isPage(count, at: offset) else {
            return writeReal(file, buffer, count, offset)
        }
        if offset == 0 { own.pointee.isState = CheckedPages.isState(UnsafeRawBufferPointer(start: buffer, count: Int(count))) }
        guard own.pointee.isState else { return writeReal(file, buffer, count, offset) }
        // A copy: the page is SQLite's.
        return withUnsafeTemporaryAllocation(byteCount: CheckedPages.pageSize, alignment: 8) { page in
            guard let start = page.baseAddress else { return SQLITE_NOMEM }
            start.copyMemory(from: buffer, byteCount: CheckedPages.pageSize)
            let checksum = CheckedPages.checksum(start, at: offset).littleEndian
            start.storeBytes(of: checksum, toByteOffset: CheckedPages.pageSize - CheckedPages.reserved, as: UInt64.self)
            return writeReal(file, start, count, offset)
        }
    }

    private static func writeReal(
        _ file: UnsafeMutablePointer<sqlite3_file>?, _ buffer: UnsafeRawPointer?, _ count: Int32, _ offset: Int64
    ) -> Int32 {
        let code = pass(file) { $0.xWrite?($1, buffer, count, offset) }
        if code != SQLITE_OK { CheckedPages.writeError.store(errno, ordering: .relaxed) }
        return code
    }

    // MARK: What passes through

    /// Of a version of SQLite's table of functions: the second knows shared memory, the third memory maps.
    static func methods(version: Int32) -> UnsafePointer<sqlite3_io_methods> {
        UnsafePointer(version >= 3 ? mapping : version == 2 ? sharing : plain)
    }

    private nonisolated(unsafe) static let plain = table(1)
    private nonisolated(unsafe) static let sharing = table(2)
    private nonisolated(unsafe) static let mapping = table(3)

    private static func table(_ version: Int32) -> UnsafeMutablePointer<sqlite3_io_methods> {
        let methods = UnsafeMutablePointer<sqlite3_io_methods>.allocate(capacity: 1)
        methods.initialize(
            to: sqlite3_io_methods(
                iVersion: version,
                xClose: { file in CheckedFiles.pass(file) { $0.xClose?($1) } },
                xRead: { file, buffer, count, offset in CheckedFiles.read(file, buffer, count, offset) },
                xWrite: { file, buffer, count, offset in CheckedFiles.write(file, buffer, count, offset) },
                xTruncate: { file, size in CheckedFiles.pass(file) { $0.xTruncate?($1, size) } },
                xSync: { file, flags in CheckedFiles.pass(file) { $0.xSync?($1, flags) } },
                xFileSize: { file, size in CheckedFiles.pass(file) { $0.xFileSize?($1, size) } },
                xLock: { file, level in CheckedFiles.pass(file) { $0.xLock?($1, level) } },
                xUnlock: { file, level in CheckedFiles.pass(file) { $0.xUnlock?($1, level) } },
                xCheckReservedLock: { file, answer in CheckedFiles.pass(file) { $0.xCheckReservedLock?($1, answer) } },
                xFileControl: { file, operation, argument in CheckedFiles.pass(file) { $0.xFileControl?($1, operation, argument) } },
                xSectorSize: { file in CheckedFiles.pass(file) { $0.xSectorSize?($1) } },
                xDeviceCharacteristics: { file in CheckedFiles.pass(file) { $0.xDeviceCharacteristics?($1) } },
                xShmMap: { file, region, size, extends, memory in
                    CheckedFiles.pass(file) { $0.xShmMap?($1, region, size, extends, memory) }
                },
                xShmLock: { file, offset, count, flags in CheckedFiles.pass(file) { $0.xShmLock?($1, offset, count, flags) } },
                xShmBarrier: { file in
                    _ = CheckedFiles.pass(file) {
                        $0.xShmBarrier?($1)
                        return SQLITE_OK
                    }
                },
                xShmUnmap: { file, delete in CheckedFiles.pass(file) { $0.xShmUnmap?($1, delete) } },
                // No memory maps: what is read through one is not looked at here.
                xFetch: { _, _, _, memory in
                    memory?.pointee = nil
                    return SQLITE_OK
                },
                xUnfetch: { _, _, _ in SQLITE_OK }))
        return methods
    }

    /// Asks SQLite's own file.
    private static func pass(
        _ file: UnsafeMutablePointer<sqlite3_file>?, _ body: (sqlite3_io_methods, UnsafeMutablePointer<sqlite3_file>) -> Int32?
    ) -> Int32 {
        guard let file, let methods = inner(file).pointee.pMethods else { return SQLITE_IOERR }
        return body(methods.pointee, inner(file)) ?? SQLITE_IOERR
    }
}
