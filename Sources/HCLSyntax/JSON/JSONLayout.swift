/// How the properties of a JSON object are read where the object stands for a body: JSON alone does not say what is an argument and
/// what a block, nor whether a string is text, a template or a reference.
public struct JSONLayout: Sendable {
    /// What the strings in a property's value are.
    public indirect enum Reading: Sendable {
        /// Templates, as nearly everywhere.
        case expression
        /// Just text, where nothing is evaluated.
        case literal
        /// Expressions of the native syntax: references, keywords, type constraints. Of what is none, the fallback is made.
        case native(Fallback)
        /// An object whose properties are read differently.
        case properties([String: Reading], otherwise: Reading)
    }

    /// What becomes of a string that is no expression of the native syntax.
    public enum Fallback: Sendable {
        /// An expression that is nothing, for the decoder to complain of in its own words.
        case invalid
        /// The text itself.
        case text
        /// Its syntax errors are reported.
        case reported
    }

    /// A property that stands for blocks.
    public struct BlockForm: Sendable {
        /// What each label is: `["type", "name"]`.
        public var labels: [String]
        public var layout: JSONLayout

        public init(labels: [String] = [], _ layout: JSONLayout) {
            self.labels = labels
            self.layout = layout
        }
    }

    public var blocks: [String: BlockForm]
    public var readings: [String: Reading]
    /// Of arguments that `readings` does not name.
    public var otherwise: Reading
    /// No list of objects can stand for it, and a name that is set twice is reported as such a body's is.
    public var holdsOnlyArguments: Bool
    /// A `dynamic` property stands for blocks of blocks that a provider's schema knows.
    public var holdsDynamicBlocks: Bool

    public init(
        blocks: [String: BlockForm] = [:], readings: [String: Reading] = [:], otherwise: Reading = .expression,
        holdsOnlyArguments: Bool = false, holdsDynamicBlocks: Bool = false
    ) {
        self.blocks = blocks
        self.readings = readings
        self.otherwise = otherwise
        self.holdsOnlyArguments = holdsOnlyArguments
        self.holdsDynamicBlocks = holdsDynamicBlocks
    }

    /// A file of variable values.
    public static let values = JSONLayout(otherwise: .literal, holdsOnlyArguments: true)

    /// The content of a block that a provider's schema describes.
    public static let content = JSONLayout(holdsDynamicBlocks: true)

    /// `dynamic "TYPE" { … }`.
    static let dynamic = JSONLayout(
        blocks: ["content": BlockForm(.content)], readings: ["iterator": .native(.invalid)])

    func form(of name: String) -> BlockForm? {
        if let form = blocks[name] { return form }
        return holdsDynamicBlocks && name == "dynamic" ? BlockForm(labels: ["type"], .dynamic) : nil
    }
}
