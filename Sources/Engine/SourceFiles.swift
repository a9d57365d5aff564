import FunctionLibrary
import Glibc

/// The files that functions read: regular ones only, of a bounded size. A pipe would wait for a writer and a device may never end, and a
/// plan that reads one could not read the same again when it is applied.
enum SourceFiles {
    /// What a function reads is held until the run ends.
    static let largest = 1 << 30
    /// How many entries a search looks at: far more than any configuration holds, and seen in a few seconds.
    static let mostEntries = 500_000

    /// - Throws: `FileFailure`.
    static func contents(of path: String) throws -> [UInt8] {
        // Looked at before it is opened: opening alone wakes up some devices.
        guard try exists(path) else { throw FileFailure.missing }
        // What took its place since must not hold up the run.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
        guard descriptor >= 0 else { throw failure(errno) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw failure(errno) }
        try checkKind(status)
        guard status.st_size <= largest else { throw tooLarge }
        do throws(FileReadFailure) {
            return try readToEnd(descriptor, expecting: Int(status.st_size), limit: largest)
        } catch {
            throw FileFailure.other(error.description)
        }
    }

    /// - Throws: `FileFailure` for what is there and is no regular file.
    static func exists(_ path: String) throws -> Bool {
        var status = stat()
        if stat(path, &status) != 0 {
            if errno == ENOENT || errno == ENOTDIR { return false }
            throw failure(errno)
        }
        try checkKind(status)
        return true
    }

    private static var tooLarge: FileFailure { .other("it is larger than \(largest >> 20) MiB, the most that functions read") }

    private static func failure(_ code: Int32) -> FileFailure { code == ENOENT ? .missing : .other(FileReadFailure(code).description) }

    private static func checkKind(_ status: stat) throws {
        switch status.st_mode & S_IFMT {
        case S_IFREG: return
        case S_IFDIR: throw FileFailure.isDirectory
        case S_IFIFO: throw FileFailure.notRegular("a named pipe")
        case S_IFSOCK: throw FileFailure.notRegular("a unix domain socket")
        case S_IFCHR, S_IFBLK: throw FileFailure.notRegular("a device node")
        default: throw FileFailure.notRegular("of an unknown kind")
        }
    }

    // MARK: Searching

    /// A directory that was entered, for finding out that a link leads back to one above.
    private struct Entered {
        let device: dev_t
        let inode: ino_t
        let parent: Int?
    }

    /// The regular files beneath a directory, as paths relative to it. Links are followed, but none to a directory that it lies in: that
    /// would have no end.
    static func beneath(_ root: String, called name: String, levels: Int?) throws -> [String] {
        var found: [String] = []
        var entered: [Entered] = []
        var waiting: [(path: String, level: Int, parent: Int?)] = [("", 1, nil)]
        var seen = 0
        while let (relative, level, parent) = waiting.popLast() {
            // A directory that is not there, or may not be listed, holds nothing that could be named.
            guard let stream = opendir(relative.isEmpty ? root : root + "/" + relative) else { continue }
            defer { closedir(stream) }
            var status = stat()
            guard fstat(dirfd(stream), &status) == 0 else { continue }
            var above = parent
            while let index = above, entered[index].device != status.st_dev || entered[index].inode != status.st_ino {
                above = entered[index].parent
            }
            if above != nil { continue }
            entered.append(Entered(device: status.st_dev, inode: status.st_ino, parent: parent))
            while let entry = readdir(stream) {
                let file = withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
                if file == "." || file == ".." { continue }
                seen += 1
                guard seen <= mostEntries else {
                    throw FileFailure.other(
                        "more than \(mostEntries) files and directories lie beneath \(name); a pattern that begins with the directory to look in finds fewer"
                    )
                }
                let path = relative.isEmpty ? file : relative + "/" + file
                switch kind(of: entry, in: stream) {
                case S_IFREG: found.append(path)
                case S_IFDIR: if levels.map({ level < $0 }) ?? true { waiting.append((path, level + 1, entered.count - 1)) }
                default: break
                }
            }
        }
        return found
    }

    /// What an entry is, or what it leads to; nil where that is nothing. Most file systems say it without being asked for each.
    private static func kind(of entry: UnsafeMutablePointer<dirent>, in stream: OpaquePointer) -> mode_t? {
        switch Int(entry.pointee.d_type) {
        case Int(DT_REG): return S_IFREG
        case Int(DT_DIR): return S_IFDIR
        case Int(DT_LNK), Int(DT_UNKNOWN):
            var status = stat()
            let code = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: $0.pointee)) {
                    fstatat(dirfd(stream), $0, &status, 0)
                }
            }
            return code == 0 ? status.st_mode & S_IFMT : nil
        default: return nil
        }
    }
}
