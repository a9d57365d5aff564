import Glibc

/// What a path leads to.
public enum FileKind: Sendable {
    case regular, directory, other

    /// Nil where there is nothing.
    ///
    /// - Parameter followingLinks: a link is what it leads to; else it is `other`.
    public init?(of path: String, followingLinks: Bool = true) {
        var status = stat()
        guard (followingLinks ? stat(path, &status) : lstat(path, &status)) == 0 else { return nil }
        switch status.st_mode & S_IFMT {
        case S_IFREG: self = .regular
        case S_IFDIR: self = .directory
        default: self = .other
        }
    }
}
