import Foundation

/// `fuzz TARGET [--seconds N] [--seed N] [--corpus DIR]... [--keep DIR]`: feeds a target with mutations of its corpus for a time.
///
/// What a target refuses, and what it does not survive, is kept in the folder of `--keep`: the input under way is always there, so that a
/// crash leaves it behind. Exit code 1: something was found.
@main struct Fuzz {
    static func main() throws {
        var arguments = Array(CommandLine.arguments.dropFirst())
        func option(_ name: String) -> [String] {
            var found: [String] = []
            while let index = arguments.firstIndex(of: name), index + 1 < arguments.count {
                found.append(arguments[index + 1])
                arguments.removeSubrange(index...index + 1)
            }
            return found
        }
        let seconds = option("--seconds").last.flatMap { Double($0) } ?? 60
        let seed = option("--seed").last.flatMap { UInt64($0) } ?? 1
        let folders = option("--corpus")
        let keep = option("--keep").last ?? "fuzz-found"
        guard arguments.count == 1, let name = arguments.first, let make = targets[name] else {
            print(
                "usage: fuzz TARGET [--seconds N] [--seed N] [--corpus DIR]... [--keep DIR]\ntargets: \(targets.keys.sorted().joined(separator: " "))"
            )
            exit(2)
        }
        let corpus = try Corpus(folders)
        let run = try FuzzRun(target: name, keep: URL(filePath: keep), seed: seed)
        let target = make()
        // What was found once must stay mended.
        for input in corpus.inputs { run.feed(input, to: target) }
        let end = ContinuousClock.now + .seconds(seconds)
        var mutator = Mutator(corpus: corpus, dictionary: target.dictionary, seed: seed)
        while ContinuousClock.now < end { run.feed(mutator.next(), to: target) }
        run.end()
        print("\(name): \(run.count) inputs from \(corpus.inputs.count) in the corpus, \(run.found) found\(target.note)")
        exit(run.found == 0 ? 0 : 1)
    }

    static let targets: [String: @Sendable () -> any FuzzTarget] = [
        "syntax": { SyntaxTarget() }, "json": { JSONTarget() }, "templates": { TemplateTarget() }, "tfvars": { VariablesTarget() },
        "functions": { FunctionTarget() },
    ]
}

/// Something that takes any bytes.
protocol FuzzTarget {
    /// Pieces that mean something to it.
    var dictionary: [String] { get }
    /// - Returns: what it has done wrong, nil where all is well.
    func run(_ bytes: [UInt8]) -> String?
    /// How much came of the inputs: what refuses everything finds nothing.
    var note: String { get }
}

extension FuzzTarget {
    var note: String { "" }
}

/// Files to begin with.
struct Corpus {
    var inputs: [[UInt8]] = []

    /// A table of cases, as tests have them: each is an input.
    private struct Case: Decodable { var source: String }

    /// - Parameter folders: read with all that is below them.
    init(_ folders: [String]) throws {
        for folder in folders {
            let names = try FileManager.default.subpathsOfDirectory(atPath: folder).sorted()
            for name in names where !name.hasSuffix("expected.json") {
                let path = URL(filePath: folder).appending(path: name)
                if (try? path.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile) != true { continue }
                let bytes = try Data(contentsOf: path)
                if let cases = try? JSONDecoder().decode([Case].self, from: bytes) {
                    inputs += cases.map { Array($0.source.utf8) }
                    continue
                }
                if bytes.count < 1 << 16 { inputs.append(Array(bytes)) }
            }
        }
        if inputs.isEmpty { inputs = [[]] }
    }
}
