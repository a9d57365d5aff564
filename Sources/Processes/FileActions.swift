import CSpawn
import Glibc

/// What a child does with descriptors before it begins.
final class FileActions {
    private var actions = posix_spawn_file_actions_t()

    init(_ directory: String?, _ streams: [ChildProcess.Stream]) throws(SystemFailure) {
        try Self.check(posix_spawn_file_actions_init(&actions))
        for (number, stream) in streams.enumerated() {
            let number = Int32(number)
            switch stream {
            case .null: try Self.check(posix_spawn_file_actions_addopen(&actions, number, "/dev/null", O_RDWR, 0))
            case .descriptor(let descriptor): try Self.check(posix_spawn_file_actions_adddup2(&actions, descriptor, number))
            case .file(let path):
                try Self.check(posix_spawn_file_actions_addopen(&actions, number, path, O_WRONLY | O_CREAT | O_TRUNC, 0o600))
            }
        }
        if let directory { try Self.check(ashlar_spawn_chdir(&actions, directory)) }
        // Locks and sockets of this program are not the child's, however long it outlives it.
        try Self.check(ashlar_spawn_closefrom(&actions, 3))
    }

    deinit { posix_spawn_file_actions_destroy(&actions) }

    func spawn(
        _ number: inout pid_t, _ program: String, _ attributes: SpawnAttributes,
        _ arguments: UnsafePointer<UnsafeMutablePointer<CChar>?>?, _ environment: UnsafePointer<UnsafeMutablePointer<CChar>?>?
    ) -> Int32 {
        guard let arguments else { return EINVAL }
        return posix_spawnp(&number, program, &actions, &attributes.attributes, arguments, environment)
    }

    static func check(_ code: Int32) throws(SystemFailure) {
        if code != 0 { throw SystemFailure("posix_spawn", code) }
    }
}

/// A group of its own, and every signal as a program finds it at first.
final class SpawnAttributes {
    fileprivate var attributes = posix_spawnattr_t()

    init() throws(SystemFailure) {
        try FileActions.check(posix_spawnattr_init(&attributes))
        var none = sigset_t()
        var all = sigset_t()
        sigemptyset(&none)
        sigfillset(&all)
        try FileActions.check(posix_spawnattr_setsigmask(&attributes, &none))
        try FileActions.check(posix_spawnattr_setsigdefault(&attributes, &all))
        try FileActions.check(posix_spawnattr_setpgroup(&attributes, 0))
        let flags = POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF
        try FileActions.check(posix_spawnattr_setflags(&attributes, Int16(flags)))
    }

    deinit { posix_spawnattr_destroy(&attributes) }
}
