import Addresses
import ConfigModel
import Evaluation
import HCLSyntax

extension Reference {
    /// What it refers to and what that belongs to, the longest first: `aws_vpc.a["x"].id`, `aws_vpc.a["x"]`, `aws_vpc.a`.
    var publishedNames: [String] {
        var subject = publishedSubject
        var steps = remaining[...]
        // The attribute belongs to the name: `count` alone is nothing.
        switch self.subject {
        case .count, .each:
            if let step = steps.popFirst() { subject += step.text }
        default: break
        }
        var names: [String] = []
        while !steps.isEmpty {
            names.append(subject + steps.map(\.text).joined())
            steps = steps.dropLast()
        }
        names.append(subject)
        switch self.subject {
        case .module(let call, output: .some): names.append("module.\(call)\(key?.description ?? "")")
        case .module(let call, output: nil): if key != nil { names.append("module.\(call)") }
        case .resource(let name): if key != nil { names.append(name.description) }
        default: break
        }
        return names
    }

    /// Without the steps that follow.
    var publishedSubject: String {
        switch subject {
        case .variable(let name): "var.\(name)"
        case .local(let name): "local.\(name)"
        case .path(let name): "path.\(name)"
        case .terraform(let name): "terraform.\(name)"
        case .count: "count"
        case .each: "each"
        case .self: "self"
        case .other(let root): root
        case .resource(let name): name.description + (key?.description ?? "")
        case .module(let call, let output): "module.\(call)\(key?.description ?? "")" + (output.map { ".\($0)" } ?? "")
        }
    }
}

extension TraversalStep {
    /// As it is written after a name.
    var text: String {
        switch self {
        case .attribute(let name): ".\(name.name)"
        case .stringIndex(let key, _): InstanceKey.key(key).description
        case .numberIndex(let digits, _): "[\(digits)]"
        }
    }
}

extension LocatedExpression {
    /// Everything in it that refers to something, in the order in which it stands there. What is no reference has been reported on loading.
    var references: [Reference] { traversals(in: expression).compactMap { try? Reference($0, file: file) } }
}
