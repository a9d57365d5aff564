import Evaluation
import FunctionLibrary
import Values

/// All functions, in a world without files.
struct LibraryFunctions: FunctionCalling {
    private static let table = FunctionTable.standard

    var names: [String] { Self.table.names }
    func has(_ name: String) -> Bool { Self.table[name] != nil }

    func call(_ name: String, _ arguments: [Value]) throws(FunctionCallError) -> Value {
        guard let function = Self.table[name] else { throw FunctionCallError(message: "There is no function \(name).") }
        do throws(FunctionError) {
            return try Self.table.call(function, arguments, environment: EmptyWorld())
        } catch {
            throw FunctionCallError(argument: error.argument, message: error.message)
        }
    }

    func readTemplate(_ path: String) throws(FunctionCallError) -> [UInt8] { throw FunctionCallError(message: "There are no files.") }
}

struct EmptyWorld: FunctionEnvironment {
    func readFile(_ path: String) throws -> [UInt8] { throw FileFailure.missing }
    func fileExists(_ path: String) throws -> Bool { false }
    func files(beneath directory: String, levels: Int?) throws -> [String] { [] }
    var homeDirectory: String? { "/home/user" }
    var workingDirectory: String { "/work" }
    var planTime: FunctionInstant? { FunctionInstant(seconds: 1_700_000_000) }
    var applyTime: FunctionInstant? { nil }
    func randomBytes(_ count: Int) -> [UInt8]? { nil }
}
