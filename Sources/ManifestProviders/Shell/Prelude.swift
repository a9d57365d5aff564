/// The few functions that every script gets, and the frames they write.
///
/// A frame is `TOKEN KIND NAMELENGTH VALUELENGTH\nNAME\nVALUE\n` on file descriptor 3, which is the channel's standard output; the scripts'
/// own standard output goes to standard error, so that nothing a program prints is ever looked at, and what follows a header is counted,
/// so that nothing in a value is.
///
/// `arm SECONDS COMMAND` is the dead-man's switch: from then on a process of its own runs the command when the time is over, unless
/// `confirm` has seen a new connection come through before (Ashlar makes one when it reads the frame, logs in and moves the armed file away);
/// a script that fails in between has it run at once. Who moves the file first has decided. `confirm SECONDS` has the connection wait
/// so long: a service that was told to read its configuration again answers with the old one until it has.
///
/// `unsettled NAME` notes on the host that what is changed from here on still has to be checked or taken up by a service, `settled NAME` that
/// it has been: however a script ends in between, the next read finds the note, and the next apply makes it good. A note made before `arm`
/// goes with what is put back.
///
/// `enter` and `stage` are for places where other users may write: whatever such a user puts there, moves or swaps for a symbolic link
/// at any moment, nothing is written, owned or removed but what stands in the very directory that was named (see `places`).
enum Prelude {
    /// Larger files are not carried.
    static let fileLimit = 8 << 20

    static func text(token: String, owner: KeepsakeOwner) -> String {
        """
        set +e -u
        LC_ALL=C PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
        export LC_ALL PATH
        umask 022
        exec 3>&1 1>&2
        nl='
        '
        _frame() { printf '%s %s %d %d\\n%s\\n%s\\n' \(token) "$1" "${#2}" "${#3}" "$2" "$3" >&3; }
        emit() { _frame e "$1" "$2"; }
        gone() { _frame g '' ''; exit 0; }
        \(keeping(of: owner))
        remember() { _keep "fact.$1" "$2"; _frame r "$1" "$2"; }
        at_exit() { _x="$1;$_x"; }
        fail() { printf '%s\\n' "$*" >&2; exit 1; }
        emit_file() {
        _n=$(timeout 20 stat -c %s -- "$2") || return
        if [ "$_n" -gt \(fileLimit) ]; then _frame e "$1" "($_n bytes: too long to compare)"; return; fi
        _f=$(timeout 20 dd if="$2" iflag=nofollow,nonblock bs=64k status=none | base64)
        [ -n "$_f" ] || [ "$_n" = 0 ] || return
        _frame E "$1" "$_f"
        }
        remember_file() {
        _n=$(wc -c <"$2") || return
        [ "$_n" -le \(fileLimit) ] || fail "$2 has more than \(fileLimit >> 20) MiB: it could not be given back as it was. Move it away first."
        _f=$(base64 <"$2")
        _keep "file.$1" "$_f"
        _frame R "$1" "$_f"
        }
        word() {
        _o=$1 _q=
        while :; do
        case $_o in *\\'*) _q=$_q${_o%%\\'*}"'\\''" _o=${_o#*\\'};; *) break;; esac
        done
        printf "'%s' " "$_q$_o"
        }
        _m=
        unsettled() {
        [ -n "$_k" ] || return 0
        _m=${_k%/before/*}/unsettled/$1
        ( umask 077; mkdir -p "${_m%/*}" && : >"$_m" ) || fail "no note could be made in ${_k%/before/*}"
        }
        settled() { [ -z "$_k" ] || ! [ -e "${_k%/before/*}/unsettled/$1" ] || { rm -f -- "${_k%/before/*}/unsettled/$1"; rmdir -- "${_k%/before/*}/unsettled" "${_k%/before/*}" 2>/dev/null || :; }; }
        emit_unsettled() { [ -z "$_k" ] || for _f in "${_k%/before/*}/unsettled"/*; do [ ! -e "$_f" ] || emit "${_f##*/}" unsettled; done; }
        arm() {
        _c=$(mktemp /run/ashlar-confirm.XXXXXX) _t=$1 _r=$2
        at_exit '[ "$_s" = 0 ] || _revert'
        setsid sh -c 'sleep "$1"; mv -- "$2" "$2.expired" 2>/dev/null || exit 0; eval "$3"; eval "$4"; rm -f -- "$2.expired"' sh "$_t" "$_c" "$_r" "$(_unnoted)" </dev/null >/dev/null 2>&1 3>&- &
        }
        _unnoted() { [ -z "$_m" ] || { printf 'rm -f -- '; word "$_m"; printf '; rmdir -- '; word "${_m%/*}"; word "${_m%/unsettled/*}"; printf '2>/dev/null || :'; }; }
        _revert() { if mv -- "$_c" "$_c.expired" 2>/dev/null; then eval "$_r"; eval "$(_unnoted)"; rm -f -- "$_c.expired"; unchanged; fi; }
        confirm() {
        sleep "${1:-0}"
        _frame k "$_c" ''
        while [ -e "$_c" ] || [ -e "$_c.expired" ]; do sleep 0.1; done
        if [ -e "$_c.confirmed" ]; then rm -f -- "$_c.confirmed"; return; fi
        unchanged
        fail "no new connection came through within $_t seconds, and what was before has been put back"
        }
        \(places)
        _end() { _s=$?; set +e; trap '' PIPE; eval "$_x"; [ "$_s" = 0 ] || _frame l '' "$_l"; exit "$_s"; }
        _mark() { _i=$2; _frame b "$1" ''; printf '\\n%s %s\\n' \(token) "$1" >&2; }

        """
    }

    /// `enter PATH` goes to the directory that PATH stands in, and has `$place` name PATH from there. Symbolic links on the way are
    /// followed only where they are root's, the script's user's or those of the directory's own owner, and stand in such directories:
    /// anybody else could lead a script of root's to /etc. Where the shell then is, the kernel has said (`pwd -P`), so that nothing
    /// can be swapped between the look and the step.
    ///
    /// `look DIRECTORY` goes there in the same way, only to read: false where it is not there, the end where somebody leads elsewhere.
    ///
    /// `within DIRECTORY` goes into one that stands right there, and is no link.
    ///
    /// `stage PATH` makes the current directory a new one beside PATH, which nobody else can enter (they may move it, within the same
    /// directory; `..` stays what it was), and which goes with the script. `./was` is then what is at PATH, itself and not a copy: a
    /// hard link, so that it is looked at, read and put back without PATH being resolved again.
    ///
    /// Leftovers of a machine that lost its power are cleared away with the next step in that directory, once nothing works in them any more
    /// (a new one has a few seconds until somebody does); only what may be in them, and from within, for the directory's owner may have
    /// named anything so, or have it lead there.
    ///
    /// `outside COMMAND` runs it where a command of somebody else's should run.
    private static let places = """
        _physical() {
        _p= _o=${1#/}/ _h=0
        while [ -n "$_o" ]; do
        _q=${_o%%/*} _o=${_o#*/}
        case $_q in ''|.) continue;; ..) _p=${_p%/*}; continue;; esac
        [ -L "$_p/$_q" ] || { _p=$_p/$_q; continue; }
        _h=$((_h + 1))
        [ "$_h" -le 40 ] || fail "$1: too many symbolic links"
        for _u in $(stat -c %u -- "${_p:-/}" "$_p/$_q"); do
        case $_u in 0|"$_me"|"$2") ;; *) fail "$_p/$_q is a symbolic link that another user could lead anywhere: name the place that is meant";; esac
        done
        _u=$(readlink -- "$_p/$_q") || fail "$_p/$_q has just been replaced"
        case $_u in /*) _p=;; esac
        _o=$_u/$_o
        done
        }
        enter() {
        _d=${1%/*} _d=${_d:-/}
        cd -P -- "$_d" 2>/dev/null || fail "$1: the directory it stands in is not there"
        _me=$(id -u) _w=$(pwd -P)
        if [ "$_w" != "$_d" ]; then
        _physical "$_d" "$(stat -c %u .)"
        [ "${_p:-/}" = "$_w" ] || fail "$1: what it stands in has just been replaced"
        fi
        _d=$_w place=./${1##*/}
        _sweep ./.ashlar.*
        }
        look() {
        cd -P -- "$1" 2>/dev/null || return
        _w=$(pwd -P)
        [ "$_w" != "$1" ] || return 0
        _me=$(id -u)
        _physical "$1" "$(stat -c %u .)"
        [ "${_p:-/}" = "$_w" ] || fail "$1 has just been replaced"
        }
        within() {
        cd -P -- "$1" && [ "$(pwd -P)" = "${_d%/}/${1#./}" ] || fail "${_d%/}/${1#./} is a symbolic link, or has just been replaced"
        }
        _sweep() {
        [ -e "$1" ] || return 0
        for _q in "$@"; do
        [ -d "$_q" ] && [ ! -L "$_q" ] && [ -n "$(find "$_q" -maxdepth 0 -user "$_me" -perm 700 ! -newermt '10 seconds ago')" ] || continue
        case $nl$(readlink /proc/[0-9]*/cwd 2>/dev/null)$nl in *"$nl${_d%/}/${_q#./}$nl"*) continue;; esac
        ( cd -P -- "$_q" && [ "$(pwd -P)" = "${_d%/}/${_q#./}" ] && [ "$(stat -c %u .)" = "$_me" ] && rm -f -- ./new ./was ) 2>/dev/null && rmdir -- "$_q" || :
        done
        }
        stage() {
        enter "$1"
        _z=$(umask 077; mktemp -d ./.ashlar.XXXXXX) || fail "nothing can be made in $_d"
        within "$_z"
        case $(stat -c '%u %a' .) in "$_me 700"|"$_me 2700") ;; *) fail "$_d/${_z#./} has just been replaced";; esac
        [ -z "$(ls -A)" ] || fail "$_d/${_z#./} has just been replaced"
        at_exit 'rm -f -- ./new ./was; cd .. && rmdir -- "$_z"'
        place=.$place
        if [ -L "$place" ] || { [ -e "$place" ] && [ ! -d "$place" ]; }; then
        ln -PT -- "$place" ./was 2>/dev/null || timeout 60 cp -dpT -- "$place" ./was
        fi
        }
        outside() { ( cd / && exec "$@" ); }
        """

    /// Clears up however it ends: a connection that is gone makes itself known by SIGPIPE with the next frame, and scripts that are
    /// stopped get SIGTERM. (Caught, not ignored: what is ignored would stay so in everything that is started.)
    private static let opening = "set -eu; _l=0 _x=; trap _end EXIT; trap 'exit 141' PIPE; trap 'exit 143' HUP TERM"

    /// One script in a shell of its own, its status in `_s`.
    static func isolated(_ script: String, input: String?) -> String {
        let feed = input.map { "printf %s \(ShellWord.quoted($0)) | " } ?? ""
        return "\(feed)( \(opening)\n\(terminated(script)))\(input == nil ? " </dev/null" : "")\n_s=$?\n"
    }

    /// One script whose output is a fact.
    static func captured(_ script: String) -> String {
        "_v=$( \(opening); exec </dev/null\n\(terminated(script)))\n_s=$?\n"
            + "if [ \"$_s\" = 0 ]; then _frame f '' \"$_v\"; fi\n"
    }

    private static func terminated(_ script: String) -> String { script.hasSuffix("\n") ? script : script + "\n" }

    /// 32 hexadecimal digits that no program can have been told.
    static func randomToken() -> String {
        [UInt64.random(in: .min ... .max), UInt64.random(in: .min ... .max)].map { word in
            let digits = String(word, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
    }
}
