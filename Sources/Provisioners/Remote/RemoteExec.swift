import Processes
import ProviderKit
import Transport
import Values

/// `remote-exec`: scripts on a machine, each put there as a file that only its user can read, run, and removed.
struct RemoteExec {
    private enum Script {
        case text([UInt8])
        case file(String)
    }

    private let scripts: [Script]
    private let machine: Machine
    private let shown: Shown

    init(
        _ request: ProvisionRequest, _ settings: Provisioners.Settings, _ machine: Machine, _ shown: Shown
    ) throws(ProviderFailure) {
        self.machine = machine
        self.shown = shown
        func path(_ text: String) -> Script { .file(text.hasPrefix("/") ? text : settings.workingDirectory + "/" + text) }
        let configuration = request.configuration
        if let lines = configuration["inline"]?.elements {
            if lines.contains(where: \.isNull) { throw .provisioner("remote-exec", "A line of inline is null.") }
            let inline = lines.map { ($0.stringValue ?? "") + "\n" }.joined()
            // A script may name its own interpreter.
            let text = (inline.hasPrefix("#!") ? "" : "#!/bin/sh\n") + inline
            scripts = lines.isEmpty ? [] : [.text(Array(text.utf8))]
        } else if let script = configuration["script"]?.stringValue {
            scripts = [path(script)]
        } else {
            let names = configuration["scripts"]?.elements?.map { $0.stringValue ?? "" } ?? []
            if names.contains("") { throw .provisioner("remote-exec", "A name in scripts is empty.") }
            scripts = names.map(path)
        }
    }

    func run() async throws(ProviderFailure) {
        for script in scripts { try await run(script) }
    }

    private func run(_ script: Script) async throws(ProviderFailure) {
        let path = remotePath
        let upload = Upload(machine: machine, destination: path, mode: "0700", keepsWhatIsThere: false)
        switch script {
        case .text(let bytes):
            var rest = bytes[...]
            try await upload.run { () throws(SystemFailure) in
                defer { rest = rest.dropFirst(Upload.piece) }
                return Array(rest.prefix(Upload.piece))
            }
        case .file(let name):
            let file: LocalFile
            do throws(SystemFailure) { file = try LocalFile(name) } catch { throw .provisioner("remote-exec", "\(error).") }
            try await upload.run { () throws(SystemFailure) in try file.read(Upload.piece) }
        }
        let quoted = shellQuoted(path.contains("/") ? path : "./" + path)
        var command = HostCommand(
            // It goes however it ends, stopped from here too: secrets may be in it.
            script: "f=\(quoted); trap 'rm -f \"$f\"' EXIT; trap 'exit 143' HUP INT TERM; \"$f\" </dev/null 2>&1", timeout: 1e9,
            name: "a remote-exec provisioner")
        command.keepsOutput = false
        let printing = Printing(shown)
        let result: HostCommandResult
        do throws(TransportFailure) {
            result = try await machine.run(command, onOutput: { printing.take($0) })
        } catch {
            printing.end()
            throw machine.failure(error)
        }
        printing.end()
        guard result.status == 0 else {
            throw .provisioner("remote-exec", "error executing \"\(path)\": Process exited with status \(result.status)")
        }
    }

    /// Where the script stands while it runs; `%RAND%` keeps two apart.
    private var remotePath: String {
        let pattern = machine.reach.scriptPath ?? "/tmp/terraform_%RAND%.sh"
        return pattern.replacing("%RAND%", with: "\(UInt32.random(in: .min ... .max))")
    }
}
