import Addresses
import Diagnostics
import Glibc
import ProviderKit
import Values

extension BuiltinProvider {
    /// Files of the machine that Ashlar runs on.
    public static let local = BuiltinProvider(
        name: "local", version: "2.5.3", types: [LocalFile(isSensitive: false), LocalFile(isSensitive: true)],
        dataSources: [LocalFileData(isSensitive: false), LocalFileData(isSensitive: true)])
}

/// `local_file` and `local_sensitive_file`.
struct LocalFile: PlainType, OutsideType {
    let schema: ResourceSchema
    let defaults: [String: Value]
    /// The arguments of which just one gives the content.
    private let contents: [String]

    init(isSensitive: Bool) {
        let mode = isSensitive ? "0700" : "0777"
        var attributes =
            ContentDigests.attributes + [
                .argument("filename", .string, isRequired: true, "Path of the file; missing directories are made."),
                .argument("source", .string, "Path of a file whose content to copy."),
                .defaulted("file_permission", .string, "Mode of the file in octal digits, less the umask: \"\(mode)\" where not set."),
                .defaulted("directory_permission", .string, "Mode of directories that are made: \"\(mode)\" where not set."),
            ]
        var text = AttributeSchema.argument("content", .string, "The content as text.")
        var encoded = AttributeSchema.argument("content_base64", .string, "The content in base64.")
        text.isSensitive = isSensitive
        encoded.isSensitive = isSensitive
        attributes += [text, encoded]
        var contents = ["content", "content_base64", "source"]
        if !isSensitive {
            var old = AttributeSchema.argument(
                "sensitive_content", .string, "The content as text that is kept secret: use local_sensitive_file.")
            old.isSensitive = true
            old.isDeprecated = true
            attributes.append(old)
            contents.append("sensitive_content")
        }
        self.contents = contents
        defaults = ["file_permission": .string(mode), "directory_permission": .string(mode)]
        schema = ResourceSchema(
            type: ResourceType(isSensitive ? "local_sensitive_file" : "local_file"),
            block: BlockSchema(
                attributes: attributes, description: isSensitive ? "A local file whose content is kept secret." : "A local file."),
            identity: ["filename"])
    }

    func validate(_ configuration: Value) -> [Diagnostic] {
        var faults: [Diagnostic] = []
        let given = contents.filter { !(configuration[$0]?.isNull ?? true) }
        if given.count != 1 {
            faults.append(
                argumentFault(
                    given.isEmpty ? "Missing Attribute Configuration" : "Invalid Attribute Combination",
                    "Exactly one of these attributes must be configured: [\(contents.joined(separator: ","))]"))
        }
        for name in ["file_permission", "directory_permission"] {
            guard let text = configuration.string(name), Self.mode(text) == nil else { continue }
            faults.append(
                argumentFault(
                    "Invalid File Permission String Value",
                    "Attribute \(name) must be three or four octal digits, such as \"0644\"; \"\(text)\" is not."))
        }
        if let text = configuration.string("content_base64"), bytes(fromBase64: text) == nil {
            faults.append(argumentFault("Invalid base64", "Attribute content_base64 is not in base64."))
        }
        return faults
    }

    static func mode(_ text: String) -> mode_t? {
        (3...4).contains(text.utf8.count) && text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "7")).contains($0) }
            ? mode_t(text, radix: 8) : nil
    }

    // MARK: Work

    func create(_ planned: Value) async throws(ProviderFailure) -> Value {
        let planned = planned.unmarked
        let path = planned.string("filename") ?? ""
        let fileMode = Self.mode(planned.string("file_permission") ?? "") ?? 0o700
        let directoryMode = Self.mode(planned.string("directory_permission") ?? "") ?? 0o700
        return try await Blocking.run { () throws(ProviderFailure) in
            let content = try Self.content(planned)
            try FileWork.write(content, to: path, mode: fileMode, directoryMode: directoryMode)
            return planned.setting(ContentDigests(content).values)
        }
    }

    /// Every argument forces replacement.
    func update(_ planned: Value, from prior: Value) async throws(ProviderFailure) -> Value { try await create(planned) }

    func delete(_ prior: Value) async throws(ProviderFailure) {
        guard let path = prior.string("filename") else { return }
        try await Blocking.run { () throws(ProviderFailure) in try FileWork.remove(path) }
    }

    /// A file is made in one step: one with the content that was wanted is the one, any other was there before.
    func find(_ planned: Value) async throws(ProviderFailure) -> Value? {
        let planned = planned.unmarked
        guard let path = planned.string("filename") else { return nil }
        return try await Blocking.run { () throws(ProviderFailure) in
            FileWork.discardDraft(of: path)
            let wanted = ContentDigests(try Self.content(planned))
            guard let there = try FileWork.read(path), ContentDigests(there).id == wanted.id else { return nil }
            return planned.setting(wanted.values)
        }
    }

    private static func content(_ planned: Value) throws(ProviderFailure) -> [UInt8] {
        if let text = planned.string("content") ?? planned.string("sensitive_content") { return Array(text.utf8) }
        if let text = planned.string("content_base64") {
            guard let decoded = bytes(fromBase64: text) else {
                throw ProviderFailure(
                    .invalidConfiguration, summary: "Invalid base64", detail: "content_base64 is not in base64.",
                    path: .attribute("content_base64"))
            }
            return decoded
        }
        let source = planned.string("source") ?? ""
        guard let content = try FileWork.read(source) else {
            throw ProviderFailure(
                .notFound, summary: "Local file error", detail: "The source file \(source) does not exist.", path: .attribute("source"))
        }
        return content
    }

    /// With the content that the file has now. One copied from a source and changed since counts as gone: what it should be is not recorded.
    func read(_ object: Value) async throws(ProviderFailure) -> Value? {
        guard let path = object.string("filename") else { return nil }
        guard let content = try await Blocking.run({ () throws(ProviderFailure) in try FileWork.read(path) }) else { return nil }
        let digests = ContentDigests(content)
        if digests.id == object["id"] { return object }
        var changed = digests.values
        if object.string("content_base64") != nil {
            changed["content_base64"] = .string(base64(content))
        } else if object.string("content") != nil {
            changed["content"] = .string(String(decoding: content, as: UTF8.self))
        } else if object.string("sensitive_content") != nil {
            changed["sensitive_content"] = .string(String(decoding: content, as: UTF8.self))
        } else {
            return nil
        }
        return object.setting(changed)
    }
}

/// `data.local_file` and `data.local_sensitive_file`.
struct LocalFileData: BuiltinDataSource {
    let schema: ResourceSchema

    init(isSensitive: Bool) {
        schema = ResourceSchema(
            type: ResourceType(isSensitive ? "local_sensitive_file" : "local_file"),
            block: BlockSchema(
                attributes: ContentDigests.attributes + [
                    AttributeSchema(name: "filename", type: .string, isRequired: true, description: "Path of the file."),
                    .computed("content", .string, isSensitive: isSensitive, "The content as text."),
                    .computed("content_base64", .string, isSensitive: isSensitive, "The content in base64."),
                ], description: "The content of a local file."))
    }

    func read(_ configuration: Value) async throws(ProviderFailure) -> Value {
        let path = configuration.string("filename") ?? ""
        guard let content = try await Blocking.run({ () throws(ProviderFailure) in try FileWork.read(path) }) else {
            throw ProviderFailure(
                .notFound, summary: "Read local file data source error",
                detail: "The file at given path cannot be read: \(path) does not exist.",
                path: .attribute("filename"))
        }
        var values = ContentDigests(content).values
        values["content"] = .string(String(decoding: content, as: UTF8.self))
        values["content_base64"] = .string(base64(content))
        return configuration.setting(values)
    }
}
