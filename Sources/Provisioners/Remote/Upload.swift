import Processes
import ProviderKit
import Transport

/// Puts one file on a machine: its bytes go into a draft beside it, piece by piece, and the draft takes its place when it is whole.
struct Upload {
    let machine: Machine
    let destination: String
    /// Of a file that is not there yet; one that is keeps its own.
    let mode: String
    /// What is at the destination already keeps its permissions, and where it is a link, what that leads to is replaced.
    var keepsWhatIsThere = true

    /// Held here, and sent, at once.
    static let piece = 4 << 20

    /// - Parameter next: the next bytes, at most `piece`; none at the end.
    func run(_ next: () throws(SystemFailure) -> [UInt8]) async throws(ProviderFailure) {
        let token = String(UInt64.random(in: .min ... .max), radix: 16)
        let draft = ".ashlar-\(token)"
        var total = 0
        var isFirst = true
        do {
            while true {
                let bytes = try next()
                if bytes.isEmpty, !isFirst { break }
                let script = prepare + "\(isFirst ? "umask 077; : > \"$t\" || exit 1; " : "")cat >> \"$t\" || exit 1"
                try await step(script.replacing("@draft@", with: draft), input: bytes, "writing \(destination)")
                total += bytes.count
                isFirst = false
                if bytes.count < Self.piece { break }
            }
            try await step(finish(total).replacing("@draft@", with: draft), input: [], "putting \(destination) in its place")
        } catch {
            // What is left of the draft is in nobody's way, and a machine that is gone cannot be tidied.
            _ = try? await machine.run(
                HostCommand(script: prepare.replacing("@draft@", with: draft) + "rm -f \"$t\"", timeout: 30, name: "removing a draft"))
            switch error {
            case let failure as ProviderFailure: throw failure
            case let failure as SystemFailure: throw .provisioner(machine.type, "\(failure).")
            default: throw .provisioner(machine.type, "\(error)")
            }
        }
    }

    /// `$f`: the file; `$t`: its draft.
    private var prepare: String {
        """
        f=\(shellQuoted(destination))
        \(keepsWhatIsThere ? "if [ -L \"$f\" ]; then r=$(readlink -f \"$f\") && [ -n \"$r\" ] && f=$r; fi" : ":")
        if [ -d "$f" ]; then echo "$f is a directory" >&2; exit 1; fi
        case $f in */*) d=${f%/*}/;; *) d=./;; esac
        t=$d@draft@

        """
    }

    private func finish(_ count: Int) -> String {
        prepare + """
            n=$(wc -c < "$t") || exit 1
            if [ "$n" -ne \(count) ]; then echo "$n bytes of \(count) arrived" >&2; exit 1; fi
            m=\(mode)
            if \(keepsWhatIsThere ? "[ -e \"$f\" ]" : "false"); then
              m=$(stat -c %a "$f" 2>/dev/null) || m=\(mode)
              o=$(stat -c %u:%g "$f" 2>/dev/null) && chown "$o" "$t" 2>/dev/null
            fi
            chmod "$m" "$t" && mv -f "$t" "$f"
            """
    }

    private func step(_ script: String, input: [UInt8], _ name: String) async throws(ProviderFailure) {
        let result: HostCommandResult
        do throws(TransportFailure) {
            result = try await machine.run(HostCommand(script: script, input: input, timeout: 3600, name: name))
        } catch {
            throw machine.failure(error, "Upload failed: ")
        }
        guard result.status == 0 else {
            let said = String(decoding: result.errorOutput.prefix(4096), as: UTF8.self).split(whereSeparator: \.isNewline)
                .joined(separator: " / ")
            throw .provisioner(
                machine.type, "Upload failed: \(name) on \(machine.endpoint.address): \(said.isEmpty ? "status \(result.status)" : said)")
        }
    }
}

/// One word for a shell, whatever is in it.
func shellQuoted(_ text: String) -> String {
    "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
}
