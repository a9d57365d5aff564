extension BuiltinProvider {
    /// `random_*`.
    public static let random = BuiltinProvider(name: "random", version: "3.7.2", types: [])
}
