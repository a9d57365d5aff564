import Processes
import ProviderKit
import Transport
import Values

/// `file`: a file, what it is to hold, or a directory with all that is in it, to a machine.
struct FileCopy {
    private let source: String?
    private let content: String?
    private let destination: String
    private let directory: String
    private let machine: Machine

    init(_ request: ProvisionRequest, _ settings: Provisioners.Settings, _ machine: Machine) throws(ProviderFailure) {
        self.machine = machine
        directory = settings.workingDirectory
        guard let destination = request.configuration["destination"]?.stringValue, !destination.isEmpty else {
            throw .provisioner("file", "The destination is empty.")
        }
        guard !destination.utf8.contains(0) else { throw .provisioner("file", "The destination holds a NUL byte, which no path can.") }
        self.destination = destination
        source = request.configuration["source"]?.stringValue
        content = request.configuration["content"]?.stringValue
    }

    func run() async throws(ProviderFailure) {
        if let content {
            var rest = Array(content.utf8)[...]
            try await Upload(machine: machine, destination: destination, mode: "0644").run { () throws(SystemFailure) in
                defer { rest = rest.dropFirst(Upload.piece) }
                return Array(rest.prefix(Upload.piece))
            }
            return
        }
        guard let source, !source.isEmpty else { throw .provisioner("file", "The source is empty.") }
        let path = source.hasPrefix("/") ? source : directory + "/" + source
        switch try local({ () throws(SystemFailure) in try LocalFile.kind(of: path).kind }) {
        case .file: try await copyFile(path, to: destination)
        case .directory: try await copyDirectory(path, keepingName: !source.hasSuffix("/"))
        case .other: throw .provisioner("file", "\(source) is neither a file nor a directory.")
        }
    }

    private func copyFile(_ path: String, to destination: String) async throws(ProviderFailure) {
        let file: LocalFile
        do throws(SystemFailure) { file = try LocalFile(path) } catch { throw .provisioner("file", "\(error).") }
        try await Upload(machine: machine, destination: destination, mode: "0644").run { () throws(SystemFailure) in
            try file.read(Upload.piece)
        }
    }

    /// Without a slash at the end of its name the directory itself is copied, with one what is in it.
    private func copyDirectory(_ path: String, keepingName: Bool) async throws(ProviderFailure) {
        var target = destination
        while target.count > 1, target.hasSuffix("/") { target.removeLast() }
        if keepingName, let name = path.split(separator: "/").last { target += (target == "/" ? "" : "/") + name }
        var waiting: [(local: String, remote: String, above: [String])] = [(path, target, [])]
        while let (local, remote, above) = waiting.popLast() {
            let (_, identity) = try self.local { () throws(SystemFailure) in try LocalFile.kind(of: local) }
            // A link to a directory that it lies in has no end.
            if above.contains(identity) { continue }
            try await makeDirectory(remote)
            for name in try self.local({ () throws(SystemFailure) in try LocalFile.names(in: local) }) {
                let inner = local + "/" + name
                switch try self.local({ () throws(SystemFailure) in try LocalFile.kind(of: inner).kind }) {
                case .file: try await copyFile(inner, to: remote + "/" + name)
                case .directory: waiting.append((inner, remote + "/" + name, above + [identity]))
                case .other: continue
                }
            }
        }
    }

    private func makeDirectory(_ path: String) async throws(ProviderFailure) {
        let result: HostCommandResult
        do throws(TransportFailure) {
            result = try await machine.run(
                HostCommand(script: "umask 022; mkdir -p \(shellQuoted(path))", timeout: 60, name: "making the directory \(path)"))
        } catch {
            throw machine.failure(error, "Upload failed: ")
        }
        guard result.status == 0 else {
            throw .provisioner(
                "file", "Upload failed: the directory \(path) cannot be made: \(String(decoding: result.errorOutput, as: UTF8.self))")
        }
    }

    private func local<Result>(_ work: () throws(SystemFailure) -> Result) throws(ProviderFailure) -> Result {
        do throws(SystemFailure) { return try work() } catch { throw .provisioner("file", "\(error).") }
    }
}
