import Addresses
import ConfigModel
import DependencyGraph
import Diagnostics
import Evaluation

extension Planner {
    /// Visits, and tells only what is a fault of its own: behind a declaration with an error stands an unknown in place of its value,
    /// and that this is not known yet, or not valid, is no news.
    func visitWithoutEchoes(_ vertex: Int) async {
        let isHeldBack = heldBack.contains(vertex)
        let isBehindFault = !faulty.isEmpty && declarations.graph.dependencies(of: vertex).contains { faulty.contains(Int($0)) }
        let before = diagnostics.count
        isTellingOfValues = !isBehindFault
        await visit(vertex)
        isTellingOfValues = true
        if isBehindFault || isHeldBack {
            diagnostics = diagnostics[..<before] + diagnostics[before...].filter { $0.cause != .notKnownYet }
        }
        if isBehindFault || diagnostics[before...].hasErrors { faulty.insert(vertex) }
    }

    /// Evaluates one declaration in every instance of its module.
    func visit(_ vertex: Int) async {
        let place = declarations.vertices[vertex]
        switch place.declaration {
        case .expansion: expand(module: place.module)
        case .gate, .end: break
        case .variable(let item):
            for instance in visited(place.declaration, of: place.module) {
                attempt { () throws(DiagnosticError) in try cells.evaluate(.variable(item), in: instance) }
                validate(variable: item, in: instance)
            }
        case .local(let item):
            for instance in visited(place.declaration, of: place.module) {
                attempt { () throws(DiagnosticError) in try cells.evaluate(.local(item), in: instance) }
            }
        case .output(let item):
            for instance in visited(place.declaration, of: place.module) { visitOutput(item, in: instance) }
        case .provider(let item):
            for instance in visited(place.declaration, of: place.module).prefix(1) { await visitProvider(item, in: instance) }
        case .resource(let item):
            for instance in visited(place.declaration, of: place.module) { await visitResource(item, vertex: vertex, in: instance) }
        case .check(let item):
            for instance in visited(place.declaration, of: place.module) { visitCheck(item, in: instance) }
        }
    }

    func attempt(_ body: () throws(DiagnosticError) -> Void) {
        do throws(DiagnosticError) {
            try body()
        } catch {
            report(error)
        }
    }

    /// Validated whatever is targeted.
    func isRootVariable(_ vertex: Int) -> Bool {
        if case .variable = declarations.vertices[vertex].declaration { return declarations.vertices[vertex].module == 0 }
        return false
    }

    /// Makes the instances of a called module.
    private func expand(module: Int) {
        guard let parent = declarations.indices[module].parent, let item = declarations.indices[module].callInParent else { return }
        let call = inputs.configuration.modules[parent].calls[item]
        for around in visited(.expansion, of: parent) {
            attempt { () throws(DiagnosticError) in
                let (mode, repetitions) = try expansion(of: call.repetition, in: around)
                let made = repetitions.map { repetition in
                    let step: ModuleStep =
                        switch call.callee {
                        case .module(let name): .module(name: name, key: repetition.key)
                        case .kind(let type, let name): .kind(type: type, name: name, key: repetition.key)
                        }
                    return cells.addInstance(of: module, path: around.path.appending(step), parent: around, repetition: repetition)
                }
                around.children[module] = CallCell(mode: mode, instances: made)
            }
        }
    }
}
