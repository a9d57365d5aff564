import Transport

/// How a script gets to a shell on the host without a word of it in the host's process list.
///
/// The command line holds a fixed loader for `sh`. The script follows on standard input, then the script's own input. The loader
/// announces itself on both output streams, reads exactly the script's bytes into a variable, makes sure of the terminator (a
/// connection that breaks half-way must not run half a script) and evaluates it; what is left on standard input is the script's.
struct ScriptLoader: Sendable {
    /// What the loader prints once it runs as the right user; two halves, so that an echo of the command line is not taken for it.
    let announcement: [UInt8]
    /// What `sudo` prints when it wants the password.
    let prompt: [UInt8]
    /// The request for the channel.
    let commandLine: String
    /// What goes to standard input before the script's input.
    let payload: [UInt8]
    /// Whether a password may be asked for: nothing but the password is sent before the loader has announced itself.
    let mayAskForPassword: Bool

    /// - Parameter become: nil to run as the user who logs in.
    init(script: String, hasInput: Bool, become: HostEndpoint.Become?, token: String = ScriptLoader.randomToken()) {
        let middle = token.index(token.startIndex, offsetBy: token.count / 2)
        let (first, second) = (token[..<middle], token[middle...])
        announcement = Array((first + second).utf8)
        prompt = Array("\(second)-password-\(first)".utf8)
        let terminator = "#\(second)\(first)"
        let text = Array("\(script)\n\(terminator)".utf8)
        payload = text
        // `head` may read ahead (only GNU's surely does not), which matters only where input follows the script.
        let count = text.count
        let read =
            hasInput
            ? "case $(head --version 2>/dev/null) in *GNU*)s=$(head -c \(count));;*)s=$(dd bs=1 count=\(count) 2>/dev/null);;esac"
            : "s=$(head -c \(count))"
        let loader =
            "printf \"%s%s\\n\" \(first) \(second) >&2;printf \"%s%s %s\\n\" \(first) \(second) $$;\(read);"
            + "case $s in *\(terminator));;*)exit 97;;esac;eval \"unset s;${s%?\(terminator)}\""
        let shell = "sh -c '\(loader)'"
        switch become {
        case nil:
            mayAskForPassword = false
            commandLine = "exec \(shell)"
        case let become? where become.method == "doas":
            mayAskForPassword = false
            commandLine = "exec doas -n -u \(Self.quoted(become.user)) \(shell)"
        case let become?:
            mayAskForPassword = become.password != nil
            let asking = become.password == nil ? "-n" : "-S -p \(Self.quoted(String(decoding: prompt, as: UTF8.self)))"
            commandLine = "exec sudo \(asking) -H -u \(Self.quoted(become.user)) -- \(shell)"
        }
    }

    /// 32 hexadecimal digits.
    static func randomToken() -> String {
        let value = UInt64.random(in: .min ... .max)
        let other = UInt64.random(in: .min ... .max)
        return [value, other].map { word in
            let digits = String(word, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
    }

    /// In single quotes, for any shell that the user may have to log in.
    static func quoted(_ text: String) -> String {
        "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
    }

    /// Stops the process group of a script whose loader said `process`: asks, waits up to two seconds, then kills.
    ///
    /// The command line of the process must still hold the announcement's first half, so that a reused number harms nobody.
    static func stopping(process: Int, announcement: [UInt8]) -> String {
        let half = String(decoding: announcement.prefix(announcement.count / 2), as: UTF8.self)
        return """
            p=\(process)
            if [ -r /proc/$p/stat ]; then
              case $(tr '\\000' ' ' </proc/$p/cmdline) in *\(half)*) ;; *) exit 0 ;; esac
              read -r stat </proc/$p/stat || exit 0
              set -- $stat
              group=$5
            else
              case $(ps -o args= -p $p) in *\(half)*) ;; *) exit 0 ;; esac
              group=$(ps -o pgid= -p $p | tr -d ' ')
            fi
            [ "$group" -gt 1 ] || exit 1
            kill -s TERM -- "-$group" 2>/dev/null || exit 0
            for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
              kill -s 0 -- "-$group" 2>/dev/null || exit 0
              sleep 0.1 2>/dev/null || sleep 1
            done
            kill -s KILL -- "-$group"
            """
    }
}
