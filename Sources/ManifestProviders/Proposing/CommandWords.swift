import Evaluation
import HCLSyntax

/// The attributes of a resource that its scripts put into their text, where any program may be given them as arguments.
///
/// Scripts that do so refuse a sensitive value when they are written out, which is when it is applied. Here it is known before.
struct CommandWords {
    private(set) var names: Set<String> = []

    private let lets: Lets

    init(_ resource: ResourceManifest) {
        lets = resource.lets
        for recipe in [resource.create, resource.delete].compactMap(\.self) + resource.updates {
            for case .script(let script) in recipe.steps { visit(script.script.parts) }
        }
    }

    private mutating func visit(_ parts: [TemplatePart]) {
        for part in parts {
            switch part {
            case .literal: break
            case .interpolation(let expression):
                if case .secret = ShellWord.landing(of: expression) { break }
                for traversal in lets.traversals(in: expression) { note(traversal) }
            case .conditional(_, let then, let otherwise, _):
                visit(then)
                visit(otherwise)
            case .loop(_, let body, _): visit(body)
            }
        }
    }

    private mutating func note(_ traversal: Traversal) {
        guard ["planned", "config"].contains(traversal.root.name) else {
            names.insert(traversal.root.name)
            return
        }
        if case .attribute(let name)? = traversal.steps.first { names.insert(name.name) }
    }
}
