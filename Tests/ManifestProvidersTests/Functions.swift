import Evaluation
import FunctionLibrary
import Values

/// The language's functions, without an outside.
func standardFunctions() -> any FunctionCalling { TableFunctions() }

private struct NoOutside: FunctionEnvironment {
    func readFile(_ path: String) throws -> [UInt8] { throw FileFailure.missing }
    func fileExists(_ path: String) throws -> Bool { false }
    func files(beneath directory: String, levels: Int?) throws -> [String] { [] }
    var homeDirectory: String? { nil }
    var workingDirectory: String { "/" }
    var planTime: FunctionInstant? { nil }
    var applyTime: FunctionInstant? { nil }
    func randomBytes(_ count: Int) -> [UInt8]? { nil }
}

private struct TableFunctions: FunctionCalling {
    let table = FunctionTable.standard

    var names: [String] { table.names }
    func has(_ name: String) -> Bool { table[name] != nil }

    func call(_ name: String, _ arguments: [Value]) throws(FunctionCallError) -> Value {
        guard let function = table[name] else { throw FunctionCallError(message: "There is no function named \"\(name)\".") }
        do throws(FunctionError) {
            return try table.call(function, arguments, environment: NoOutside())
        } catch {
            throw FunctionCallError(argument: error.argument, message: error.message)
        }
    }

    func readTemplate(_ path: String) throws(FunctionCallError) -> [UInt8] { throw FunctionCallError(message: "no files here") }
}
