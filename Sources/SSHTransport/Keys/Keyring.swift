import Glibc
import Transport

/// The private keys of a transport, each unlocked once for all hosts. Confined to the loop's thread; the slow work of a passphrase
/// is done on a thread of its own.
final class Keyring {
    enum Answer {
        /// `unlocked` will be told.
        case working
        case key(UserKey)
        case problem(UserKey.Problem)
        /// In a format that libssh2 may read.
        case foreign
    }

    private enum State {
        case working
        case done(Result<UserKey, UserKey.Problem>)
        case foreign
    }

    private struct Order: Sendable {
        let key: HostEndpoint.PrivateKey
        let text: PrivateKeyText
        let thread: EventThread
    }

    private let thread: EventThread
    private var states: [HostEndpoint.PrivateKey: State] = [:]

    init(_ thread: EventThread) {
        self.thread = thread
    }

    func answer(for key: HostEndpoint.PrivateKey, _ text: PrivateKeyText) -> Answer {
        let state = states[key] ?? begin(key, text)
        states[key] = state
        switch state {
        case .working: return .working
        case .foreign: return .foreign
        case .done(.success(let key)): return .key(key)
        case .done(.failure(let problem)): return .problem(problem)
        }
    }

    func unlocked(_ key: HostEndpoint.PrivateKey, _ result: Result<UserKey, UserKey.Problem>) {
        states[key] = .done(result)
    }

    private func begin(_ key: HostEndpoint.PrivateKey, _ text: PrivateKeyText) -> State {
        guard text.isOpenSSH else {
            return text.isEncrypted ? .foreign : UserKey(rsaPEM: text.text).map { .done(.success($0)) } ?? .foreign
        }
        let order = Order(key: key, text: text, thread: thread)
        guard text.isEncrypted else { return .done(Self.unlock(order)) }
        let box = Unmanaged.passRetained(Box(order))
        var handle = pthread_t()
        let failed = pthread_create(
            &handle, nil,
            { context in
                guard let context else { return nil }
                let order = Unmanaged<Box>.fromOpaque(context).takeRetainedValue().order
                _ = order.thread.post(.unlocked(order.key, Keyring.unlock(order)))
                return nil
            }, box.toOpaque())
        guard failed == 0 else {
            box.release()
            return .done(Self.unlock(order))
        }
        pthread_detach(handle)
        return .working
    }

    private final class Box: Sendable {
        let order: Order
        init(_ order: Order) { self.order = order }
    }

    private static func unlock(_ order: Order) -> Result<UserKey, UserKey.Problem> {
        do {
            return .success(try UserKey(openSSH: order.text.text, passphrase: order.key.passphrase))
        } catch let problem as UserKey.Problem {
            return .failure(problem)
        } catch {
            return .failure(.damaged)
        }
    }
}

/// Signs a login with a key of ours.
final class KeySigner: Signer {
    private let key: UserKey

    init(_ key: UserKey) { self.key = key }

    override func sign(_ data: [UInt8]) -> Result<[UInt8], SigningFailure>? {
        do {
            return .success(try key.sign(data))
        } catch {
            return .failure(SigningFailure(reason: "the key does not sign: \(error)"))
        }
    }
}
