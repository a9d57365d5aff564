public import StateModel

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A document in a file, as Terraform's `local` backend keeps it: locked, written where it is, with what was there before as `.backup`.
///
/// The file is not replaced by another of its name: whoever waits for its lock waits for this very file, and would go on to write to one that
/// has no name any more. A write that was cut short is told from what stands beside the file since before it began (`draft`).
public actor FilePlace: DocumentPlace {
    public nonisolated let name: String
    private let path: String
    /// Open, and locked, between `lock` and `unlock`.
    private var descriptor: Int32 = -1
    private var hasBackup = false

    public init(path: String) {
        self.path = path
        name = path
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    private var hidden: String { FileSteps.folder(of: path) + "/.\(FileSteps.name(of: path))" }
    private var draft: String { hidden + ".ashlar-draft" }
    private var infoPath: String { hidden + ".lock.info" }

    // MARK: The document

    public func read() throws(StateStoreError) -> [UInt8]? {
        let bytes = descriptor >= 0 ? try FileSteps.read(descriptor, path) : try FileSteps.read(path)
        guard let intended = try FileSteps.read(draft), Self.isTorn(bytes ?? [], of: intended) else {
            // Terraform makes an empty file when it takes the lock for the first time.
            return bytes?.isEmpty == true ? nil : bytes
        }
        return intended
    }

    /// What a write of `intended` that was cut short leaves: its beginning, and nothing where the disk had not got it yet.
    static func isTorn(_ bytes: [UInt8], of intended: [UInt8]) -> Bool {
        bytes.count <= intended.count && bytes != intended && zip(bytes, intended).allSatisfy { $0 == $1 || $0 == 0 }
    }

    public func write(_ bytes: [UInt8]) throws(StateStoreError) {
        guard descriptor >= 0, isStillTheFile else {
            throw StateStoreError(
                .lockLost, "The state \(path) was removed, replaced or taken over while it was in use. It was not written.",
                hints: ["What was done is recorded beside it. Bring the file back, and run any command: it goes on from there."])
        }
        if !hasBackup {
            let before = try read() ?? []
            if !before.isEmpty { try FileSteps.place(before, at: path + ".backup") }
            hasBackup = true
        }
        try FileSteps.place(bytes, at: draft)
        try FileSteps.overwrite(descriptor, bytes, path)
        unlink(draft)
        FileSteps.syncFolder(of: path)
    }

    /// What was being written when its writer was killed is written to the end.
    private func endWriting() throws(StateStoreError) {
        guard let intended = try FileSteps.read(draft) else { return }
        if Self.isTorn(try FileSteps.read(descriptor, path), of: intended) { try FileSteps.overwrite(descriptor, intended, path) }
        unlink(draft)
    }

    private var isStillTheFile: Bool {
        var own = stat()
        var named = stat()
        return fstat(descriptor, &own) == 0 && stat(path, &named) == 0 && own.st_ino == named.st_ino && own.st_dev == named.st_dev
    }

    // MARK: The lock

    public func lock(_ lock: DocumentLock, replacing former: String?) throws(StateStoreError) {
        if descriptor >= 0, isStillTheFile { throw (readInfo() ?? lock).refusal(of: path) }
        release()
        try FileSteps.makeFolder(of: path)
        let opened = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard opened >= 0 else { throw FileSteps.failure("Opening the state", path, errno) }
        let taken = FileLock.take(opened)
        guard taken == true else {
            close(opened)
            // A file system that knows no locks keeps nobody out: better not to write at all.
            guard taken == false else {
                throw StateStoreError(
                    .other, "The state \(path) cannot be locked: its file system knows no locks.", hints: ["Keep it on another one."])
            }
            throw (readInfo() ?? DocumentLock(unknownAt: path)).refusal(of: path, canBeBroken: false)
        }
        descriptor = opened
        hasBackup = false
        do throws(StateStoreError) {
            try endWriting()
            try FileSteps.place(lock.bytes, at: infoPath)
        } catch {
            release()
            throw error
        }
    }

    public func unlock(_ lock: DocumentLock) throws(StateStoreError) {
        if descriptor >= 0, isStillTheFile, readInfo()?.id == lock.id { unlink(infoPath) }
        release()
    }

    private func release() {
        if descriptor >= 0 { close(descriptor) }
        descriptor = -1
    }

    public func currentLock() throws(StateStoreError) -> DocumentLock? {
        let opened = descriptor >= 0 ? -1 : open(path, O_RDWR | O_CLOEXEC)
        defer { if opened >= 0 { close(opened) } }
        guard descriptor >= 0 || (opened >= 0 && FileLock.isTaken(opened)) else { return nil }
        return readInfo() ?? DocumentLock(unknownAt: path)
    }

    /// A lock of the system's cannot be taken from the process that has it: the file is given another body, and it keeps the old one's. Only of
    /// a program like this one, which looks before it writes.
    public func breakLock(id: String) throws(StateStoreError) {
        guard let held = try currentLock(), held.id == id else {
            throw StateStoreError(.notHeld, "The lock \(id) cannot be broken: the state \(path) is not locked with it.")
        }
        guard held.version.hasPrefix("ashlar") else {
            throw StateStoreError(
                .notHeld, "The lock \(id) cannot be broken: it is held by another program, \(held.who), which is running.",
                hints: ["End that program: its lock goes with it."])
        }
        var status = stat()
        let mode = stat(path, &status) == 0 ? status.st_mode & 0o777 : 0o600
        try FileSteps.place(try FileSteps.read(path) ?? [], at: path, mode: mode)
        unlink(infoPath)
    }

    private func readInfo() -> DocumentLock? {
        // Missing or not to be read: nothing is known of the holder then.
        (try? FileSteps.read(infoPath)).flatMap { $0 }.flatMap { DocumentLock($0) }
    }
}

extension DocumentLock {
    /// Of somebody who has left no word.
    init(unknownAt path: String) {
        id = ""
        operation = ""
        info = ""
        who = ""
        version = ""
        created = ""
        self.path = path
    }
}
