import Addresses
public import ProviderKit
public import Transport
import Values

/// The provisioners that are built in.
public struct Provisioners: Provisioning {
    let settings: Settings

    /// What the composition root has read for them.
    public struct Settings: Sendable {
        /// Of the program: what commands are run with, and where the agent's socket is.
        public var environment: [String: String]
        /// Absolute: where commands run, and what files are relative to.
        public var workingDirectory: String
        public var homeDirectory: String
        /// Made when a machine is first to be reached.
        public var hosts: @Sendable () -> any HostTransport
        /// Returns when what was printed so far is not more than may wait to be shown: may block.
        public var waitForRoom: @Sendable () -> Void

        public init(
            environment: [String: String], workingDirectory: String, homeDirectory: String,
            hosts: @escaping @Sendable () -> any HostTransport, waitForRoom: @escaping @Sendable () -> Void = {}
        ) {
            self.environment = environment
            self.workingDirectory = workingDirectory
            self.homeDirectory = homeDirectory
            self.hosts = hosts
            self.waitForRoom = waitForRoom
        }
    }

    /// Keys that machines have shown in this run, by place: two provisioners do not meet two machines there.
    private let met = MetMachines()

    public init(_ settings: Settings) { self.settings = settings }

    public func provision(_ request: ProvisionRequest, output: @escaping @Sendable (String) -> Void) async -> ProvisionOutcome {
        let shown = Shown(secrecy: request.secrecy, show: output)
        do throws(ProviderFailure) {
            switch request.type {
            case "local-exec":
                try await LocalExec(request, settings, shown).run()
                return ProvisionOutcome()
            case "remote-exec", "file":
                guard let connection = request.connection else {
                    throw .provisioner(request.type, "Missing connection configuration for provisioner.")
                }
                let machine = Machine(
                    reach: try Reach(connection, settings, type: request.type), settings: settings, met: met, type: request.type,
                    known: request.hostKeys, shown: shown)
                var failure: ProviderFailure?
                do throws(ProviderFailure) {
                    try await machine.connect()
                    if request.type == "file" {
                        try await FileCopy(request, settings, machine).run()
                    } else {
                        try await RemoteExec(request, settings, machine, shown).run()
                    }
                } catch {
                    failure = error
                }
                return ProvisionOutcome(failure: failure, hostKeys: machine.learnt)
            default:
                throw .provisioner(request.type, "There is no provisioner \"\(request.type)\".")
            }
        } catch {
            return ProvisionOutcome(failure: error)
        }
    }
}

/// What is shown of a provisioner's output: all of it, or that it is secret.
struct Shown: Sendable {
    let secrecy: ProvisionRequest.Secrecy?
    let show: @Sendable (String) -> Void

    func line(_ text: String) { show(notice ?? text) }

    /// In place of anything that may hold a secret.
    var notice: String? { secrecy.map { "(output suppressed due to \($0.rawValue) value in config)" } }
}

extension ProviderFailure {
    static func provisioner(_ type: String, _ detail: String, code: Code = .other, hints: [String] = []) -> ProviderFailure {
        ProviderFailure(code, summary: "\(type) provisioner error", detail: detail, hints: hints)
    }
}
