import ConfigModel
import Crypto
import FoundationEssentials
import Transport

/// Archives, and pages that say where a package really is.
extension Fetcher {
    func fetchOverHTTP(_ package: RemotePackage, into folder: String, revision: String?, hops: Int) async throws(PackageFailure) -> Fetched
    {
        let address = PackageURL(package.url)
        var format = ArchiveFormat(path: address.path)
        if let word = address["archive"] {
            format = ArchiveFormat(ending: word)
            if format == nil, word != "false" { throw .download(package.description, "\"\(word)\" is no archive that can be unpacked.") }
        }
        guard let format else { return try await follow(package, address, into: folder, revision: revision, hops: hops) }
        var options = settings.requestOptions
        options.timeout = 600
        options.maximumResponseBytes = settings.limits.archiveBytes
        let response = try await send(HTTPRequest(url: address.url, options: options), package)
        let digest = hexadecimal(SHA256.hash(data: response.body))
        if let checksum = address["checksum"] { try check(response.body, checksum, package) }
        try await unpack(response.body, format, package, into: folder)
        return Fetched(revision: "sha256:\(digest)")
    }

    /// A page that is no archive names the package in a header, or in an element of its head.
    private func follow(
        _ package: RemotePackage, _ address: PackageURL, into folder: String, revision: String?, hops: Int
    ) async throws(PackageFailure) -> Fetched {
        if hops >= 5 { throw .download(package.description, "one address leads to another more than five times.") }
        let url = address.url + (address.url.contains("?") ? "&" : "?") + "terraform-get=1"
        let response = try await send(HTTPRequest(url: url, options: settings.requestOptions), package)
        guard let found = response.header("X-Terraform-Get") ?? Self.metaElement(in: response.body) else {
            throw .download(
                package.description, "it is neither an archive nor a page that names one.",
                hints: ["An archive is known by the end of its name, or by ?archive=zip and its like."])
        }
        return try await fetch(location: found, relativeTo: address.url, into: folder, package, revision: revision, hops: hops + 1)
    }

    /// Fetches what a registry or a page names.
    func fetch(
        location: String, relativeTo base: String, into folder: String, _ package: RemotePackage, revision: String?, hops: Int
    ) async throws(PackageFailure) -> Fetched {
        let resolved = Self.resolve(location, base)
        let target: (package: RemotePackage, subdirectory: String)
        do throws(ModuleAddress.Fault) {
            target = try RemotePackage.taken(apart: resolved)
        } catch {
            throw .download(package.description, "it leads to an address that cannot be used: \(error).")
        }
        // A page elsewhere must not name the files of this machine.
        guard target.package.getter != "file", !target.package.url.hasPrefix("file:"), !target.package.url.hasPrefix("/") else {
            throw .download(package.description, "it leads to a path on this machine.")
        }
        var fetched = try await fetch(target.package, into: folder, revision: revision, hops: hops)
        fetched.subdirectory = [target.subdirectory, fetched.subdirectory].filter { !$0.isEmpty }.joined(separator: "/")
        return fetched
    }

    /// A location that begins with `/`, `./` or `../` is relative to the page that names it.
    static func resolve(_ location: String, _ base: String) -> String {
        guard ["/", "./", "../"].contains(where: { location.hasPrefix($0) }), let start = base.firstRange(of: "://")?.upperBound else {
            return location
        }
        let end = base[start...].firstIndex { $0 == "/" || $0 == "?" } ?? base.endIndex
        let origin = base[..<end]
        if location.hasPrefix("/") { return origin + location }
        let path = base[end...].prefix { $0 != "?" }
        let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? ""
        let query = location.firstIndex(of: "?") ?? location.endIndex
        // The slashes that stand for a folder in the package stay.
        let pieces = location[..<query].split(separator: "//", maxSplits: 1).map(String.init)
        let first = cleanPath("/" + folder + "/" + (pieces.first ?? ""))
        return origin + first + (pieces.count > 1 ? "//" + pieces[1] : "") + location[query...]
    }

    static func host(of url: String) -> String {
        guard let start = url.firstRange(of: "://")?.upperBound else { return "" }
        let authority = url[start...].prefix { $0 != "/" && $0 != "?" }
        return authority.split(separator: "@").last.map { $0.lowercased() } ?? ""
    }

    private func send(_ request: HTTPRequest, _ package: RemotePackage) async throws(PackageFailure) -> HTTPResponse {
        var request = request
        // A user in the URL is a header: the URL goes into messages.
        if let (url, header) = Self.withoutUser(request.url) {
            request.url = url
            request.headers.append(header)
        }
        let response: HTTPResponse
        do throws(TransportFailure) {
            response = try await settings.transport.send(request)
        } catch {
            throw .download(package.description, error.message, hints: error.hints)
        }
        guard (200..<300).contains(response.status) else {
            throw .download(package.description, "the server answered with status \(response.status).")
        }
        return response
    }

    private static func withoutUser(_ url: String) -> (String, HTTPHeader)? {
        guard let start = url.firstRange(of: "://")?.upperBound else { return nil }
        let end = url[start...].firstIndex { $0 == "/" || $0 == "?" } ?? url.endIndex
        guard let at = url[start..<end].lastIndex(of: "@") else { return nil }
        let user = PackageURL.decoded(url[start..<at])
        let header = HTTPHeader("Authorization", "Basic \(Data(user.utf8).base64EncodedString())", isSensitive: true)
        return (String(url[..<start] + url[url.index(after: at)...]), header)
    }

    /// `sha256:…`, or a digest alone, whose length says what it is.
    private func check(_ bytes: [UInt8], _ checksum: String, _ package: RemotePackage) throws(PackageFailure) {
        let parts = checksum.split(separator: ":", maxSplits: 1).map(String.init)
        let expected = (parts.last ?? "").lowercased()
        let name = parts.count == 2 ? parts[0] : [32: "md5", 40: "sha1", 64: "sha256", 128: "sha512"][expected.count] ?? ""
        let actual: String
        switch name {
        case "md5": actual = hexadecimal(Insecure.MD5.hash(data: bytes))
        case "sha1": actual = hexadecimal(Insecure.SHA1.hash(data: bytes))
        case "sha256": actual = hexadecimal(SHA256.hash(data: bytes))
        case "sha512": actual = hexadecimal(SHA512.hash(data: bytes))
        default: throw .download(package.description, "checksum must be md5, sha1, sha256 or sha512, a colon and the digest.")
        }
        if actual != expected {
            throw .download(package.description, "the archive is not the one expected: its \(name) digest is \(actual), not \(expected).")
        }
    }

    /// The content of `<meta name="terraform-get" content="…">` in a page's head.
    static func metaElement(in page: [UInt8]) -> String? {
        var rest = String(decoding: page.prefix(1 << 20), as: UTF8.self)[...]
        while let start = rest.firstRange(of: "<") {
            rest = rest[start.upperBound...]
            let element = rest.prefix { $0 != ">" }
            let name = element.prefix { !$0.isWhitespace && $0 != "/" }.lowercased()
            if name == "body" { return nil }
            guard name == "meta", attribute("name", of: element)?.lowercased() == "terraform-get" else { continue }
            if let content = attribute("content", of: element) { return content.replacing("&amp;", with: "&") }
        }
        return nil
    }

    private static func attribute(_ name: String, of element: Substring) -> String? {
        var rest = element
        while let sign = rest.firstIndex(of: "=") {
            let found = rest[..<sign].trimmed.split(whereSeparator: \.isWhitespace).last.map { $0.lowercased() }
            rest = rest[rest.index(after: sign)...].drop { $0.isWhitespace }
            guard let quote = rest.first else { return nil }
            let isQuoted = quote == "\"" || quote == "'"
            if isQuoted { rest = rest.dropFirst() }
            let value = rest.prefix { isQuoted ? $0 != quote : !$0.isWhitespace && $0 != "/" }
            if found == name { return String(value) }
            rest = rest[value.endIndex...]
            if isQuoted { rest = rest.dropFirst() }
        }
        return nil
    }
}

func hexadecimal(_ digest: some Sequence<UInt8>) -> String {
    digest.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
}
