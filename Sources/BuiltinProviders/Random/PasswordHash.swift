import FunctionLibrary

/// Hashes of passwords.
enum PasswordHash {
    /// Of the first 72 bytes, which are all that bcrypt looks at. Takes a tenth of a second.
    static func bcrypt(_ text: String) -> String {
        Bcrypt.hash(Array(text.utf8.prefix(72)), salt: randomBytes(16), cost: 10)
    }
}
