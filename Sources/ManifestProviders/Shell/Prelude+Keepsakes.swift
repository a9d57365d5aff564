/// What a create leaves on its host for the case that its run is killed: what was there before, and the note that it has begun to change it.
///
/// Both stand under the create's intent, in this order: what was there before is on the disk, then the note is, then something is touched.
/// Whenever the host or the connection dies, either there is no note, and nothing has been touched, or what was there is known. So what
/// stands at a create's place without the note is somebody else's, however much it looks like what was planned.
extension Prelude {
    /// Where they are kept: of root, or of a user who may write nowhere else. Empty where there is no place of which nobody else could have
    /// taken possession before.
    private static func place(of owner: KeepsakeOwner) -> String {
        """
        if [ -w /var/lib ]; then _k=/var/lib/ashlar/before/\(owner.folder)
        elif [ -n "${HOME:-}" ]; then _k=$HOME/.local/state/ashlar/before/\(owner.folder)
        else _k=; fi
        """
    }

    /// `changed` makes the note, `unchanged` takes it back; a create that has ended well has it in any case (`_note`). That it cannot be
    /// made stops nothing: without it the next run takes what it finds for what was there before, and leaves it alone. It says which process
    /// it is whose work this is, by its number and when it began.
    static func keeping(of owner: KeepsakeOwner) -> String {
        """
        \(place(of: owner))
        _keep() {
        [ -n "$_i" ] || return 0
        [ -n "$_k" ] || fail "what was there before cannot be kept: HOME is not set, and /var/lib is not to be written"
        ( umask 077; mkdir -p "$_k/$_i" && printf %s "$2" >"$_k/$_i/$1" ) || fail "what was there before could not be kept in $_k"
        }
        _note() {
        [ -n "$_i" ] && [ -n "$_k" ] && [ ! -e "$_k/$_i/changed" ] || return 0
        (
        umask 077
        set -- "$_k/$_i"/*
        if [ -e "$1" ]; then sync -- "$@" "$_k/$_i" || sync; else mkdir -p "$_k/$_i"; fi && _self && echo "$$ $_b" >"$_k/$_i/changed"
        ) 2>/dev/null || :
        }
        _self() { _b=; read -r _b </proc/$$/stat || :; set -- ${_b##*) }; _b=${20:-}; }
        changed() { _note; _frame c '' ''; }
        unchanged() { [ -z "$_i" ] || [ -z "$_k" ] || rm -f -- "$_k/$_i/changed"; _frame u '' ''; }
        """
    }

    /// Remembers again what a create of this intent has kept, and whether it had begun to change anything. Where it has lost its connection
    /// and is still at it, it is waited for a while: what it is just making would be missed.
    static func recalling(_ intent: String) -> String {
        """
        _works() {
        read -r _n _v <"$1" || return
        [ -n "$_v" ] && read -r _b </proc/$_n/stat || return
        set -- ${_b##*) }
        [ "${20:-}" = "$_v" ]
        }
        _t=0
        for _f in "${_k%/*}"/*/\(ShellWord.quoted(intent))/changed; do
        while [ -n "$_k" ] && [ -f "$_f" ] && [ $_t -lt 60 ] && _works "$_f" 2>/dev/null; do _t=$((_t + 1)); sleep 0.5; done
        done
        for _f in "${_k%/*}"/*/\(ShellWord.quoted(intent))/*; do
        [ -n "$_k" ] && [ -f "$_f" ] || continue
        _v=$(cat "$_f"; printf x)
        case $_f in
        */changed) _frame c '' '';;
        */fact.*) _frame r "${_f##*/fact.}" "${_v%x}";;
        */file.*) _frame R "${_f##*/file.}" "${_v%x}";;
        esac
        done
        """
    }

    /// What earlier runs of the same state have left: a run begins to change something only when what became of theirs is recorded.
    static func sweeping(of owner: KeepsakeOwner) -> String {
        """
        if [ -n "$_k" ]; then
        for _f in "${_k%/*}"/\(owner.lineage)-*; do
        [ "$_f" != "$_k" ] && [ -d "$_f" ] || continue
        rm -rf -- "$_f"
        rmdir -- "${_k%/*}" "${_k%/before/*}" 2>/dev/null || :
        done
        fi

        """
    }

    /// A whole script: what creates of this state, and these intents whosever they are, have kept is no longer needed.
    static func releasing(of owner: KeepsakeOwner, and recalled: [String], keeping intents: [String]) -> String {
        let kept = intents.isEmpty ? "" : "case ${_f##*/} in \(intents.map(ShellWord.quoted).joined(separator: "|"))) continue;; esac\n"
        let others = recalled.map { " \"${_k%/*}\"/*/\(ShellWord.quoted($0))" }.joined()
        // A run may have made thousands of things: a process for each of them would take its time.
        return """
            \(place(of: owner))
            [ -n "$_k" ] || exit 0
            set --
            for _f in "${_k%/*}"/\(owner.lineage)-*/*\(others); do
            \(kept)[ -d "$_f" ] || continue
            set -- "$@" "$_f"
            [ $# -lt 100 ] || { rm -rf -- "$@"; set --; }
            done
            [ $# = 0 ] || rm -rf -- "$@"
            for _f in "${_k%/*}"/*; do rmdir "$_f"; done
            rmdir "${_k%/*}" && rmdir "${_k%/before/*}"
            exit 0

            """
    }
}
