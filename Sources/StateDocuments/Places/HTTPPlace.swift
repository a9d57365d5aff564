import Crypto
import FoundationEssentials
public import StateModel
public import Transport

/// A document behind a URL, with the verbs that GitLab and others serve: it is got, it is posted, and where there is an address for it, locked and
/// unlocked.
public struct HTTPPlace: DocumentPlace {
    public struct Settings: Sendable {
        public var address: String
        public var updateMethod = "POST"
        /// Nil: nobody is kept out, and a document that has changed meanwhile is only seen before it is written.
        public var lockAddress: String?
        public var lockMethod = "LOCK"
        public var unlockAddress: String?
        public var unlockMethod = "UNLOCK"
        public var username: String?
        public var password: String?
        public var options = HTTPRequest.Options()
        /// Tries after the first of what the service answers with an error of its own.
        public var retries = 2
        /// Seconds between them: the first wait, and the longest.
        public var waits = (first: 1.0, longest: 30.0)

        public init(address: String) { self.address = address }
    }

    private let settings: Settings
    private let transport: @Sendable () -> any HTTPTransport
    private let current = HeldLock()

    /// Which lock this place has, for what is posted under it.
    private actor HeldLock {
        var lock: DocumentLock?
        func set(_ lock: DocumentLock?) { self.lock = lock }
    }

    public init(_ settings: Settings, transport: @escaping @Sendable () -> any HTTPTransport) {
        self.settings = settings
        self.transport = transport
    }

    /// Without what may be secret in it.
    public var name: String {
        let bare = settings.address.prefix { $0 != "?" }
        guard let scheme = bare.firstRange(of: "://"), let at = bare[scheme.upperBound...].prefix(while: { $0 != "/" }).lastIndex(of: "@")
        else { return String(bare) }
        return String(bare[..<scheme.upperBound] + bare[bare.index(after: at)...])
    }

    // MARK: The document

    public func read() async throws(StateStoreError) -> [UInt8]? {
        let response = try await send("GET", settings.address, nil, "read")
        switch response.status {
        case 200: return response.body.isEmpty ? nil : response.body
        case 204, 404: return nil
        default: throw failure("read", response)
        }
    }

    public func write(_ bytes: [UInt8]) async throws(StateStoreError) {
        var address = settings.address
        if let lock = await current.lock, settings.lockAddress != nil { address += (address.contains("?") ? "&" : "?") + "ID=\(lock.id)" }
        let response = try await send(
            settings.updateMethod, address, bytes, "written",
            headers: [HTTPHeader("Content-MD5", Data(Insecure.MD5.hash(data: bytes)).base64EncodedString())])
        switch response.status {
        case 200, 201, 204: return
        case 409, 423:
            throw StateStoreError(
                .lockLost, "The lock of the state \(name) was lost: the service refuses to write under it. Nothing was written.",
                hints: ["Find out who has the lock before running anything again."])
        default: throw failure("written", response)
        }
    }

    // MARK: The lock

    public func lock(_ lock: DocumentLock, replacing former: String?) async throws(StateStoreError) {
        guard let address = settings.lockAddress else { return await current.set(lock) }
        var former = former
        while true {
            let response = try await send(settings.lockMethod, address, lock.bytes, "locked")
            switch response.status {
            case 200, 201, 204: return await current.set(lock)
            case 409, 423:
                let held = DocumentLock(response.body)
                // An answer that was lost: the lock is ours.
                if let held, held.id == lock.id { return await current.set(lock) }
                if let id = former, held?.id == id {
                    former = nil
                    try await release(id: id, held?.bytes)
                    continue
                }
                throw (held ?? DocumentLock(unknownAt: name)).refusal(of: name)
            default: throw failure("locked", response)
            }
        }
    }

    public func unlock(_ lock: DocumentLock) async throws(StateStoreError) {
        if settings.lockAddress != nil { try await release(id: lock.id, lock.bytes) }
        await current.set(nil)
    }

    /// There is no verb for looking.
    public func currentLock() async throws(StateStoreError) -> DocumentLock? { await current.lock }

    public func breakLock(id: String) async throws(StateStoreError) {
        guard settings.lockAddress != nil else {
            throw StateStoreError(.notHeld, "The lock \(id) cannot be broken: the state \(name) has no address for locks.")
        }
        try await release(id: id, nil)
        if await current.lock?.id == id { await current.set(nil) }
    }

    private func release(id: String, _ lock: [UInt8]?) async throws(StateStoreError) {
        guard let address = settings.unlockAddress ?? settings.lockAddress else { return }
        let response = try await send(settings.unlockMethod, address, lock ?? Array("{\"ID\":\"\(id)\"}".utf8), "unlocked")
        switch response.status {
        case 200, 201, 204: return
        case 404, 409, 423:
            // Ours before, and locked by nobody now: that it was given back has been heard, and the answer was lost.
            if lock != nil, DocumentLock(response.body) == nil { return }
            throw StateStoreError(.notHeld, "The lock \(id) is not the one that the state \(name) is locked with.")
        default: throw failure("unlocked", response)
        }
    }

    // MARK: Exchanges

    private func send(_ method: String, _ address: String, _ body: [UInt8]?, _ what: String, headers: [HTTPHeader] = [])
        async throws(StateStoreError) -> HTTPResponse
    {
        var headers = headers
        if body != nil { headers.append(HTTPHeader("Content-Type", "application/json")) }
        if let user = settings.username {
            let pair = Data("\(user):\(settings.password ?? "")".utf8).base64EncodedString()
            headers.append(HTTPHeader("Authorization", "Basic \(pair)", isSensitive: true))
        }
        var options = settings.options
        options.maximumResponseBytes = 1 << 30
        // The same document, or the same lock, twice is the same.
        options.retry.isSafeToRepeat = true
        options.retry.retriesStatuses = false
        options.retry.attempts = min(10, settings.retries + 1)
        options.retry.baseDelay = settings.waits.first
        options.retry.maximumDelay = settings.waits.longest
        var wait = settings.waits.first
        var tries = 0
        do throws(TransportFailure) {
            while true {
                var response = try await transport().send(
                    HTTPRequest(method: method, url: address, headers: headers, body: body, options: options))
                tries += response.attempts
                response.attempts = tries
                let mayPass = response.status == 429 || (response.status >= 500 && response.status != 501)
                if !mayPass || tries > settings.retries { return response }
                // Cancelled: the next try ends at once.
                try? await Task.sleep(for: .milliseconds(Int(wait * 1000)))
                wait = min(wait * 2, settings.waits.longest)
            }
        } catch {
            throw StateStoreError(.other, "The state \(name) could not be \(what): \(error.message)", hints: error.hints)
        }
    }

    private func failure(_ what: String, _ response: HTTPResponse) -> StateStoreError {
        let reason =
            switch response.status {
            case 401: "the service requires authentication"
            case 403: "the service does not accept the credentials"
            default: "the service answered with status \(response.status)"
            }
        return StateStoreError(
            response.status == 401 || response.status == 403 ? .permission : .other,
            "The state \(name) could not be \(what): \(reason).",
            hints: response.status == 401 ? ["Give `username` and `password`, or TF_HTTP_USERNAME and TF_HTTP_PASSWORD."] : [])
    }
}
