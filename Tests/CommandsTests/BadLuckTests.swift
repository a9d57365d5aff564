import Foundation
import Testing

/// Kills, full disks and damaged files, through the real program: nothing is lost, and a later run completes.
@Suite struct BadLuckTests {
    private func files(_ count: Int) -> String {
        """
        resource "local_file" "f" {
          count    = \(count)
          filename = "out/f${count.index}"
          content  = "file ${count.index}: ${join(" ", range(80))}"
        }
        """
    }

    private func names(_ count: Int) -> [String] { (0..<count).map { "f\($0)" }.sorted() }

    /// What exists and what is recorded are the same, and nothing is half made.
    private func compare(_ work: Workplace, _ count: Int) async throws {
        #expect(work.files(in: "out") == names(count))
        #expect(try await work.recorded().sorted() == (0..<count).map { "local_file.f[\($0)]" }.sorted())
        let plan = try await work.run("ashlar plan -detailed-exitcode")
        #expect(plan.code == 0, "\(plan.output)")
    }

    /// What an ephemeral resource gave is recorded nowhere: it is opened again to look for what was under way.
    @Test(.timeLimit(.minutes(15))) func aProviderConfiguredFromAnEphemeralResourceIsAskedAfterACrash() async throws {
        let work = try Workplace(
            """
            ephemeral "random_password" "p" {
              length = 16
            }
            provider "aws" {
              region     = "us-east-1"
              access_key = "a"
              secret_key = ephemeral.random_password.p.result
              endpoint   = "http://127.0.0.1:${var.port}"
            }
            variable "port" {}
            resource "aws_vpc" "a" { cidr_block = "10.0.0.0/16" }
            """)
        // The first service takes the request and hangs up; the second has nothing.
        try work.write(
            """
            import http.server, sys

            class Answers(http.server.BaseHTTPRequestHandler):
                def do_POST(self):
                    if sys.argv[1] == "hang-up": return self.connection.close()
                    body = b"<DescribeVpcsResponse><vpcSet/></DescribeVpcsResponse>"
                    self.send_response(200)
                    self.send_header("Content-Type", "text/xml")
                    self.send_header("Content-Length", str(len(body)))
                    self.end_headers()
                    self.wfile.write(body)
                do_GET = do_POST
                def log_message(self, *rest): pass

            server = http.server.HTTPServer(("127.0.0.1", 0), Answers)
            print(server.server_port, flush=True)
            server.serve_forever()
            """, to: "answers.py")
        let (output, _) = try await work.run(
            """
            python3 answers.py hang-up >port1 & one=$!; python3 answers.py nothing >port2 & two=$!
            until [ -s port1 ] && [ -s port2 ]; do sleep 0.05; done
            ashlar apply -auto-approve -var port=$(cat port1)
            ashlar apply -auto-approve -var port=$(cat port2); kill $one $two
            """)
        #expect(output.contains("the next run looks for it"), "\(output)")
        #expect(output.contains("aws_vpc.a had not been made"), "\(output)")
    }

    @Test(.timeLimit(.minutes(15))) func killedAtRandomMoments() async throws {
        let work = try Workplace(files(150))
        var random = Seeded(state: 4)
        var killed = 0
        // Growing, then shrinking: kills in the midst of creates and of deletes, each run finding what the one before it has left.
        for (count, verb, isLast) in [
            (150, "Creating", false), (300, "Creating", true), (150, "Destroying", false), (40, "Destroying", true),
        ] {
            try work.write(files(count))
            // From the moment it begins to work, which no machine's speed moves.
            let delay = Double(random.below(120)) / 1000
            let (output, _) = try await work.run(
                """
                ashlar apply -auto-approve >first 2>&1 & pid=$!
                until grep -q ': \(verb)' first || ! kill -0 $pid; do sleep 0.01; done
                sleep \(delay); kill -KILL $pid; wait $pid; echo "ended: $?"
                """)
            if output.contains("ended: 137") { killed += 1 }
            if !isLast { continue }
            let last = try await work.run("ashlar apply -auto-approve")
            #expect(last.code == 0, "\(last.output)")
            try await compare(work, count)
        }
        #expect(killed >= 2)
    }

    /// A limit on the size of files stands for a full disk where nobody may mount one: the state's log cannot grow any more.
    @Test(.timeLimit(.minutes(15)), arguments: [60, 100, 300, 700]) func aStateThatCannotGrow(_ blocks: Int) async throws {
        let work = try Workplace(files(200))
        // Through a pipe, whose other end has no limit.
        let full = try await work.run("{ (ulimit -f \(blocks); exec ashlar apply -auto-approve) 2>&1; echo \"ended: $?\"; } | cat")
        #expect(full.output.contains("ended: 1"), "\(full.output)")
        #expect(
            full.output.contains("Error: The disk is full") || full.output.contains("Error: State could not be written"), "\(full.output)")
        #expect(full.output.contains("terraform.ashlar") && full.output.contains("then run again"), "\(full.output)")
        let next = try await work.run("ashlar apply -auto-approve")
        #expect(next.code == 0, "\(next.output)")
        try await compare(work, 200)
    }

    /// A real full disk, where the test may mount one in a namespace of its own.
    @Test(.enabled(if: geteuid() == 0), .timeLimit(.minutes(15)), arguments: [0, 24, 60, 200]) func aFullDisk(_ left: Int) async throws {
        let work = try Workplace(files(200).replacing("out/", with: "../out/"))
        let script = """
            mkdir disk && mount -t tmpfs -o size=1m none disk && cp main.tf disk && cd disk || exit 9
            dd if=/dev/zero of=filler bs=1k count=$((1024 - 8 - \(left))) 2>/dev/null
            ashlar apply -auto-approve; echo "first: $?"; rm filler
            mount -o remount,size=64m . && ashlar apply -auto-approve; echo "second: $?"
            ashlar state list | wc -l; ashlar plan -detailed-exitcode >/dev/null; echo "plan: $?"; ls
            """
        try work.write(script, to: "script")
        let (output, code) = try await work.run("unshare -m sh script")
        #expect(code == 0 && output.contains("first: 1") && output.contains("second: 0") && output.contains("plan: 0"), "\(output)")
        #expect(output.contains("\n200\n") && work.files(in: "out") == names(200), "\(output)")
        #expect(output.contains("disk is full") && output.contains("Free some space"), "\(output)")
    }

    @Test func aFolderThatCannotBeWrittenTo() async throws {
        let work = try Workplace(files(1))
        // Nobody stops the superuser but a file system that takes nothing.
        let readOnly =
            geteuid() == 0 ? "unshare -m sh -c 'mount --bind . . && mount -o remount,ro,bind . && cd . && " : "chmod 500 .; sh -c '"
        let refused = try await work.run(readOnly + "cd \"$PWD\" && ashlar apply -auto-approve'; code=$?; chmod 700 .; exit $code")
        #expect(refused.code == 1 && refused.output.contains("Error: The state cannot be written"), "\(refused.output)")
        #expect(
            refused.output.contains("cannot be written to") && refused.output.contains("Give yourself the right to write to"),
            "\(refused.output)")
        #expect(work.files(in: "out").isEmpty && !FileManager.default.fileExists(atPath: work.state.path))
    }

    @Test func aStateWithAFlippedByteIsRefusedAndLeftAlone() async throws {
        let work = try Workplace(files(20))
        #expect(try await work.run("ashlar apply -auto-approve").code == 0)
        let right = try Data(contentsOf: work.state)
        var random = Seeded(state: 9)
        var refusals = 0
        for offset in [20, 61, 69] + (0..<12).map({ _ in random.below(right.count) }) {
            var broken = right
            broken[offset] ^= 1 << UInt8(random.below(8))
            try broken.write(to: work.state)
            for command in ["ashlar state list", "ashlar apply -auto-approve"] {
                let (output, code) = try await work.run(command)
                if code == 0 { continue }
                refusals += 1
                #expect(code == 1 && output.contains("Error: The state") && output.contains("backup"), "\(offset): \(output)")
                #expect(try Data(contentsOf: work.state).count == right.count, "\(offset)")
            }
            #expect(work.files(in: "out") == names(20), "\(offset)")
        }
        #expect(refusals > 8)
        try right.write(to: work.state)
        try await compare(work, 20)
    }

    @Test func anEmptiedStateIsNotTakenForANewOne() async throws {
        let work = try Workplace(files(2))
        #expect(try await work.run("ashlar apply -auto-approve").code == 0)
        try Data().write(to: work.state)
        for command in ["ashlar plan", "ashlar apply -auto-approve", "ashlar destroy -auto-approve"] {
            let (output, code) = try await work.run(command)
            #expect(code == 1 && output.contains("terraform.ashlar is empty") && output.contains("backup"), "\(command): \(output)")
        }
        #expect(work.files(in: "out") == names(2))
    }

    /// Whoever reads the output may go away; the run goes on and is recorded.
    @Test func aReaderThatGoesAway() async throws {
        let work = try Workplace(files(60))
        #expect(try await work.run("ashlar apply -auto-approve | head -1").code == 0)
        // The pipe's end is not the program's: it is waited for by the lock.
        #expect(try await work.run("ashlar apply -auto-approve -lock-timeout=60s").code == 0)
        try await compare(work, 60)
        let full = try await work.run("ashlar state list > /dev/full")
        #expect(full.code == 1 && full.output.contains("standard output could not be written"), "\(full.output)")
    }
}

/// The same numbers on every machine.
struct Seeded {
    var state: UInt64

    mutating func below(_ bound: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int((state >> 33) % UInt64(max(1, bound)))
    }
}
