/// All that a function may ask of the outside. The driver answers and records the answers as inputs of the plan; it may also throw an
/// error of its own to say that it must fetch the answer first, which arrives as `FunctionError.cause`.
///
/// Paths are absolute or relative to the working directory, cleaned, with `~` expanded.
public protocol FunctionEnvironment: Sendable {
    /// - Throws: `FileFailure`, or an error of the environment's own.
    func readFile(_ path: String) throws -> [UInt8]
    /// Whether it exists and is a regular file.
    /// - Throws: `FileFailure` for a directory or special file, or an error of the environment's own.
    func fileExists(_ path: String) throws -> Bool
    /// The regular files beneath a directory, hidden ones too, as paths relative to it with `/`, in any order. A directory that does
    /// not exist holds none. Symbolic links are followed.
    /// - Parameter levels: how many components the paths may have at most; nil: any number.
    func files(beneath directory: String, levels: Int?) throws -> [String]
    /// The user's home directory.
    var homeDirectory: String? { get }
    /// Absolute.
    var workingDirectory: String { get }
    /// When the plan was made: `plantimestamp()`. Nil: not known yet.
    var planTime: FunctionInstant? { get }
    /// The run's recorded time: `timestamp()`. Nil while planning.
    var applyTime: FunctionInstant? { get }
    /// The next bytes of the run's recorded randomness; never the same twice. Nil while planning.
    func randomBytes(_ count: Int) -> [UInt8]?
}

/// Why a file could not be had.
public enum FileFailure: Error, Hashable, Sendable {
    case missing
    case isDirectory
    /// A device, socket or pipe: what it is, such as "a named pipe".
    case notRegular(String)
    /// What the system said.
    case other(String)
}

/// A moment, in nanoseconds since 1970 in UTC, leap seconds not counted.
public struct FunctionInstant: Hashable, Sendable {
    public var seconds: Int64
    /// 0 to 999,999,999.
    public var nanoseconds: Int32

    public init(seconds: Int64, nanoseconds: Int32 = 0) {
        self.seconds = seconds
        self.nanoseconds = nanoseconds
    }
}
