import Values

extension Function {
    /// Functions of the built-in provider `local`.
    static let ofLocal: [Function] = [
        Function("provider::local::direxists", [.string("path")], returns: .bool, "Whether there is such a directory.") { call in
            let path = try call.string(0)
            do {
                if try call.environment.fileExists(FilePath.clean(path)) {
                    throw FunctionError.argument(0, "Invalid file mode detected: \(quoted(path)) was found, but is not a directory")
                }
                return .false
            } catch let failure as FileFailure {
                switch failure {
                case .isDirectory: return .true
                case .missing: return .false
                case .notRegular(let kind):
                    throw FunctionError.argument(0, "Invalid file mode detected: \(quoted(path)) was found, but is \(kind)")
                case .other(let message): throw FunctionError.argument(0, "Error checking for directory: \(message)")
                }
            }
        }
    ]
}
