/// What a module's `source` names, taken apart as the reference does it.
public enum ModuleAddress: Sendable, Hashable {
    /// A directory, relative to the one of the module that calls.
    case local(String)
    case registry(RegistryModule, subdirectory: String)
    case remote(RemotePackage, subdirectory: String)

    /// Why a text is no address, as a clause.
    public struct Fault: Error, Sendable, Hashable, CustomStringConvertible {
        public let description: String
        init(_ description: String) { self.description = description }
    }

    /// - Parameter hasVersion: whether a `version` stands beside it, which only modules of a registry have.
    public init(_ text: String, hasVersion: Bool) throws(Fault) {
        let isLocal = ["./", "../", ".\\", "..\\"].contains { text.hasPrefix($0) }
        if hasVersion {
            if isLocal { throw Fault("\"\(text)\" is a local directory, which has no versions") }
            self = try Self.registry(text)
            return
        }
        if isLocal {
            self = .local(text.replacing("\\", with: "/"))
            return
        }
        do {
            self = try Self.registry(text)
        } catch {
            // Not of a registry: then of anywhere.
            self = try Self.remote(text)
        }
    }

    private static func registry(_ text: String) throws(Fault) -> ModuleAddress {
        let (package, subdirectory) = try splitSubdirectory(text)
        return .registry(try RegistryModule(package), subdirectory: subdirectory)
    }

    private static func remote(_ text: String) throws(Fault) -> ModuleAddress {
        let (package, subdirectory) = try RemotePackage.taken(apart: text)
        return .remote(package, subdirectory: subdirectory)
    }

    /// The package and the folder in it that `//` names; a query behind belongs to the package.
    ///
    /// - Throws: where the folder lies outside of the package.
    static func splitSubdirectory(_ text: String) throws(Fault) -> (package: String, subdirectory: String) {
        let query = text.firstIndex(of: "?") ?? text.endIndex
        let path = text[..<query]
        let start = path.firstRange(of: "://")?.upperBound ?? path.startIndex
        guard let slashes = path[start...].firstRange(of: "//") else { return (text, "") }
        let folder = cleanPath("/" + path[slashes.upperBound...])
        let depth = path[slashes.upperBound...].split(separator: "/").reduce(into: (now: 0, least: 0)) { depth, part in
            depth.now += part == ".." ? -1 : part == "." ? 0 : 1
            depth.least = min(depth.least, depth.now)
        }
        if depth.least < 0 { throw Fault("its folder \"\(path[slashes.upperBound...])\" lies outside of the package") }
        return (String(path[..<slashes.lowerBound] + text[query...]), String(folder.dropFirst()))
    }
}

/// `hashicorp/consul/aws`, with the host that it is registered at.
public struct RegistryModule: Sendable, Hashable, CustomStringConvertible {
    /// In lower case, with a port where one was written.
    public let host: String
    public let namespace: String
    public let name: String
    public let provider: String

    public static let defaultHost = "registry.terraform.io"
    /// Hosts of repositories, which must not be taken for registries.
    private static let repositoryHosts = ["bitbucket.org", "github.com"]

    init(_ text: String) throws(ModuleAddress.Fault) {
        var parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 3 || parts.count == 4 else {
            throw .init("an address of a registry has three or four parts with slashes between them")
        }
        if parts[0].contains(".") {
            host = parts.removeFirst().lowercased()
            if Self.repositoryHosts.contains(host) {
                throw .init("\(host) is no registry: repositories are named without a version")
            }
            guard parts.count == 3 else { throw .init("three more parts must follow the host name") }
            guard Self.isHost(host) else { throw .init("\"\(host)\" is no host name") }
        } else {
            host = Self.defaultHost
            guard parts.count == 3 else { throw .init("\"\(parts[0])\" is no host name") }
        }
        (namespace, name, provider) = (parts[0], parts[1], parts[2])
        guard Self.isName(namespace), Self.isName(name) else {
            throw .init("names have letters, digits, dashes and underscores, and neither begin nor end with a dash or underscore")
        }
        guard (1...64).contains(provider.utf8.count), provider.utf8.allSatisfy({ isLower($0) || isDigit($0) }) else {
            throw .init("the last part names a provider in lower-case letters and digits")
        }
    }

    private static func isName(_ text: String) -> Bool {
        guard (1...64).contains(text.utf8.count), let first = text.utf8.first, let last = text.utf8.last else { return false }
        func isPlain(_ byte: UInt8) -> Bool { isLower(byte | 0x20) || isDigit(byte) }
        return isPlain(first) && isPlain(last)
            && text.utf8.allSatisfy { isPlain($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_") }
    }

    private static func isHost(_ text: String) -> Bool {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        if parts.count > 2 { return false }
        if parts.count == 2, UInt16(parts[1]) == nil { return false }
        return parts[0].split(separator: ".", omittingEmptySubsequences: false).allSatisfy { label in
            !label.isEmpty && label.utf8.count < 64 && !label.hasPrefix("-") && !label.hasSuffix("-")
                && label.unicodeScalars.allSatisfy { $0 == "-" || $0.properties.isAlphabetic || $0.properties.numericType == .decimal }
        }
    }

    /// As people write it: without the host that is meant where none is written.
    public var description: String {
        (host == Self.defaultHost ? "" : "\(host)/") + "\(namespace)/\(name)/\(provider)"
    }
}

private func isLower(_ byte: UInt8) -> Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) }
private func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
