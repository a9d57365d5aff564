/// A resource type's name, such as `aws_instance`.
public struct ResourceType: Hashable, Sendable, Codable, RawRepresentable, Comparable {
    public var rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }
    public init(_ name: String) { rawValue = name }
    public static func < (left: Self, right: Self) -> Bool { left.rawValue.utf8.lexicographicallyPrecedes(right.rawValue.utf8) }
}

/// Managed by us, or only read.
public enum ResourceMode: String, Hashable, Sendable, Codable { case managed, data, ephemeral }

/// Which of a repeated block's instances: none (not repeated), `[0]`, `["key"]`.
public enum InstanceKey: Hashable, Sendable, Codable, Comparable, CustomStringConvertible {
    case none
    case index(Int)
    case key(String)

    public static func < (left: Self, right: Self) -> Bool {
        switch (left, right) {
        case (.index(let a), .index(let b)): a < b
        case (.key(let a), .key(let b)): a.utf8.lexicographicallyPrecedes(b.utf8)
        case (.none, .none): false
        default: left.rank < right.rank
        }
    }

    private var rank: Int {
        switch self {
        case .none: 0
        case .index: 1
        case .key: 2
        }
    }

    public var description: String {
        switch self {
        case .none: ""
        case .index(let index): "[\(index)]"
        case .key(let key): "[\(quoted(key))]"
        }
    }
}

/// A resource block's type and name, within its module: `aws_instance.web`, `data.aws_ami.debian`.
public struct ResourceName: Hashable, Sendable, Codable, Comparable, CustomStringConvertible {
    public var mode: ResourceMode
    public var type: ResourceType
    public var name: String

    public init(_ mode: ResourceMode = .managed, type: ResourceType, name: String) {
        self.mode = mode
        self.type = type
        self.name = name
    }

    public static func < (left: Self, right: Self) -> Bool {
        if left.mode != right.mode { return left.mode.order < right.mode.order }
        if left.type != right.type { return left.type < right.type }
        return left.name.utf8.lexicographicallyPrecedes(right.name.utf8)
    }

    public var description: String {
        switch mode {
        case .managed: "\(type.rawValue).\(name)"
        case .data: "data.\(type.rawValue).\(name)"
        case .ephemeral: "ephemeral.\(type.rawValue).\(name)"
        }
    }
}

extension ResourceMode {
    /// Data before managed, as the reference lists them.
    var order: Int {
        switch self {
        case .data: 0
        case .ephemeral: 1
        case .managed: 2
        }
    }
}

/// A resource of one module instance, all its instances together.
public struct ResourceAddress: Hashable, Sendable, Codable, Comparable, CustomStringConvertible {
    public var module: ModulePath
    public var resource: ResourceName

    public init(module: ModulePath = .root, resource: ResourceName) {
        self.module = module
        self.resource = resource
    }

    public func instance(_ key: InstanceKey) -> ResourceInstanceAddress { ResourceInstanceAddress(resource: self, key: key) }

    public static func < (left: Self, right: Self) -> Bool {
        left.module == right.module ? left.resource < right.resource : left.module < right.module
    }

    public var description: String { module.isRoot ? resource.description : "\(module).\(resource)" }
}

extension ResourceAddress {
    /// Without kind steps, which published formats do not know.
    public var publishedDescription: String { module.isRoot ? resource.description : "\(module.publishedDescription).\(resource)" }
    /// Without instance keys either.
    public var publishedCall: String { module.isRoot ? resource.description : "\(module.call.publishedDescription).\(resource)" }
}

/// Address of one resource instance.
public struct ResourceInstanceAddress: Hashable, Sendable, Codable, Comparable, CustomStringConvertible {
    public var resource: ResourceAddress
    public var key: InstanceKey

    public init(resource: ResourceAddress, key: InstanceKey) {
        self.resource = resource
        self.key = key
    }

    public var module: ModulePath { resource.module }
    public var type: ResourceType { resource.resource.type }
    public var mode: ResourceMode { resource.resource.mode }

    public static func < (left: Self, right: Self) -> Bool {
        left.resource == right.resource ? left.key < right.key : left.resource < right.resource
    }

    public var description: String { resource.description + key.description }
}

/// `.current`, or an object that a replacement has superseded and that still awaits its delete.
public enum Generation: Hashable, Sendable, Codable, Comparable, CustomStringConvertible {
    case current
    /// Eight hexadecimal digits, derived from the plan's digest and the vertex.
    case deposed(String)

    public static func < (left: Self, right: Self) -> Bool {
        switch (left, right) {
        case (.current, .deposed): true
        case (.deposed(let a), .deposed(let b)): a < b
        default: false
        }
    }

    public var description: String {
        switch self {
        case .current: ""
        case .deposed(let key): " (deposed object \(key))"
        }
    }
}

/// One object: an instance's current one, or one of its deposed.
public struct ObjectAddress: Hashable, Sendable, Codable, Comparable, CustomStringConvertible {
    public var instance: ResourceInstanceAddress
    public var generation: Generation

    public init(_ instance: ResourceInstanceAddress, _ generation: Generation = .current) {
        self.instance = instance
        self.generation = generation
    }

    public static func < (left: Self, right: Self) -> Bool {
        left.instance == right.instance ? left.generation < right.generation : left.instance < right.instance
    }

    public var description: String { instance.description + generation.description }
}

/// A key as it stands between quotes in an address.
func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
        switch scalar {
        case "\"": result += "\\\""
        case "\\": result += "\\\\"
        case "\n": result += "\\n"
        case "\r": result += "\\r"
        case "\t": result += "\\t"
        case _ where scalar.steersScreens:
            let digits = String(scalar.value, radix: 16)
            let width = scalar.value > 0xFFFF ? 8 : 4
            result += (width == 8 ? "\\U" : "\\u") + String(repeating: "0", count: width - digits.count) + digits
        default: result.unicodeScalars.append(scalar)
        }
    }
    // `${` and `%{` would begin a template.
    return result.replacing("${", with: "$${").replacing("%{", with: "%%{") + "\""
}

extension Unicode.Scalar {
    /// Of no use in a name but to move the cursor, colour what follows or turn its direction round.
    fileprivate var steersScreens: Bool {
        if value >= 0x20, value < 0x7F { return false }
        return switch properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: true
        default: false
        }
    }
}
