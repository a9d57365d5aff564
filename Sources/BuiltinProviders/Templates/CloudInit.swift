import Addresses
import Compression
import Diagnostics
import ProviderKit
import Values

extension BuiltinProvider {
    /// `cloudinit_config`, as a data source and as a resource.
    public static let cloudinit = BuiltinProvider(
        name: "cloudinit", version: "2.4.0", types: [CloudInitConfig()], dataSources: [CloudInitData(isLegacy: false)])
}

/// User data of several parts, in MIME.
enum CloudInit {
    static func block(isLegacy: Bool) -> BlockSchema {
        var attributes: [AttributeSchema] = [
            .argument("gzip", .bool, "Whether to compress it; true where not set."),
            .argument("base64_encode", .bool, "Whether to encode it in base64; true where not set, and must be where it is compressed."),
            .computed("rendered", .string, "The user data."), .computed("id", .string, "A checksum of it."),
        ]
        if !isLegacy { attributes.append(.argument("boundary", .string, "What stands between the parts; MIMEBOUNDARY where not set.")) }
        return BlockSchema(
            attributes: attributes,
            blocks: [
                NestedBlockSchema(
                    name: "part", nesting: .list,
                    block: BlockSchema(
                        attributes: [
                            AttributeSchema(name: "content", type: .string, isRequired: true, description: "What is in it."),
                            AttributeSchema(
                                name: "content_type", type: .string, isOptional: true,
                                description: "What kind it is, such as text/cloud-config; text/plain where not set."),
                            AttributeSchema(name: "filename", type: .string, isOptional: true, description: "Its name."),
                            AttributeSchema(
                                name: "merge_type", type: .string, isOptional: true, description: "How it is merged with those before it."),
                        ], description: "A part of the user data."), minimumItems: isLegacy ? 1 : 0)
            ], description: "User data for cloud-init.")
    }

    static func faults(_ configuration: Value) -> [Diagnostic] {
        guard let base64 = configuration["base64_encode"]?.unmarked, base64.boolValue == false else { return [] }
        let gzip = configuration["gzip"]?.unmarked ?? .null
        guard gzip.isNull || gzip.boolValue == true else { return [] }
        return [
            argumentFault(
                "base64_encode", "Invalid Attribute Configuration", "Expected base64_encode to be set to true when gzip is true.")
        ]
    }

    static func values(_ arguments: Value) -> [String: Value] {
        let text = Array(rendered(arguments).utf8)
        let bytes = arguments.bool("gzip") ?? true ? Gzip.compress(text, isFlushed: false) : text
        let result = arguments.bool("base64_encode") ?? true ? base64(bytes) : String(decoding: bytes, as: UTF8.self)
        return ["rendered": .string(result), "id": .string(String(Checksum.crc32(Array(result.utf8))))]
    }

    private static func rendered(_ arguments: Value) -> String {
        let boundary = arguments.string("boundary") ?? "MIMEBOUNDARY"
        var text = "Content-Type: multipart/mixed; boundary=\"\(boundary)\"\nMIME-Version: 1.0\r\n\r\n"
        for (index, part) in (arguments["part"]?.elements ?? []).enumerated() {
            func field(_ name: String) -> String? { part.string(name).flatMap { $0.isEmpty ? nil : $0 } }
            text += index == 0 ? "--\(boundary)\r\n" : "\r\n--\(boundary)\r\n"
            if let name = field("filename") { text += "Content-Disposition: attachment; filename=\"\(name)\"\r\n" }
            text += "Content-Transfer-Encoding: 7bit\r\n"
            text += "Content-Type: \(field("content_type") ?? "text/plain")\r\n"
            text += "Mime-Version: 1.0\r\n"
            if let merge = field("merge_type") { text += "X-Merge-Type: \(merge)\r\n" }
            text += "\r\n" + (part.string("content") ?? "")
        }
        return text + "\r\n--\(boundary)--\r\n"
    }
}

/// `data.cloudinit_config`, and `data.template_cloudinit_config`, as it was called before.
struct CloudInitData: BuiltinDataSource {
    let schema: ResourceSchema

    init(isLegacy: Bool) {
        var block = CloudInit.block(isLegacy: isLegacy)
        block.isDeprecated = isLegacy
        schema = ResourceSchema(type: ResourceType(isLegacy ? "template_cloudinit_config" : "cloudinit_config"), block: block)
    }

    func validate(_ configuration: Value) -> [Diagnostic] { CloudInit.faults(configuration) }

    func read(_ configuration: Value) async throws(ProviderFailure) -> Value {
        var values = CloudInit.values(configuration.unmarked)
        // Where it is not said, it is as it turned out.
        for (name, fallback) in [("gzip", Value.true), ("base64_encode", .true), ("boundary", .string("MIMEBOUNDARY"))]
        where configuration[name]?.isNull ?? false {
            values[name] = fallback
        }
        return configuration.setting(values)
    }
}

/// `cloudinit_config` as a resource.
struct CloudInitConfig: PlainType, StateOnlyType {
    let schema: ResourceSchema = {
        var block = CloudInit.block(isLegacy: false)
        for index in block.attributes.indices where block.attributes[index].isOptional { block.attributes[index].isComputed = true }
        return ResourceSchema(type: ResourceType("cloudinit_config"), block: block)
    }()
    let defaults: [String: Value] = ["gzip": .true, "base64_encode": .true, "boundary": .string("MIMEBOUNDARY")]

    func validate(_ configuration: Value) -> [Diagnostic] { CloudInit.faults(configuration) }

    func createNow(_ planned: Value) throws(ProviderFailure) -> Value { planned.unmarked.setting(CloudInit.values(planned.unmarked)) }
}
