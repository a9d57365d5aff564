public import StateModel

/// What a document says, taken apart.
public struct StateDocument: Sendable {
    public var lineage: String
    public var serial: Int64
    /// By address.
    public var objects: [StateObject]
    public var outputs: [String: OutputRecord]
    /// Where providers come from, by the names that the records have for them.
    public var sources: [String: String]

    public init(
        lineage: String, serial: Int64, objects: [StateObject] = [], outputs: [String: OutputRecord] = [:], sources: [String: String] = [:]
    ) {
        self.lineage = lineage
        self.serial = serial
        self.objects = objects
        self.outputs = outputs
        self.sources = sources
    }

    /// The version of Terraform whose documents these are.
    static let programVersion = "1.11.4"
    static let formatVersion = 4
}

/// A document cannot be read, or a state not be written as one.
public struct DocumentFault: Error, Sendable {
    /// A clause: what is wrong with it.
    public var reason: String

    init(_ reason: String) { self.reason = reason }
}
