import Addresses
import ArgumentParser
import ConfigModel
import Diagnostics
import Values

struct ModulesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "modules", abstract: "List the modules that the configuration calls, with their sources and versions.")

    @OptionGroup var output: OutputOptions

    private struct Entry {
        var key: String
        var source: String
        var version: String
        var inner: [Entry]
    }

    func run() async throws {
        let session = output.session()
        let entries = entries(of: try session.configuration(), index: 0)
        if output.json {
            var all: [Entry] = []
            func add(_ entries: [Entry]) {
                for entry in entries {
                    all.append(entry)
                    add(entry.inner)
                }
            }
            add(entries)
            var json = JSONText()
            json.object { json in
                json.pair("format_version", "1.0")
                json.key("modules")
                json.array { json in
                    for entry in all {
                        json.object { json in
                            json.pair("key", entry.key)
                            json.pair("source", entry.source)
                            json.pair("version", entry.version)
                        }
                    }
                }
            }
            session.terminal.write(json.text + "\n")
            return
        }
        if entries.isEmpty {
            session.terminal.write("No modules found in configuration.\n")
            return
        }
        session.terminal.write("\nModules declared by configuration:\n.\n\(tree(entries, ""))\n")
    }

    private func entries(of configuration: Configuration, index: Int) -> [Entry] {
        let module = configuration.modules[index]
        return module.calls.compactMap { call -> Entry? in
            guard case .module(let name) = call.callee,
                let inner = configuration.index(of: module.path.appending(.module(name: name)))
            else { return nil }
            return Entry(
                key: name, source: call.source, version: call.version ?? "", inner: entries(of: configuration, index: inner))
        }.sorted { $0.key.precedesByBytes($1.key) }
    }

    private func tree(_ entries: [Entry], _ indent: String) -> String {
        entries.enumerated().map { index, entry in
            let isLast = index == entries.count - 1
            let version = entry.version.isEmpty ? "" : " (\(entry.version))"
            return indent + (isLast ? "└── " : "├── ") + "\"\(entry.key)\"[\(entry.source)]\(version)\n"
                + tree(entry.inner, indent + (isLast ? "    " : "│   "))
        }.joined()
    }
}
