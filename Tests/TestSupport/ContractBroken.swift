/// A promise of a seam that an implementation did not keep.
public struct ContractBroken: Error, CustomStringConvertible, Sendable {
    public let description: String

    public init(_ description: String, file: StaticString = #fileID, line: UInt = #line) {
        self.description = "\(description) (\(file):\(line))"
    }
}

func require(_ condition: Bool, _ promise: @autoclosure () -> String, file: StaticString = #fileID, line: UInt = #line) throws {
    if !condition { throw ContractBroken(promise(), file: file, line: line) }
}
