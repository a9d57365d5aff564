/// A package of modules that a configuration needs: who asks the same twice gets the same.
public struct PackageRequest: Sendable, Hashable {
    public enum Origin: Sendable, Hashable {
        case registry(RegistryModule)
        case remote(RemotePackage)
    }

    public var origin: Origin
    /// As it is written; empty where any version will do. Only a registry has versions.
    public var constraint: String

    public init(origin: Origin, constraint: String = "") {
        self.origin = origin
        self.constraint = constraint
    }

    /// For people, without credentials.
    public var title: String {
        switch origin {
        case .registry(let module): module.description
        case .remote(let package): package.description
        }
    }
}

/// What is known of a package that a configuration needs.
public enum PackageAnswer: Sendable, Hashable {
    /// The directory that it is in, as modules in it are named by, and the folder in it that stands for the whole: a registry may name one.
    case installed(directory: String, subdirectory: String)
    /// It must be fetched first, which is reported.
    case absent
    /// Somebody has noted that it is needed and will see to it: nothing is said.
    case awaited
}
