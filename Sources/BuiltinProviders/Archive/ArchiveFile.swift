import Addresses
import Crypto
import Diagnostics
import ProviderKit
import Values

extension BuiltinProvider {
    /// `archive_file`, as a data source and as a resource.
    public static let archive = BuiltinProvider(
        name: "archive", version: "2.8.0", types: [ArchiveFile()], dataSources: [ArchiveFileData()])
}

/// Arguments and answers of both.
private enum ArchiveArguments {
    static let block: BlockSchema = BlockSchema(
        attributes: [
            .argument("type", .string, isRequired: true, "zip or tar.gz."),
            .argument("output_path", .string, isRequired: true, "Path of the archive; missing directories are made."),
            .argument("source_file", .string, "Path of the one file to put into it."),
            .argument("source_dir", .string, "Path of a directory, all of which goes into it."),
            .argument("source_content", .string, "The content of the one file in it, which source_content_filename names."),
            .argument("source_content_filename", .string, "The name of the file that has source_content."),
            .argument("excludes", .set(.string), "What of source_dir is left out: paths from there, with *, ?, [a-z], {a,b} and **."),
            .argument("exclude_symlink_directories", .bool, "Whether directories that links lead to are left out."),
            .argument("output_file_mode", .string, "Mode of all files in it, in octal digits, such as \"0644\"; their own where not set."),
            .computed("output_size", .number, "The archive's length in bytes."),
            .computed("output_md5", .string, "The archive's MD5 in hexadecimal."),
            .computed("output_sha", .string, "The archive's SHA-1 in hexadecimal."),
            .computed("output_sha256", .string, "The archive's SHA-256 in hexadecimal."),
            .computed("output_base64sha256", .string, "The archive's SHA-256 in base64."),
            .computed("output_sha512", .string, "The archive's SHA-512 in hexadecimal."),
            .computed("output_base64sha512", .string, "The archive's SHA-512 in base64."),
            .computed("id", .string, "The archive's SHA-1 in hexadecimal."),
        ],
        blocks: [
            NestedBlockSchema(
                name: "source", nesting: .set,
                block: BlockSchema(
                    attributes: [
                        AttributeSchema(name: "content", type: .string, isRequired: true, description: "The file's content."),
                        AttributeSchema(name: "filename", type: .string, isRequired: true, description: "The file's name in the archive."),
                    ], description: "A file in the archive."))
        ], description: "An archive of files.")

    static func faults(_ configuration: Value) -> [Diagnostic] {
        var faults: [Diagnostic] = []
        if let type = configuration.string("type"), type != "zip", type != "tar.gz" {
            faults.append(
                argumentFault("type", "Archive creation error", "error creating archive: archive type not supported: \(type)"))
        }
        func isGiven(_ name: String) -> Bool {
            guard let value = configuration[name] else { return false }
            return name == "source" ? value.isUnknown || value.elements?.isEmpty == false : !value.isNull
        }
        let kinds = [["source"], ["source_content", "source_content_filename"], ["source_file"], ["source_dir"]]
        let given = kinds.filter { $0.contains(where: isGiven) }
        if given.isEmpty {
            faults.append(
                argumentFault(
                    "Missing Attribute Configuration",
                    "At least one of these attributes must be configured: [source,source_content_filename,source_file,source_dir]"))
        } else if given.count > 1 {
            faults.append(
                argumentFault(
                    given[1][0], "Invalid Attribute Combination",
                    "Attribute \"\(given[0][0])\" cannot be specified when \"\(given[1][0])\" is specified"))
        } else if isGiven("source_content"), !isGiven("source_content_filename") {
            faults.append(
                argumentFault(
                    "source_content", "Missing Attribute Configuration",
                    "At least one of these attributes must be configured: [source,source_content_filename,source_file,source_dir]"))
        }
        if isGiven("excludes"), !isGiven("source_dir"), let other = given.first?.first, other != "source" {
            faults.append(
                argumentFault(
                    "excludes", "Invalid Attribute Combination",
                    "Attribute \"\(other)\" cannot be specified when \"excludes\" is specified"))
        }
        return faults
    }

    /// The archive of what there is now. It blocks.
    static func archive(_ arguments: Value) throws(ProviderFailure) -> [UInt8] {
        let members = try ArchiveSources.members(arguments)
        return arguments.string("type") == "zip" ? ZipWriter.archive(members) : TarGzipWriter.archive(members)
    }

    /// Writes it, unless it is there already, and says what it is. It blocks.
    static func write(_ arguments: Value) throws(ProviderFailure) -> [String: Value] {
        let bytes = try archive(arguments)
        let path = arguments.string("output_path") ?? ""
        if try FileWork.read(path) != bytes { try FileWork.write(bytes, to: path, mode: 0o666, directoryMode: 0o755) }
        return values(bytes)
    }

    private static func values(_ bytes: [UInt8]) -> [String: Value] {
        let sha1 = Value.string(sha1(of: bytes))
        let sha256 = Array(SHA256.hash(data: bytes))
        let sha512 = Array(SHA512.hash(data: bytes))
        return [
            "id": sha1, "output_sha": sha1, "output_md5": .string(hexadecimal(Insecure.MD5.hash(data: bytes))),
            "output_sha256": .string(hexadecimal(sha256)), "output_base64sha256": .string(base64(sha256)),
            "output_sha512": .string(hexadecimal(sha512)), "output_base64sha512": .string(base64(sha512)),
            "output_size": .int(bytes.count),
        ]
    }
}

/// `data.archive_file`: the archive is written when it is read, as plans of functions that are deployed from it need it.
struct ArchiveFileData: BuiltinDataSource {
    let schema = ResourceSchema(type: ResourceType("archive_file"), block: ArchiveArguments.block)

    func validate(_ configuration: Value) -> [Diagnostic] { ArchiveArguments.faults(configuration) }

    func read(_ configuration: Value) async throws(ProviderFailure) -> Value {
        let arguments = configuration.unmarked
        return configuration.setting(
            try await Blocking.run { () throws(ProviderFailure) in try ArchiveArguments.write(arguments) })
    }
}

/// `archive_file` as a resource: written when it is created, and again where its sources have changed when it is refreshed.
struct ArchiveFile: PlainType, OutsideType {
    let schema = ResourceSchema(
        type: ResourceType("archive_file"), block: ArchiveArguments.block, identity: ["output_path"])

    func validate(_ configuration: Value) -> [Diagnostic] { ArchiveArguments.faults(configuration) }

    func create(_ planned: Value) async throws(ProviderFailure) -> Value {
        let arguments = planned.unmarked
        return arguments.setting(try await Blocking.run { () throws(ProviderFailure) in try ArchiveArguments.write(arguments) })
    }

    func update(_ planned: Value, from prior: Value) async throws(ProviderFailure) -> Value { try await create(planned) }

    /// The archive stays, as in the reference: what was deployed from it may still need it.
    func delete(_ prior: Value) async throws(ProviderFailure) {}

    /// Sources that are gone leave it as it was: it may be about to be removed itself.
    func read(_ object: Value) async throws(ProviderFailure) -> Value? {
        let arguments = object.unmarked
        do throws(ProviderFailure) {
            return object.setting(try await Blocking.run { () throws(ProviderFailure) in try ArchiveArguments.write(arguments) })
        } catch {
            if error.code == .notFound { return object }
            throw error
        }
    }

    func find(_ planned: Value) async throws(ProviderFailure) -> Value? {
        let arguments = planned.unmarked
        return try await Blocking.run { () throws(ProviderFailure) in
            guard let path = arguments.string("output_path"), let there = try FileWork.read(path) else { return nil }
            // Written in one step: another content was there before.
            guard there == (try ArchiveArguments.archive(arguments)) else { return nil }
            return arguments.setting(try ArchiveArguments.write(arguments))
        }
    }
}
