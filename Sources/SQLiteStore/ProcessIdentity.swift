#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Which process holds a lock, so that it can be known later whether it still runs. Numbers of processes are used again, therefore
/// machine, boot, number space and the process's start belong to it.
struct ProcessIdentity: Equatable {
    private var machine: String
    private var boot: String
    private var space: String
    private var number: Int32
    private var start: String

    /// Nil where the system does not tell (no `/proc`), or the process does not run.
    init?(of number: Int32) {
        guard let start = Self.start(of: number), let boot = Self.line("/proc/sys/kernel/random/boot_id") else { return nil }
        machine = Self.line("/etc/machine-id") ?? ""
        self.boot = boot
        space = Self.link("/proc/\(number)/ns/pid") ?? ""
        self.number = number
        self.start = start
    }

    init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 5, let number = Int32(parts[3]) else { return nil }
        (machine, boot, space, self.number, start) = (parts[0], parts[1], parts[2], number, parts[4])
    }

    var text: String { "\(machine)/\(boot)/\(space)/\(number)/\(start)" }

    /// Certainly no longer running. A process of another machine or number space is never certain.
    var isGone: Bool {
        guard !machine.isEmpty, machine == Self.line("/etc/machine-id"), let boot = Self.line("/proc/sys/kernel/random/boot_id") else {
            return false
        }
        if boot != self.boot { return true }
        guard !space.isEmpty, space == Self.link("/proc/self/ns/pid") else { return false }
        return Self.start(of: number) != start
    }

    /// Clock ticks between boot and the process's start: the 22nd field of its `stat`.
    private static func start(of number: Int32) -> String? {
        guard let text = line("/proc/\(number)/stat"), let end = text.lastIndex(of: ")") else { return nil }
        let fields = text[text.index(after: end)...].split(separator: " ")
        // A zombie has ended; it merely was not waited for.
        guard fields.count > 19, fields[0] != "Z", fields[0] != "X" else { return nil }
        return String(fields[19])
    }

    private static func line(_ path: String) -> String? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = read(descriptor, &buffer, buffer.count)
        guard count > 0 else { return nil }
        let bytes = buffer.prefix(count).prefix { $0 != UInt8(ascii: "\n") }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func link(_ path: String) -> String? {
        var buffer = [CChar](repeating: 0, count: 256)
        let count = readlink(path, &buffer, buffer.count)
        return count > 0 ? String(decoding: buffer.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self) : nil
    }
}
