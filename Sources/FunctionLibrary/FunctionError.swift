/// Why a call gave no value, in the reference's words.
public struct FunctionError: Error, Sendable, CustomStringConvertible {
    public enum Place: Hashable, Sendable {
        /// The call as a whole.
        case call
        /// The argument at this index.
        case argument(Int)
        /// There is no argument for the parameter of this index.
        case missing(Int)
        /// There is no parameter for the argument of this index.
        case extra(Int)
    }

    public var place: Place
    /// Without a full stop.
    public var message: String
    /// What the environment threw, if that was something of its own: not a fault, perhaps, but a wish to be asked again.
    public var cause: (any Error)?
    /// Faults of further arguments.
    public var others: [FunctionError] = []

    public init(_ message: String, at place: Place = .call, cause: (any Error)? = nil) {
        self.message = message
        self.place = place
        self.cause = cause
    }

    static func argument(_ index: Int, _ message: String) -> FunctionError { FunctionError(message, at: .argument(index)) }

    /// Index of the argument that is at fault.
    public var argument: Int? {
        switch place {
        case .argument(let index), .extra(let index): index
        case .call, .missing: nil
        }
    }

    public var description: String { message }

    /// The summary line that users know.
    public var summary: String {
        switch place {
        case .call: "Error in function call"
        case .argument: "Invalid function argument"
        case .missing: "Not enough function arguments"
        case .extra: "Too many function arguments"
        }
    }

    /// The sentence beneath the summary.
    /// - Parameter name: the function, as it was called.
    public func detail(of function: Function, calledAs name: String) -> String {
        switch place {
        case .argument(let index):
            if let parameter = function.parameter(at: index) {
                return "Invalid value for \(quoted(parameter.name)) parameter: \(message)."
            }
            return "Call to function \(quoted(name)) failed: \(message)."
        case .call: return "Call to function \(quoted(name)) failed: \(message)."
        case .missing(let index):
            let least = function.variadic == nil ? "" : " at least"
            let missing = function.parameter(at: index)?.name ?? ""
            return
                "Function \(quoted(name)) expects\(least) \(function.parameters.count) argument(s). Missing value for \(quoted(missing))."
        case .extra: return "Function \(quoted(name)) expects only \(function.parameters.count) argument(s)."
        }
    }
}
