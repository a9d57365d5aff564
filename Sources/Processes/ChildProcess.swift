import CSpawn
import Glibc
import Synchronization

/// A program that this one has started, in a process group of its own, which ends with all that it has started.
///
/// It has no descriptor but the three that it is given, and no signal is blocked or ignored because this program does so. Whoever starts it
/// has to `reap` it.
public final class ChildProcess: Sendable {
    public enum End: Sendable, Equatable {
        case exited(Int32)
        case signalled(Int32)
        /// The system does not say how it ended.
        case lost(String)
    }

    /// Where one of its three streams leads.
    public enum Stream: Sendable {
        case null
        /// An open descriptor of this program, which stays open here.
        case descriptor(Int32)
        /// A file that is made, or emptied, for it alone to write.
        case file(String)
    }

    private enum Life {
        case running
        case killed
        /// Its number may belong to another by now.
        case ended
    }

    private let number: pid_t
    private let life = Mutex(Life.running)

    /// All that run, so that none is left when this program ends.
    private static let running = Mutex<[pid_t: ChildProcess]>([:])

    /// Starts a program.
    ///
    /// - Parameters:
    ///   - arguments: the first is the program, looked for on the `PATH` of this process unless it holds a slash.
    ///   - environment: all that it finds in its environment; nil: what this process has.
    ///   - directory: where it begins; nil: where this process is.
    /// - Throws: where it could not be started; nothing is left of it then.
    public init(
        _ arguments: [String], environment: [String: String]?, directory: String? = nil, input: Stream = .null, output: Stream = .null,
        errors: Stream = .null
    ) throws(SystemFailure) {
        guard let program = arguments.first else { throw SystemFailure("there is no program to start") }
        let variables = environment?.map { "\($0.key)=\($0.value)" }.sorted()
        for text in arguments + (variables ?? []) where text.utf8.contains(0) {
            throw SystemFailure("an argument or variable of \(program) holds a NUL byte, which no process can be given")
        }
        if let directory {
            var status = stat()
            guard stat(directory, &status) == 0 else { throw SystemFailure("chdir \(directory)", errno) }
            guard status.st_mode & S_IFMT == S_IFDIR else { throw SystemFailure("chdir \(directory)", ENOTDIR) }
        }
        let actions = try FileActions(directory, [input, output, errors])
        let attributes = try SpawnAttributes()
        var number = pid_t()
        let code = Self.withStrings(arguments) { argv in
            guard let variables else { return actions.spawn(&number, program, attributes, argv, environ) }
            return Self.withStrings(variables) { actions.spawn(&number, program, attributes, argv, $0) }
        }
        guard code == 0 else { throw SystemFailure("fork/exec \(program)", code) }
        self.number = number
        Self.running.withLock { $0[number] = self }
    }

    /// Kills all programs that are still running, each with what it has started: for when this program is about to end.
    public static func killAll() {
        for child in running.withLock({ Array($0.values) }) { child.kill() }
    }

    /// Kills it and all that it has started, unless it has ended.
    public func kill() {
        life.withLock { life in
            guard case .running = life else { return }
            life = .killed
            Glibc.kill(-number, SIGKILL)
        }
    }

    /// It was killed before it had ended by itself.
    public var wasKilled: Bool {
        life.withLock { life in
            if case .killed = life { return true }
            return false
        }
    }

    /// How it ended; nil while it runs, unless that is to be waited for: then it blocks. Once it is known it is not to be asked again.
    ///
    /// - Parameter killingRest: what it has started and left behind ends with it.
    public func reap(waiting: Bool, killingRest: Bool = false) -> End? {
        var information = siginfo_t()
        var code: Int32 = 0
        // Looked at first and taken then: while it is being killed its number must be its own.
        repeat {
            code = waitid(P_PID, id_t(number), &information, WEXITED | WNOWAIT | (waiting ? 0 : WNOHANG))
        } while code != 0 && errno == EINTR
        if code != 0 {
            forget()
            return .lost("its end is not known: \(String(cString: strerror(errno)))")
        }
        if !waiting, information.si_signo == 0 { return nil }
        defer { forget() }
        return life.withLock { life in
            if killingRest { Glibc.kill(-number, SIGKILL) }
            if case .running = life { life = .ended }
            var status: Int32 = 0
            guard waitpid(number, &status, 0) == number else { return .lost("its end is not known") }
            let signal = status & 0x7F
            return signal == 0 ? .exited((status >> 8) & 0xFF) : .signalled(signal)
        }
    }

    private func forget() {
        Self.running.withLock { running in
            if running[number] === self { running[number] = nil }
        }
    }

    /// A list of C strings that ends with a null pointer.
    private static func withStrings<Result>(
        _ texts: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>?) -> Result
    ) -> Result {
        var pointers: [UnsafeMutablePointer<CChar>?] = texts.map { strdup($0) }
        pointers.append(nil)
        defer { for pointer in pointers { free(pointer) } }
        return pointers.withUnsafeBufferPointer { body($0.baseAddress) }
    }
}
