import Addresses
public import Diagnostics
import FoundationEssentials
public import PlanModel
import StateModel
import Values

/// A plan on disk: the plan as a value, and its digest.
public struct SavedPlan: Sendable, Codable {
    public var plan: Plan
    public var digest: String
    /// The program that wrote it.
    public var program: String

    public init(plan: Plan, digest: String, program: String) {
        self.plan = plan
        self.digest = digest
        self.program = program
    }

    static let magic = Array("ashlar-plan 1\n".utf8)

    /// Deterministic.
    public func encoded() throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return Self.magic + [UInt8](try encoder.encode(self))
    }

    /// - Throws: a diagnostic that says what the file is not.
    public init(_ bytes: [UInt8], path: String) throws(DiagnosticError) {
        guard bytes.starts(with: Self.magic) else {
            throw DiagnosticError(
                .error(
                    "Failed to load \"\(path)\" as a plan file",
                    "\(path) is not a plan that this program wrote.", hints: ["Write one with: ashlar plan -out=\(path)"]))
        }
        do {
            self = try JSONDecoder().decode(SavedPlan.self, from: Data(bytes[Self.magic.count...]))
        } catch {
            throw DiagnosticError(
                .error(
                    "Failed to load \"\(path)\" as a plan file", "\(path) is damaged: it begins as a plan and does not go on as one.",
                    hints: ["Plan again with: ashlar plan -out=\(path)"]))
        }
        let isWhole: Bool
        do throws(RecordError) {
            isWhole = try plan.digest() == digest
        } catch {
            isWhole = false
        }
        // Up to the end of the year 9999: what shows the time, and functions that count from it, rely on it.
        let isTime = (0..<253_402_300_800).contains(plan.createdAt)
        guard isWhole && isTime || plan.formatVersion > Plan.currentFormatVersion else {
            throw DiagnosticError(
                .error(
                    "Failed to load \"\(path)\" as a plan file", "\(path) is damaged: what it holds is not what was saved.",
                    hints: ["Plan again."]))
        }
        guard plan.formatVersion <= Plan.currentFormatVersion else {
            throw DiagnosticError(
                .error(
                    "Plan file is too new",
                    "\(path) has format \(plan.formatVersion), written by \(program); this program reads up to \(Plan.currentFormatVersion).",
                    hints: ["Use the program that wrote it, or plan again."]))
        }
    }
}
