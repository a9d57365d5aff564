import Foundation
import StateModel
import Testing

@testable import Commands

/// Two runs on one state, through the real program.
@Suite struct LockTests {
    static let slow = """
        resource "time_sleep" "a" {
          create_duration = "4s"
        }
        """

    /// Begins an apply, and goes on when it is at work. What follows is driven by the shell alone: its moments are those of processes.
    static let begin = """
        ashlar apply -auto-approve >first 2>&1 & pid=$!
        until grep -q ': Creating' first || ! kill -0 $pid; do sleep 0.05; done

        """

    @Test(.timeLimit(.minutes(15))) func theSecondIsRefusedWithTheHolderOrWaitsForIt() async throws {
        let work = try Workplace(Self.slow)
        let (output, _) = try await work.run(
            Self.begin + """
                echo "holder: $pid"; ashlar apply -auto-approve; echo "second: $?"
                ashlar state list; echo "list: $?"
                ashlar apply -auto-approve -lock-timeout=60s; echo "waited: $?"
                wait $pid; echo "first: $?"; cat first
                """)
        #expect(output.contains("second: 1") && output.contains("Error acquiring the state lock"), "\(output)")
        let holder = try #require(
            output.words.firstMatch(of: /tester on \S+ \(process (\d+), apply, since \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC\)/))
        #expect(output.contains("holder: \(holder.1)\n"))
        #expect(output.contains("-lock-timeout") && output.contains("ashlar force-unlock "), "\(output)")
        // Looking needs no lock; waiting gets it in the end.
        #expect(
            output.contains("list: 0") && output.contains("waited: 0") && output.contains("0 added, 0 changed, 0 destroyed"), "\(output)")
        #expect(output.contains("first: 0") && output.contains("1 added"), "\(output)")
    }

    @Test(.timeLimit(.minutes(15))) func aDeadHolderIsTakenOver() async throws {
        let work = try Workplace(Self.slow)
        let (output, code) = try await work.run(
            Self.begin + """
                kill -KILL $pid; wait $pid; echo "first: $?"; echo "holder: process $pid (apply)"
                ashlar apply -auto-approve && ashlar history
                """)
        let holder = try #require(output.words.firstMatch(of: /holder: (process \d+ \(apply\))/))
        #expect(code == 0 && output.contains("first: 137"), "\(output)")
        #expect(output.contains("Taking over the state's lock from \(holder.1)"), "\(output)")
        #expect(output.contains("time_sleep.a had not been made") && output.contains("1 added"), "\(output)")
        #expect(output.contains("unfinished") && output.contains("recover"), "\(output)")
        #expect(try await work.recorded() == ["time_sleep.a"])
    }

    @Test(.timeLimit(.minutes(15))) func severalThatComeAfterADeadHolderGetItInTurn() async throws {
        let work = try Workplace(Self.slow)
        let (output, _) = try await work.run(
            Self.begin + """
                kill -KILL $pid; wait $pid
                for n in 1 2 3 4 5 6; do (ashlar apply -auto-approve -lock-timeout=120s >out$n 2>&1; echo "code: $?" >>out$n) & done
                wait; cat out*
                """)
        #expect(output.text.matches(of: /code: 0/).count == 6 && output.text.matches(of: /Taking over/).count == 1, "\(output)")
        #expect(output.text.matches(of: /\s1 added/).count == 1 && output.text.matches(of: /\s0 added/).count == 5, "\(output)")
    }

    /// The lock is broken while the body runs: what the body ended with stays what the command ends with.
    @Test(arguments: ["taint a.a", "untaint a.a", "state rm a.a", "workspace new a", "workspace delete a"])
    func aTimeoutThatIsNoneIsRefused(_ command: String) async throws {
        let work = try Workplace("")
        let (output, code) = try await work.run("ashlar \(command) -lock-timeout=banana")
        #expect(code != 0 && output.contains("-lock-timeout is a duration"), "\(output)")
    }

    /// What a workspace holds is looked at under its lock: before, somebody may be about to record something.
    @Test(.timeLimit(.minutes(15))) func aWorkspaceIsLockedBeforeItIsLookedAt() async throws {
        let work = try Workplace(#"resource "terraform_data" "first" {}"#)
        let (output, _) = try await work.run(
            """
            ashlar workspace new w && ashlar apply -auto-approve && cat >>main.tf <<'END'

            resource "time_sleep" "a" {
              create_duration = "3000s"
            }
            END

            """ + Self.begin + """
                TF_WORKSPACE=default ashlar workspace delete w; echo "while locked: $?"
                kill -TERM $pid; wait $pid
                TF_WORKSPACE=default ashlar workspace delete w; echo "not empty: $?"
                ashlar destroy -auto-approve; echo "destroyed: $?"
                TF_WORKSPACE=default ashlar workspace delete w; echo "deleted: $?"
                """)
        let text = "\(output)"
        let locked = try #require(text.range(of: "while locked: 1"), "\(output)")
        #expect(!text[..<locked.lowerBound].contains("not empty") && text[..<locked.lowerBound].contains("lock"), "\(output)")
        #expect(text.contains("Workspace is not empty") && text.contains("not empty: 1"), "\(output)")
        // Having been refused it keeps no lock.
        #expect(text.contains("destroyed: 0") && text.contains("deleted: 0") && !text.contains("Taking over"), "\(output)")
    }

    @Test func theErrorOfTheBodyIsNotLostWithTheLock() async throws {
        let work = try Workplace("")
        let session = Session(color: false, workingDirectory: work.folder.path)
        await #expect {
            try await session.locked("test", timeout: 0) { lock in
                try await session.store.breakLock(id: lock.id)
                throw CommandFailure(code: 7)
            }
        } throws: { ($0 as? CommandFailure)?.code == 7 }
        await #expect {
            try await session.locked("test", timeout: 0) { try await session.store.breakLock(id: $0.id) }
        } throws: { ($0 as? CommandFailure)?.code == 1 }
    }

    /// What recovery advises where a service cannot tell: the attempt is forgotten, and what it was to replace is not.
    @Test(.timeLimit(.minutes(15))) func anAttemptIsForgotten() async throws {
        let replacing = Self.slow.replacing(
            "\n}", with: "\n  triggers = { a = \"N\" }\n  lifecycle {\n    create_before_destroy = true\n  }\n}")
        let work = try Workplace(replacing.replacing("4s", with: "0s"))
        #expect(try await work.run("ashlar apply -auto-approve").code == 0)
        try work.write(replacing.replacing("N", with: "M"))
        let (output, code) = try await work.run(
            Self.begin + """
                kill -KILL $pid; wait $pid; ashlar state list
                ashlar state rm -dry-run time_sleep.a && ashlar state rm time_sleep.a && ashlar state list && ashlar plan
                """)
        #expect(code == 0 && output.contains("\nWould forget the attempt to create time_sleep.a\n"), "\(output)")
        #expect(output.text.contains("\nForgot the attempt to create time_sleep.a\ntime_sleep.a\n"), "\(output)")
        #expect(!output.contains("Looking for") && output.contains("1 to add, 0 to change, 1 to destroy"), "\(output)")
    }

    @Test(.timeLimit(.minutes(15))) func aSavedPlanWhoseOwnRunWasCutOffSaysSo() async throws {
        let work = try Workplace(
            """
            resource "time_sleep" "a" { create_duration = "1ms" }
            resource "time_sleep" "b" {
              create_duration = "4s"
              triggers        = { a = time_sleep.a.id }
            }
            """)
        #expect(try await work.run("ashlar plan -out saved").code == 0)
        let interrupted = try await work.run(
            Self.begin.replacing("-auto-approve", with: "saved").replacing("': Creating'", with: "'b: Creating'")
                + "kill -INT $pid; wait $pid; ashlar apply saved")
        #expect(interrupted.code == 1, "\(interrupted.output)")
        for words in [
            "because it has been applied already, and that run was interrupted before all was done. Since it was made:",
            "apply of this plan by tester on", "which was interrupted", "time_sleep.a was created", "Plan again",
        ] { #expect(interrupted.output.contains(words), "\(words): \(interrupted.output)") }
        #expect(!interrupted.output.contains("other operation"), "\(interrupted.output)")
        #expect(try await work.run("ashlar apply -auto-approve").code == 0)
        let both = try await work.run("ashlar apply saved")
        #expect(both.output.contains("before all was done; other operations have changed the state too."), "\(both.output)")
    }

    @Test func aSavedPlanIsRefusedWithWhatHasChanged() async throws {
        func file(_ name: String) -> String {
            "resource \"local_file\" \"\(name)\" {\n  filename = \"out/\(name)\"\n  content  = \"\(name)\"\n}\n"
        }
        let work = try Workplace(file("a"))
        #expect(try await work.run("ashlar apply -auto-approve").code == 0)
        try work.write(file("a") + file("b"))
        #expect(try await work.run("ashlar plan -out saved").code == 0)
        try work.write(file("c"))
        #expect(try await work.run("ashlar apply -auto-approve").code == 0)
        try work.write(file("a") + file("b"))
        let refused = try await work.run("ashlar apply saved")
        #expect(refused.code == 1 && refused.output.contains("Saved plan is stale"), "\(refused.output)")
        for words in [
            "by another operation after the plan", "apply by tester on", "local_file.c was created", "local_file.a was deleted",
            "Plan again",
        ] {
            #expect(refused.output.contains(words), "\(words): \(refused.output)")
        }
        #expect(try await work.recorded() == ["local_file.c"] && work.files(in: "out") == ["c"])
    }
}
