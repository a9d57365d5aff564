import Foundation
import Testing

/// Ctrl-C, once and twice, through the real program.
@Suite struct InterruptTests {
    private func chain(_ duration: String) -> String {
        """
        resource "time_sleep" "a" {
          create_duration = "\(duration)"
        }
        resource "local_file" "b" {
          filename = "out/b"
          content  = time_sleep.a.id
        }
        """
    }

    @Test(.timeLimit(.minutes(15))) func onceLetsWhatIsUnderWayEnd() async throws {
        let work = try Workplace(chain("4s"))
        let (output, code) = try await work.run(LockTests.begin + "kill -TERM $pid; wait $pid; code=$?; cat first; exit $code")
        #expect(code == 1 && output.contains("time_sleep.a: Creation complete") && output.contains("Interrupted. 1 added"), "\(output)")
        #expect(output.contains("Not begun:\n  - local_file.b"), "\(output)")
        #expect(try await work.recorded() == ["time_sleep.a"] && work.files(in: "out").isEmpty)
        let next = try await work.run("ashlar apply -auto-approve")
        #expect(next.code == 0 && next.output.contains("1 added") && !next.output.contains("Looking for"), "\(next.output)")
    }

    @Test(.timeLimit(.minutes(15))) func twiceAbandonsIt() async throws {
        let work = try Workplace(chain("300s"))
        let (output, code) = try await work.run(
            LockTests.begin + "kill -INT $pid; sleep 0.2; kill -TERM $pid; wait $pid; code=$?; cat first; exit $code")
        #expect(code == 1 && output.contains("Abandoned, to be looked for by the next run:\n  - time_sleep.a"), "\(output)")
        #expect(try await work.recorded().isEmpty)
        // Before it plans, the next run finds out what became of it, and says so.
        try work.write(chain("1s"))
        let next = try await work.run("ashlar plan")
        #expect(next.code == 0 && next.output.contains("Looking for what an interrupted run had under way: time_sleep.a"), "\(next.output)")
        #expect(next.output.contains("time_sleep.a had not been made") && next.output.contains("2 to add"), "\(next.output)")
        let last = try await work.run("ashlar apply -auto-approve")
        #expect(last.code == 0 && last.output.contains("2 added") && !last.output.contains("Looking for"), "\(last.output)")
    }
}
