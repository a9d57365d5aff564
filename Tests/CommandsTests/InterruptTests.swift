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

    @Test(.timeLimit(.minutes(15))) func onceEndsWhatOnlyWaits() async throws {
        let work = try Workplace(chain("3000s"))
        let (output, code) = try await work.run(LockTests.begin + "kill -TERM $pid; wait $pid; code=$?; cat first; exit $code")
        #expect(code == 1 && output.contains("Interrupted. 0 added") && output.contains("2 not begun"), "\(output)")
        #expect(try await work.recorded().isEmpty && work.files(in: "out").isEmpty)
        try work.write(chain("100ms"))
        let next = try await work.run("ashlar apply -auto-approve")
        #expect(next.code == 0 && next.output.contains("2 added") && !next.output.contains("Looking for"), "\(next.output)")
    }

    /// A service that takes the request and never answers.
    private let silence = """
        provider "aws" {
          region     = "us-east-1"
          access_key = "a"
          secret_key = "b"
          endpoint   = "http://127.0.0.1:${var.port}"
        }
        variable "port" {}
        resource "aws_vpc" "a" { cidr_block = "10.0.0.0/16" }
        """

    @Test(.timeLimit(.minutes(15))) func twiceAbandonsIt() async throws {
        let work = try Workplace(silence)
        let (output, code) = try await work.run(
            """
            python3 -c "import socket, time; s = socket.socket(); s.bind(('127.0.0.1', 0)); s.listen(); print(s.getsockname()[1], flush=True); time.sleep(600)" >port &
            service=$!; until [ -s port ]; do sleep 0.05; done

            """ + LockTests.begin.replacing("-auto-approve", with: "-auto-approve -var port=$(cat port)")
                + "kill -INT $pid; sleep 0.2; kill -TERM $pid; wait $pid; code=$?; kill $service; cat first; exit $code")
        #expect(code == 1 && output.contains("Waiting for 1 step under way"), "\(output)")
        #expect(output.contains("Abandoned, to be looked for by the next run:\n  - aws_vpc.a"), "\(output)")
        #expect(try await work.recorded().isEmpty)
        // Until it is looked for, it is known as an attempt.
        let forgotten = try await work.run("ashlar state rm aws_vpc.a")
        #expect(forgotten.output.contains("Forgot the attempt to create aws_vpc.a"), "\(forgotten.output)")
    }

    /// What is made is a file, and a second object that takes its time; the run after it is not begun.
    private func tested(_ seconds: Int, then kills: String) async throws -> (output: Said, code: Int32) {
        let work = try Workplace(
            """
            resource "terraform_data" "a" {
              provisioner "local-exec" { command = "touch made" }
              provisioner "local-exec" {
                when    = destroy
                command = "rm made"
              }
            }
            resource "terraform_data" "b" {
              depends_on = [terraform_data.a]
              provisioner "local-exec" { command = "touch begun; sleep \(seconds)" }
            }
            """)
        try work.write(#"run "one" {}"# + "\n" + #"run "two" {}"#, to: "a.tftest.hcl")
        try work.write(#"run "three" {}"#, to: "b.tftest.hcl")
        return try await work.run(
            """
            ashlar test >first 2>&1 & pid=$!
            until [ -e begun ] || ! kill -0 $pid; do sleep 0.05; done
            \(kills); wait $pid; code=$?; cat first; [ -e made ] && echo "still there"; exit $code
            """)
    }

    @Test(.timeLimit(.minutes(15))) func aTestTearsDownWhatItMade() async throws {
        let (output, code) = try await tested(2, then: "kill -INT $pid")
        #expect(code == 1 && output.contains("Interrupted: the run under way"), "\(output)")
        #expect(output.contains(#"run "one"... pass"#) && output.contains(#"run "two"... skip"#), "\(output)")
        #expect(output.contains(#"run "three"... skip"#) && output.contains("1 passed, 0 failed, 2 skipped."), "\(output)")
        #expect(!output.contains("still there") && !output.contains("by hand"), "\(output)")
    }

    @Test(.timeLimit(.minutes(15))) func aTestInterruptedTwiceSaysWhatIsLeft() async throws {
        let (output, code) = try await tested(3000, then: "kill -INT $pid; sleep 0.5; kill -TERM $pid")
        #expect(code == 1 && output.contains("Interrupted again") && output.contains("still there"), "\(output)")
        #expect(
            output.contains(
                "\"one\" of a.tftest.hcl has made was not destroyed, and nothing knows of it any more. It has to be removed by hand:\n  - terraform_data.a\n"
            ), "\(output)")
        #expect(output.contains("\n  - terraform_data.b"), "\(output)")
    }

    @Test(.timeLimit(.minutes(15))) func whilePlanningItGivesTheLockBack() async throws {
        let work = try Workplace(
            silence.replacing(#"resource "aws_vpc" "a" { cidr_block = "10.0.0.0/16" }"#, with: #"data "aws_vpc" "a" { id = "vpc-1" }"#))
        let (output, code) = try await work.run(
            """
            python3 -c "import socket, time; s = socket.socket(); s.bind(('127.0.0.1', 0)); s.listen(); print(s.getsockname()[1], flush=True); s.accept(); open('asked', 'w'); time.sleep(600)" >port &
            service=$!; until [ -s port ]; do sleep 0.05; done
            ashlar apply -auto-approve -var port=$(cat port) >first 2>&1 & pid=$!
            until [ -e asked ]; do sleep 0.05; done
            kill -INT $pid; wait $pid; code=$?; kill $service; cat first; exit $code
            """)
        #expect(code == 1 && output.contains("Interrupted."), "\(output)")
        try work.write("")
        let next = try await work.run("ashlar destroy -auto-approve")
        #expect(next.code == 0 && !next.output.contains("lock"), "\(next.output)")
    }
}
