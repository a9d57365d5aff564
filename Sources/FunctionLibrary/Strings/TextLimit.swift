/// How long a text a number may make: one that is longer is a mistake, and would fill the memory.
enum TextLimit {
    /// Of a result, in bytes.
    static let result = 64 << 20
    /// Of a width or a precision.
    static let verb = 1_000_000

    /// - Parameter count: bytes that a result has so far.
    static func check(_ count: Int) throws(FunctionError) {
        if count > result { throw exceeded }
    }

    static let exceeded = FunctionError("the result would be longer than \(result) bytes")
}
