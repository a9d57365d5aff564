import Transport

/// Tries what the endpoint gives, in its order: agent, keys, password, keyboard-interactive. Confined to the loop's thread.
final class Login {
    enum Step {
        case waiting
        /// By what, for the trace.
        case done(String)
        case failed(TransportFailure)
    }

    private enum Attempt {
        case agentKey(Agent.Identity)
        case key(HostEndpoint.PrivateKey, PrivateKeyText)
        case password(String)
        case interactive(String)
    }

    private enum Phase {
        case listingAgent(Agent, deadline: Double)
        case choosing
        case trying(Attempt)
        /// Before the first password, and to say what is offered when all has failed.
        case asking
    }

    private let host: HostEndpoint
    private let session: SSHSession
    private let keyring: Keyring
    private var phase: Phase
    private var remaining: [Attempt] = []
    private var agent: Agent?
    private var signer: Signer?
    private var signedBlob: [UInt8] = []
    private var keyProblem: UserKey.Problem?
    /// The key that is being tried is left to libssh2.
    private var isForeign = false
    private var offered: [String]?
    private var tried: [String] = []
    private var hints: [String] = []

    /// - Parameter onAgent: the agent has answered: `step` is worth calling.
    init(_ host: HostEndpoint, session: SSHSession, loop: EventLoop, now: Double, onAgent: @escaping () -> Void) {
        self.host = host
        self.session = session
        keyring = loop.keyring
        remaining = host.credentials.privateKeys.map { .key($0, PrivateKeyText($0.text)) }
        if let password = host.credentials.password { remaining += [.password(password), .interactive(password)] }
        phase = .choosing
        if let path = host.credentials.agentSocket {
            let agent = Agent(path: path, loop: loop, onAnswer: onAgent)
            self.agent = agent
            phase = .listingAgent(agent, deadline: now + 5)
            agent.askForIdentities()
        }
    }

    /// What is being waited for, for a failure that time causes.
    var waitingFor: String {
        switch phase {
        case .listingAgent: "the agent to list its keys"
        case .trying(.agentKey(let identity)) where (signer as? AgentSigner)?.isWaiting == true:
            "the agent to sign with \(Self.name(identity)) (it may want a confirmation)"
        case .trying(.key(let key, _)) where signer == nil && !isForeign: "the key \(key.name) to be unlocked"
        default: "the answer to the login"
        }
    }

    /// When to call again though nothing came.
    var deadline: Double? {
        if case .listingAgent(_, let deadline) = phase { deadline } else { nil }
    }

    func step(_ now: Double) -> Step {
        while true {
            switch phase {
            case .listingAgent(let agent, let deadline):
                switch agent.takeIdentities() {
                case nil where now < deadline: return .waiting
                case nil: noteAgentFailure("no answer within 5 s")
                case .failure(let failure)?: noteAgentFailure(failure.reason)
                case .success(let identities)?:
                    if identities.isEmpty { noteAgentFailure("it holds no key") }
                    remaining = identities.filter { Self.algorithm(for: $0.key) != nil }.map { .agentKey($0) } + remaining
                }
                phase = .choosing
            case .choosing:
                guard let next = remaining.first else {
                    if offered != nil { return .failed(failure()) }
                    phase = .asking
                    continue
                }
                if !isWorthTrying(next) {
                    remaining.removeFirst()
                } else if Self.needsOffer(next), offered == nil {
                    phase = .asking
                } else {
                    remaining.removeFirst()
                    phase = .trying(next)
                }
            case .asking:
                let (progress, methods) = session.offeredMethods(for: host.user)
                switch progress {
                case .waiting: return .waiting
                case .failed: return .failed(lost())
                case .done:
                    guard let methods else { return .done("nothing: the server asks for no proof") }
                    offered = methods
                    phase = .choosing
                }
            case .trying(let attempt):
                switch carryOut(attempt) {
                case .waiting: return .waiting
                case .done: return .done(Self.name(attempt))
                case .failed:
                    note(attempt)
                    if session.breakage != nil { return .failed(lost()) }
                    phase = .choosing
                }
            }
        }
    }

    // MARK: Attempts

    private func carryOut(_ attempt: Attempt) -> SSHSession.Progress {
        switch attempt {
        case .key(let key, let text):
            if signer == nil, !isForeign {
                switch keyring.answer(for: key, text) {
                case .working: return .waiting
                case .foreign: isForeign = true
                case .key(let user):
                    signer = KeySigner(user)
                    signedBlob = Self.blob(of: user.publicKey, naming: Self.algorithm(for: user.publicKey) ?? user.publicKey.type)
                case .problem(let problem):
                    keyProblem = problem
                    return .failed
                }
            }
            guard let signer else { return session.login(host.user, privateKey: text.text, passphrase: key.passphrase) }
            return session.login(host.user, publicKey: signedBlob, signer: signer)
        case .password(let password):
            return session.login(host.user, password: password)
        case .interactive(let password):
            return session.loginInteractively(host.user, password: password)
        case .agentKey(let identity):
            guard let agent, let algorithm = Self.algorithm(for: identity.key) else { return .failed }
            let signer = self.signer ?? AgentSigner(agent: agent, key: identity.key, algorithm: algorithm)
            self.signer = signer
            return session.login(host.user, publicKey: Self.blob(of: identity.key, naming: algorithm), signer: signer)
        }
    }

    private static func needsOffer(_ attempt: Attempt) -> Bool {
        switch attempt {
        case .password, .interactive: true
        case .agentKey, .key: false
        }
    }

    private func isWorthTrying(_ attempt: Attempt) -> Bool {
        switch attempt {
        case .agentKey: return true
        case .key(let key, let text):
            guard let complaint = text.complaint(name: key.name, passphrase: key.passphrase) else { return true }
            tried.append(complaint.reason)
            hints.append(complaint.hint)
            return false
        case .password: return offered?.contains("password") ?? true
        case .interactive: return offered?.contains("keyboard-interactive") ?? true
        }
    }

    /// How the agent is to sign. Nil for keys whose signatures libssh2 cannot carry (security keys, DSA).
    private static func algorithm(for key: PublicKey) -> String? {
        switch key.type {
        case "ssh-rsa": "rsa-sha2-512"
        case let type where type.hasPrefix("sk-") || type.hasPrefix("ssh-dss"): nil
        default: key.type
        }
    }

    /// libssh2 before 1.11 names in its request the algorithm that it finds in the key's blob, and knows no other for RSA keys than
    /// that with SHA-1, which servers of today refuse. OpenSSH's servers take the blob with the newer name in it as the same key.
    private static func blob(of key: PublicKey, naming algorithm: String) -> [UInt8] {
        guard key.type == "ssh-rsa", !SSHSession.signsRSAWithSHA2 else { return key.blob }
        var blob: [UInt8] = []
        blob.appendWire(algorithm.utf8)
        blob.append(contentsOf: key.blob.dropFirst(4 + key.type.utf8.count))
        return blob
    }

    // MARK: What to say

    private static func name(_ identity: Agent.Identity) -> String {
        identity.comment.isEmpty ? identity.key.fingerprint : "“\(identity.comment)” (\(identity.key.type))"
    }

    private static func name(_ attempt: Attempt) -> String {
        switch attempt {
        case .agentKey(let identity): "agent's key \(name(identity))"
        case .key(let key, _): "key \(key.name)"
        case .password: "password"
        case .interactive: "keyboard-interactive"
        }
    }

    private func noteAgentFailure(_ reason: String) {
        tried.append("the agent at \(host.credentials.agentSocket ?? "") (\(reason))")
    }

    private func note(_ attempt: Attempt) {
        var text = Self.name(attempt)
        switch attempt {
        case .agentKey:
            if let failure = (signer as? AgentSigner)?.failure { text += " (\(failure.reason))" }
        case .key(let key, _) where keyProblem != nil:
            switch keyProblem {
            case .wrongPassphrase?:
                text += " (the passphrase is wrong)"
                hints.append("Check the passphrase: ssh-keygen -y -f \(key.name)")
            case .unsupported(let reason)?: text += " (cannot be used: \(reason))"
            case .damaged?, nil: text += " (damaged)"
            }
        case .key(let key, _) where signer != nil:
            text += " (not accepted)"
            if session.breakage == nil, session.lastErrorCode != -18 { hints.append("\(key.name): \(session.lastError)") }
        case .key(let key, let parsed):
            if session.lastErrorCode == -18 || session.breakage != nil {
                if parsed.isRSA, !SSHSession.signsRSAWithSHA2 {
                    text +=
                        " (libssh2 \(SSHSession.version) signs with RSA keys of this format by SHA-1 only, which OpenSSH 8.8 and newer refuse)"
                    hints.append(
                        "Convert \(key.name) to OpenSSH's format (ssh-keygen -p -f \(key.name)), load it into ssh-agent, or use an Ed25519 key."
                    )
                } else {
                    text += " (not accepted)"
                }
            } else if parsed.isEncrypted {
                text += " (the passphrase is wrong, or the key is damaged)"
                hints.append("Check the passphrase: ssh-keygen -y -f \(key.name)")
            } else {
                text += " (cannot be used: \(session.lastError))"
            }
        case .interactive:
            let questions = session.interactiveQuestions
            if !questions.isEmpty { text += " (asked: \(questions.joined(separator: ", ")))" }
        case .password: break
        }
        tried.append(text)
        (signer, keyProblem, isForeign) = (nil, nil, false)
    }

    private func failure() -> TransportFailure {
        let what = tried.isEmpty ? "No key, agent or password was given" : "Tried: \(tried.joined(separator: "; "))"
        let offer = offered.map { $0.isEmpty ? "nothing" : $0.joined(separator: ", ") } ?? "unknown"
        var hints = hints
        if hints.isEmpty {
            hints = [
                tried.isEmpty
                    ? "Give a private key, an agent's socket or a password for \(host.user)."
                    : "Check that \(host.user) exists on the host and that its authorized_keys has the key."
            ]
        }
        return TransportFailure(
            .authentication, "The host refused the login of \(host.label). \(what). The server offers: \(offer).", hints: hints,
            hadNoEffect: true)
    }

    private func lost() -> TransportFailure {
        let what = tried.isEmpty ? "" : " Tried: \(tried.joined(separator: "; "))."
        return TransportFailure(
            .authentication,
            "The host ended the connection during the login of \(host.label): \(session.breakage ?? session.lastError).\(what)",
            hints: tried.count > 4
                ? ["Servers allow six tries as a rule (MaxAuthTries): give the right key alone, or an agent with fewer keys."] : [],
            hadNoEffect: true)
    }
}
