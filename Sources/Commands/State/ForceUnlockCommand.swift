import ArgumentParser
import Diagnostics
import Foundation
import StateModel

struct ForceUnlockCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "force-unlock", abstract: "Take the state's lock from whoever holds it.",
        discussion: "Only for a holder that is certainly gone: two runs at once on one state would undo each other.")

    @OptionGroup var output: OutputOptions

    @Flag(name: .customLong("force"), help: "Do not ask.")
    var force = false

    @Argument(help: "The lock's id, as the refusal shows it.")
    var id: String

    func run() async throws {
        let session = output.session()
        do {
            let lock = try await session.store.currentLock()
            // A service may not say who has the lock; it compares the id itself.
            let isHidden = try lock == nil && !session.currentBackend().showsLocks
            guard lock?.id == id || isHidden else {
                throw session.fail([.error("Failed to unlock state", "The state is not locked with the id \"\(id)\".")], SourceMap())
            }
            if !force {
                let holder = lock?.holder
                let words = holder.map { "Held by \($0.user)@\($0.host), process \($0.process), \($0.operation).\n" } ?? ""
                session.terminal.write(
                    "\(words)Do you really want to force-unlock? Only 'yes' will be accepted.\n\n  Enter a value: "
                )
                guard readLine() == "yes" else {
                    session.terminal.write("\nforce-unlock cancelled.\n")
                    throw CommandFailure.failed
                }
            }
            try await session.store.breakLock(id: id)
            session.terminal.write("The state has been unlocked.\n")
        } catch let error as StateStoreError {
            throw session.fail(error)
        }
    }
}
