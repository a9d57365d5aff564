import Foundation
import Testing

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

    @Test(.timeLimit(.minutes(2))) func theSecondIsRefusedWithTheHolderOrWaitsForIt() async throws {
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

    @Test(.timeLimit(.minutes(2))) func aDeadHolderIsTakenOver() async throws {
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
        for words in ["apply by tester on", "local_file.c was created", "local_file.a was deleted", "Plan again"] {
            #expect(refused.output.contains(words), "\(words): \(refused.output)")
        }
        #expect(try await work.recorded() == ["local_file.c"] && work.files(in: "out") == ["c"])
    }
}
