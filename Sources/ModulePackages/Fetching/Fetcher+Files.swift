import ConfigModel
import Crypto
import FoundationEssentials
import Glibc

/// Folders and archives on this machine, by an absolute path.
extension Fetcher {
    func fetchFile(_ package: RemotePackage, into folder: String) async throws(PackageFailure) -> Fetched {
        let path = PackageURL(package.url).path
        var status = stat()
        guard path.hasPrefix("/"), stat(path, &status) == 0 else {
            throw .download(package.description, "there is no such file or directory.")
        }
        if status.st_mode & S_IFMT == S_IFDIR {
            do {
                try FileManager.default.copyItem(atPath: path, toPath: folder)
            } catch {
                throw .download(package.description, "\(error).")
            }
            return Fetched()
        }
        guard let format = ArchiveFormat(path: path), Int(status.st_size) <= settings.limits.archiveBytes else {
            throw .download(package.description, "it is neither a directory nor an archive that can be unpacked.")
        }
        let bytes: [UInt8]
        do {
            bytes = Array(try Data(contentsOf: URL(filePath: path)))
        } catch {
            throw .download(package.description, "\(error).")
        }
        try await unpack(bytes, format, package, into: folder)
        return Fetched(revision: "sha256:\(hexadecimal(SHA256.hash(data: bytes)))")
    }
}
