import Glibc

/// A system call that failed, as a clause: `chdir /nowhere: no such file or directory`.
public struct SystemFailure: Error, CustomStringConvertible, Sendable {
    public let description: String
    /// `errno` of the call; 0 where none was made.
    public let code: Int32

    public init(_ what: String, _ code: Int32) {
        let text = String(cString: strerror(code))
        description = "\(what): \(text.prefix(1).lowercased())\(text.dropFirst())"
        self.code = code
    }

    public init(_ description: String) {
        self.description = description
        code = 0
    }
}
