import Diagnostics
import Testing

@testable import Commands

/// Whatever Terraform 1.11 takes as an option is taken here, or refused with what does the same: no habit ends in "unknown option".
@Suite struct ForeignOptionTests {
    /// By command, as its `-help` lists them. Those of `login`, `state mv` and the like are refused with their commands.
    static let options: [(command: String, options: String)] = [
        (
            "init",
            "backend backend-config force-copy from-module get input lock lock-timeout no-color json plugin-dir reconfigure migrate-state upgrade lockfile ignore-remote-version test-directory var var-file"
        ),
        ("validate", "json no-color no-tests test-directory"),
        (
            "plan",
            "destroy refresh-only refresh replace target var var-file compact-warnings detailed-exitcode generate-config-out input lock lock-timeout no-color out parallelism state json"
        ),
        (
            "apply",
            "auto-approve backup compact-warnings destroy lock lock-timeout input no-color parallelism state state-out var var-file replace target refresh refresh-only json"
        ),
        (
            "destroy",
            "auto-approve backup compact-warnings lock lock-timeout input no-color parallelism state state-out var var-file target json"
        ),
        ("console", "state plan var var-file"), ("fmt", "list write diff check no-color recursive"), ("force-unlock", "force"),
        ("get", "update no-color test-directory"), ("graph", "plan draw-cycles type module-depth"),
        ("import", "config input lock lock-timeout no-color var var-file ignore-remote-version state state-out backup parallelism"),
        ("output", "state no-color json raw"), ("providers", "test-directory"), ("providers schema", "json"),
        ("metadata functions", "json"),
        ("refresh", "compact-warnings input lock lock-timeout no-color parallelism target var var-file state state-out backup json"),
        ("show", "no-color json"), ("state list", "state id"), ("state show", "state"), ("state pull", ""),
        ("state rm", "dry-run backup lock lock-timeout state ignore-remote-version"),
        ("taint", "allow-missing lock lock-timeout ignore-remote-version state state-out backup"),
        ("untaint", "allow-missing lock lock-timeout ignore-remote-version state state-out backup"),
        ("test", "cloud-run filter json junit-xml no-color test-directory var var-file verbose parallelism"), ("version", "json"),
        ("modules", "json"), ("workspace list", ""), ("workspace new", "lock lock-timeout state"), ("workspace select", "or-create"),
        ("workspace delete", "force lock lock-timeout"), ("workspace show", ""),
    ]

    @Test(arguments: options) func everyOptionIsTaken(_ given: (command: String, options: String)) {
        let words = given.command.split(separator: " ").map(String.init)
        for option in given.options.split(separator: " ").map(String.init) where !RootCommand.hasOption(words, option) {
            let (left, fault) = ForeignOptions.settled(words + ["--\(option)=x"], known: RootCommand.hasOption)
            #expect(fault != nil || left == words, "\(given.command) -\(option)")
            if let fault { #expect(!fault.hints.isEmpty) }
        }
    }

    @Test func whatIsPassedOverLeavesNothingBehind() {
        func settled(_ text: String) -> [String] {
            ForeignOptions.settled(text.split(separator: " ").map(String.init), known: RootCommand.hasOption).0
        }
        #expect(settled("init --lock=false --upgrade") == ["init", "--upgrade"])
        #expect(settled("init --lock-timeout 5s --upgrade") == ["init", "--upgrade"])
        #expect(settled("plan --lock=false") == ["plan", "--lock=false"])
        #expect(settled("plan -- --ignore-remote-version") == ["plan", "--", "--ignore-remote-version"])
    }

    @Test(
        arguments: [
            ("a b", ["a", "b"]), ("  -var 'x=a b'  ", ["-var", "x=a b"]), (#"-var "x=\"q\" 'r'""#, ["-var", #"x="q" 'r'"#]),
            (#"a\ b"#, ["a b"]),
            ("''", [""]), ("a''b", ["ab"]), (#"'a\b'"#, [#"a\b"#]), ("'a", nil), (#"a\"#, nil), ("", []),
        ] as [(String, [String]?)]) func wordsOfALine(_ text: String, _ words: [String]?)
    {
        #expect(EnvironmentArguments.words(of: text) == words)
    }

    @Test func environmentArgumentsStandBehindTheCommand() throws {
        let environment = ["TF_CLI_ARGS": "-no-color", "TF_CLI_ARGS_plan": "-var x=1", "TF_CLI_ARGS_state_list": "-id=i"]
        func added(_ text: String) throws -> String {
            try EnvironmentArguments.adding(environment, to: text.split(separator: " ").map(String.init)).joined(separator: " ")
        }
        #expect(try added("plan -var x=2") == "plan -var x=1 -no-color -var x=2")
        #expect(try added("-chdir=d plan") == "-chdir=d plan -var x=1 -no-color")
        #expect(try added("state list a.b") == "state list -id=i -no-color a.b")
        #expect(try added("apply p") == "apply -no-color p")
        #expect(try added("-version") == "-version")
        #expect(throws: DiagnosticError.self) { try EnvironmentArguments.adding(["TF_CLI_ARGS": "'"], to: ["plan"]) }
    }
}
