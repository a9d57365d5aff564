import Diagnostics
import Foundation
import SQLiteStore
import StateDocuments
import StateModel
import Transport
import Values

/// One state behind a URL, its journal on this machine.
struct HTTPBackend: Backend {
    let settings: BackendSettings
    let tools: BackendTools

    var name: String { "http" }
    var showsLocks: Bool { false }

    private func text(_ name: String) -> String? { settings.text(name, tools.environment).flatMap { $0.isEmpty ? nil : $0 } }

    func store(of workspace: String) throws(StateStoreError) -> (store: any StateStore, file: SQLiteStore?) {
        try requireStandard(workspace)
        let place = HTTPPlace(placeSettings, transport: tools.transport)
        let folder = "\(tools.data.path)/journals/http-\(digits(of: placeSettings.address))"
        let journal = SQLiteStore(path: "\(folder)/journal.ashlar")
        return (
            DocumentStore(
                place: place, journal: journal, markPath: "\(folder)/published", shapes: tools.shapes, holder: tools.holder), journal
        )
    }

    private var placeSettings: HTTPPlace.Settings {
        var place = HTTPPlace.Settings(address: text("address") ?? "")
        place.updateMethod = text("update_method") ?? place.updateMethod
        place.lockAddress = text("lock_address")
        place.lockMethod = text("lock_method") ?? place.lockMethod
        place.unlockAddress = text("unlock_address")
        place.unlockMethod = text("unlock_method") ?? place.unlockMethod
        place.username = text("username")
        place.password = text("password")
        place.retries = text("retry_max").flatMap { Int($0) } ?? place.retries
        place.waits.first = text("retry_wait_min").flatMap { Double($0) } ?? place.waits.first
        place.waits.longest = text("retry_wait_max").flatMap { Double($0) } ?? place.waits.longest
        place.options.tls = HTTPRequest.TLS(
            certificateAuthorities: text("client_ca_certificate_pem"), clientCertificate: text("client_certificate_pem"),
            clientKey: text("client_private_key_pem"))
        place.options.tls.isVerified = text("skip_cert_verification") != "true"
        return place
    }

    /// The address is not for a file's name: it may be long, and secret.
    private func digits(of address: String) -> String {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in address.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        return String(hash, radix: 16)
    }

    func document(of workspace: String) async throws -> [UInt8]? {
        try await document(of: Session.keeping(try store(of: workspace)), tools)
    }

    // MARK: Workspaces

    func workspaces() async throws(StateStoreError) -> [String] { throw unsupported }
    func createWorkspace(_ name: String) async throws(StateStoreError) { throw unsupported }
    func removeWorkspace(_ name: String) async throws(StateStoreError) { throw unsupported }

    private func requireStandard(_ workspace: String) throws(StateStoreError) {
        if workspace != Workspaces.standard { throw unsupported }
    }

    private var unsupported: StateStoreError {
        StateStoreError(
            .noWorkspaces, "Behind one address the backend \"http\" has one state, that of the workspace \"default\".",
            hints: ["Give each state an address of its own, by -backend-config or from a variable."])
    }
}

extension BackendSettings {
    /// What is wrong with the settings of a service, as the reference says it.
    func httpFaults(_ environment: [String: String]) -> [Diagnostic] {
        guard kind == .http else { return [] }
        var faults: [Diagnostic] = []
        func check(_ name: String, isRequired: Bool = false) {
            guard let address = text(name, environment), !address.isEmpty else {
                if isRequired {
                    faults.append(
                        .error(
                            "address argument is required", "The backend \"http\" needs the address of the state.",
                            hints: ["Write `address` into the block, give -backend-config=address=URL, or set TF_HTTP_ADDRESS."]))
                }
                return
            }
            guard let url = URL(string: address), let scheme = url.scheme else {
                return faults.append(.error("\(name) must be HTTP or HTTPS", "\"\(address)\" is no URL."))
            }
            if !["http", "https"].contains(scheme) {
                faults.append(.error("\(name) must be HTTP or HTTPS", "\"\(address)\" has another scheme."))
            }
        }
        check("address", isRequired: true)
        check("lock_address")
        check("unlock_address")
        for name in ["retry_max", "retry_wait_min", "retry_wait_max"] {
            guard let given = text(name, environment) else { continue }
            if Int(given).map({ $0 >= 0 }) != true {
                faults.append(.error("Invalid backend configuration", "\(name) must be a whole number, and not negative."))
            }
        }
        let hasCertificate = text("client_certificate_pem", environment) != nil
        if hasCertificate != (text("client_private_key_pem", environment) != nil) {
            faults.append(
                .error(
                    "Invalid backend configuration",
                    "client_certificate_pem and client_private_key_pem are given together, or neither of them."))
        }
        return faults
    }
}
