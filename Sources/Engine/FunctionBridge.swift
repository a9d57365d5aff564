import Crypto
public import Evaluation
import FunctionLibrary
import Synchronization
import Values

/// The function table as the evaluator calls it.
struct FunctionBridge: FunctionCalling {
    let table: FunctionTable
    let environment: RunEnvironment

    var names: [String] { table.names + ["can", TfvarsDecoding.name, "templatefile", "templatestring", "try"] }
    func has(_ name: String) -> Bool { table[name] != nil || name == TfvarsDecoding.name }

    func isImpure(_ name: String) -> Bool { table[name]?.isImpure ?? false }

    func call(_ name: String, _ arguments: [Value]) throws(FunctionCallError) -> Value {
        if name == TfvarsDecoding.name { return try TfvarsDecoding.call(arguments) }
        guard let function = table[name] else { throw FunctionCallError(message: "There is no function named \"\(name)\".") }
        let wanted = function.parameters.count
        if arguments.count < wanted {
            let missing = function.parameters[arguments.count].name
            throw FunctionCallError(
                message:
                    "Function \"\(name)\" expects \(function.variadic == nil ? "" : "at least ")\(wanted) argument(s). Missing value for \"\(missing)\".",
                isArity: true)
        }
        if function.variadic == nil, arguments.count > wanted {
            throw FunctionCallError(
                argument: wanted, message: "Function \"\(name)\" expects only \(wanted) argument(s).", isArity: true)
        }
        do throws(FunctionError) {
            return try table.call(function, arguments, environment: environment)
        } catch {
            var fault = Self.fault(error, of: function)
            fault.others = error.others.map { Self.fault($0, of: function) }
            throw fault
        }
    }

    func parameters(of name: String) -> (names: [String], rest: String?)? {
        switch name {
        case "templatefile": (["path", "vars"], nil)
        case "templatestring": (["template", "vars"], nil)
        default: table[name].map { ($0.parameters.map(\.name), $0.variadic?.name) }
        }
    }

    private static func fault(_ error: FunctionError, of function: Function) -> FunctionCallError {
        FunctionCallError(
            argument: error.argument, parameter: error.argument.flatMap { function.parameter(at: $0)?.name }, message: error.message)
    }

    func readTemplate(_ path: String) throws(FunctionCallError) -> [UInt8] {
        var expanded = path
        if path == "~" || path.hasPrefix("~/"), let home = environment.homeDirectory { expanded = home + path.dropFirst() }
        do {
            return try environment.readFile(expanded)
        } catch FileFailure.missing {
            throw FunctionCallError(
                argument: 0, parameter: "path",
                message:
                    "no file exists at \"\(path)\"; this function works only with files that are distributed as part of the configuration source code, so if this file will be created by a resource in this configuration you must instead obtain this result from an attribute of that resource"
            )
        } catch FileFailure.notRegular(let kind) {
            throw FunctionCallError(argument: 0, parameter: "path", message: "\"\(path)\" is \(kind), not a regular file")
        } catch FileFailure.isDirectory {
            throw FunctionCallError(argument: 0, parameter: "path", message: "failed to read file: read \(path): is a directory")
        } catch FileFailure.other(let message) {
            throw FunctionCallError(argument: 0, parameter: "path", message: "failed to read file: read \(path): \(message)")
        } catch {
            throw FunctionCallError(argument: 0, parameter: "path", message: "failed to read \(path): \(error)")
        }
    }
}

/// What functions may know of the outside, and the digests of the files they read: a plan keeps those as its inputs.
final class RunEnvironment: FunctionEnvironment {
    let homeDirectory: String?
    let workingDirectory: String
    let planTime: FunctionInstant?
    let applyTime: FunctionInstant?
    private let seed: [UInt8]?
    private let state = Mutex<State>(State())

    private struct State {
        var drawn = 0
        var digests: [String: String] = [:]
        var contents: [String: [UInt8]] = [:]
    }

    /// - Parameters:
    ///   - applyTime: nil while planning.
    ///   - seed: of the run's randomness; nil while planning.
    init(homeDirectory: String?, workingDirectory: String, planTime: Double, applyTime: Double? = nil, seed: [UInt8]? = nil) {
        self.homeDirectory = homeDirectory
        self.workingDirectory = workingDirectory
        self.planTime = FunctionInstant(seconds: Int64(clamping: planTime))
        self.applyTime = applyTime.map { FunctionInstant(seconds: Int64(clamping: $0)) }
        self.seed = seed
    }

    /// Files read so far, by path.
    var fileDigests: [(path: String, digest: String)] {
        state.withLock { $0.digests.map { ($0.key, $0.value) } }.sorted { $0.path.precedesByBytes($1.path) }
    }

    private func absolute(_ path: String) -> String { path.hasPrefix("/") ? path : workingDirectory + "/" + path }

    func readFile(_ path: String) throws -> [UInt8] {
        // Read once a run: two readers of one file in one plan see the same bytes.
        if let known = state.withLock({ $0.contents[path] }) { return known }
        let bytes = try SourceFiles.contents(of: absolute(path))
        let digest = SHA256.hash(data: bytes).map { $0 < 16 ? "0" + String($0, radix: 16) : String($0, radix: 16) }.joined()
        state.withLock {
            $0.digests[path] = digest
            $0.contents[path] = bytes
        }
        return bytes
    }

    func fileExists(_ path: String) throws -> Bool { try SourceFiles.exists(absolute(path)) }

    func files(beneath directory: String, levels: Int?) throws -> [String] {
        try SourceFiles.beneath(absolute(directory), called: directory, levels: levels)
    }

    func randomBytes(_ count: Int) -> [UInt8]? {
        guard let seed else { return nil }
        return state.withLock { state in
            var bytes: [UInt8] = []
            while bytes.count < count {
                state.drawn += 1
                bytes.append(contentsOf: SHA256.hash(data: seed + Array("\(state.drawn)".utf8)))
            }
            return Array(bytes.prefix(count))
        }
    }
}

extension Engine {
    /// The functions alone, reading no files: what manifests are evaluated with.
    public static var plainFunctions: any FunctionCalling {
        FunctionBridge(
            table: .standard, environment: RunEnvironment(homeDirectory: nil, workingDirectory: "/", planTime: 0, applyTime: 0, seed: nil))
    }
}
