extension BuiltinProvider {
    /// `time_*`.
    public static let time = BuiltinProvider(name: "time", version: "0.13.1", types: [])
}
