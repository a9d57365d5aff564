import ConfigModel
import Diagnostics
import Engine
import Evaluation
import HCLSyntax
import PlanModel
import Planning
import Values

/// Which failures were expected, and which conditions of the test hold.
extension TestRunner {
    private static let conditionSummaries: Set<String> = [
        "Check block assertion failed", "Check block assertion known after apply", "Resource precondition failed",
        "Resource postcondition failed", "Module output value precondition failed", "Invalid value for variable",
    ]

    func checkExpectations(of run: TestRun) throws(DiagnosticError) {
        let faults = run.expectations.filter { expectation in
            let root = expectation.address.prefix { $0 != "." && $0 != "[" }
            if ["var", "output", "check"].contains(root) { return false }
            return ["local", "module", "path", "terraform", "run", "each", "count", "self"].contains(root) || expectation.pattern == nil
        }.map { expectation in
            Diagnostic.error(
                "Invalid `expect_failures` reference",
                "You cannot expect failures from \(expectation.address). You can only expect failures from checkable objects such as input variables, output values, check blocks, managed resources and data sources.",
                at: expectation.span)
        }
        if !faults.isEmpty { throw DiagnosticError(faults) }
    }

    /// Takes out what was expected, and says what was expected and did not come.
    func judge(_ found: [Diagnostic], of run: TestRun, _ outcome: inout Outcome, whilePlanning: Bool = false) {
        var met: Set<Int> = []
        var rest: [Diagnostic] = []
        var early: [(Int, Diagnostic)] = []
        for diagnostic in found {
            let isCondition = Self.conditionSummaries.contains(diagnostic.summary)
            let expected = isCondition ? run.expectations.indices.filter { run.expectations[$0].covers(diagnostic.address ?? "") } : []
            if let first = expected.first {
                met.formUnion(expected)
                if whilePlanning, run.command == .apply, diagnostic.severity == .error { early.append((first, diagnostic)) }
                continue
            }
            var told = diagnostic
            // A check that warns elsewhere is what a test is about.
            if isCondition { told.severity = .error }
            rest.append(told)
        }
        for (index, diagnostic) in early {
            rest.append(
                .warning(
                    "Expected failure while planning",
                    "A custom condition within \(run.expectations[index].address) failed while planning, as expected, but this run is to apply: without a plan nothing could be applied, and so the run has failed. What the condition said is told, too.",
                    hints: ["Set command = plan in this run block."]))
            rest.append(diagnostic)
        }
        var seen: Set<Diagnostic> = []
        outcome.diagnostics += rest.filter { seen.insert($0).inserted }
        for index in run.expectations.indices where !met.contains(index) {
            outcome.diagnostics.append(
                .error(
                    "Missing expected failure",
                    "The checkable object, \(run.expectations[index].address), was expected to report an error but did not.",
                    at: run.expectations[index].span))
        }
        if outcome.diagnostics.hasErrors { outcome.status = .error }
    }

    /// Checks that a plan alone cannot decide.
    func undecidedChecks(_ planned: Engine.Planned) async -> [Diagnostic] {
        let undecided = Set(planned.plan.checks.filter { $0.kind == .check && $0.status == .unknown }.map(\.subject))
        let module = await planned.planner.rootModule
        var found: [Diagnostic] = []
        for check in module.checks where undecided.contains("check.\(check.name)") {
            for assertion in check.assertions {
                // One that cannot be evaluated has been told of.
                guard let value = try? await planned.planner.value(of: assertion.condition.expression, in: assertion.condition.file),
                    value.isUnknown
                else { continue }
                found.append(
                    Diagnostic(
                        .error, "Check block assertion known after apply",
                        "The condition could not be evaluated at this time, a result will be known when this plan is applied.",
                        subject: assertion.condition.span, address: "check.\(check.name)",
                        references: await references(in: assertion.condition, planned.planner, [:])))
            }
        }
        return found
    }

    // MARK: Assertions

    /// Evaluates the conditions of a run.
    func look(at run: TestRun, _ planner: Planner, _ configuration: Configuration, _ known: TestVariables, _ outcome: inout Outcome) async {
        var names: [String: Value] = ["run": .object(outputs.sorted { $0.key.precedesByBytes($1.key) }.map { ($0.key, $0.value) })]
        do throws(DiagnosticError) {
            names["output"] = try await planner.rootOutputs()
        } catch {
            outcome.diagnostics += error.diagnostics
            outcome.status = .error
            return
        }
        names["var"] = known.object(with: await planner.rootVariables)
        for assertion in run.assertions {
            do throws(DiagnosticError) {
                try checkNames(in: assertion, configuration, names)
                if let fault = try await fault(of: assertion, planner, names, &outcome) {
                    outcome.diagnostics.append(fault)
                    outcome.status = outcome.status.merged(.fail)
                }
            } catch {
                outcome.diagnostics += error.diagnostics
                outcome.status = .error
            }
        }
    }

    private func checkNames(in assertion: ConditionBlock, _ configuration: Configuration, _ names: [String: Value])
        throws(DiagnosticError)
    {
        for located in [assertion.condition, assertion.errorMessage] {
            for traversal in traversals(in: located.expression) {
                guard let known = names[traversal.root.name], case .attribute(let name)? = traversal.steps.first, known[name.name] == nil
                else { continue }
                let (summary, detail): (String, String)
                switch traversal.root.name {
                case "output":
                    summary = "Reference to undeclared output value"
                    detail = "An output value with the name \"\(name.name)\" has not been declared."
                case "run":
                    summary = "Reference to undeclared run block"
                    detail = "There is no run \"\(name.name)\" declared in this test suite."
                default:
                    summary = "Reference to undeclared input variable"
                    detail =
                        "An input variable with the name \"\(name.name)\" has not been declared. This variable can be declared with a variable \"\(name.name)\" {} block."
                }
                let near = nearestName(name.name, among: (known.entries ?? []).map(\.key))
                throw DiagnosticError(
                    .error(
                        summary, detail, at: SourceSpan(file: located.file, range: traversal.root.range.union(name.range)),
                        hints: near.map { ["Did you mean \"\($0)\"?"] } ?? []))
            }
        }
    }

    /// What is to be said of an assertion that does not hold.
    private func fault(of assertion: ConditionBlock, _ planner: Planner, _ names: [String: Value], _ outcome: inout Outcome)
        async throws(DiagnosticError) -> Diagnostic?
    {
        let condition = assertion.condition
        func invalid(_ detail: String) async -> DiagnosticError {
            DiagnosticError(
                Diagnostic(
                    .error, "Invalid condition run", detail, subject: condition.span,
                    references: await references(in: condition, planner, names)))
        }
        let value = try await planner.value(of: condition.expression, in: condition.file, adding: names)
        let message = try await message(of: assertion, planner, names, &outcome)
        if value.isNull { throw await invalid("Condition expression must return either true or false, not null.") }
        let truth: Value
        do throws(ConversionError) {
            truth = try value.converted(to: .bool)
        } catch {
            throw await invalid("Invalid condition run value: \(error.message).")
        }
        guard let holds = truth.boolValue else {
            throw DiagnosticError(
                Diagnostic(
                    .error, "Unknown condition value",
                    "Condition expression could not be evaluated at this time. This means that the condition refers to a value that is known only when the run is applied.",
                    subject: condition.span, references: await references(in: condition, planner, names),
                    hints: ["Apply in this run block, or override what the value comes from."]))
        }
        if holds { return nil }
        return Diagnostic(
            .error, "Test assertion failed", message, subject: condition.span, references: await references(in: condition, planner, names))
    }

    private func message(of assertion: ConditionBlock, _ planner: Planner, _ names: [String: Value], _ outcome: inout Outcome)
        async throws(DiagnosticError) -> String
    {
        let located = assertion.errorMessage
        let value = try await planner.value(of: located.expression, in: located.file, adding: names)
        if value.holdsSensitive {
            outcome.diagnostics.append(
                .warning(
                    "Error message refers to sensitive values",
                    "The expression of the error message refers to sensitive values, so that the message is not displayed.",
                    at: located.span,
                    hints: ["Leave them out of it, or use nonsensitive() where the message reveals nothing."]))
            return ""
        }
        if value.isNull {
            throw DiagnosticError(
                .error("Invalid error message", "Unsuitable value for error message: must not be null.", at: located.span))
        }
        do throws(ConversionError) {
            return try value.converted(to: .string).stringValue ?? ""
        } catch {
            throw DiagnosticError(
                .error("Invalid error message", "Unsuitable value for error message: \(error.message).", at: located.span))
        }
    }

    private func references(in located: LocatedExpression, _ planner: Planner, _ names: [String: Value]) async
        -> [Diagnostic.ReferencedValue]
    {
        var result: [Diagnostic.ReferencedValue] = []
        for traversal in traversals(in: located.expression) {
            let expression = HCLSyntax.Expression(.traversal(traversal.root, traversal.steps), range: traversal.range)
            // One that is itself at fault has no value to show.
            guard let value = try? await planner.value(of: expression, in: located.file, adding: names), !value.isSensitive else {
                continue
            }
            let reference = Diagnostic.ReferencedValue(expression: traversal.text, value: value.shortDescription)
            if !result.contains(reference) { result.append(reference) }
        }
        return result
    }
}
