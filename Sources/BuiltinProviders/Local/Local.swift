extension BuiltinProvider {
    /// `local_file` and its kin.
    public static let local = BuiltinProvider(name: "local", version: "2.5.3", types: [])
}
