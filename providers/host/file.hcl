resource "host_file" {
  summary   = "A file with exactly this content, replaced atomically, checked before it takes effect where a check is given."
  identity  = ["host", "path"]
  nested_by = "path"
  use       = ["owned"]

  attributes = {
    host = { type = host, required = true, replaces = true, description = "Where." }
    path = {
      type        = string
      required    = true
      replaces    = true
      description = "Absolute path."
      validation  = [rule.path, rule.plain_path]
    }
    content = { type = string, optional = true, description = "Text of the file; empty by default." }
    mode = {
      type        = string
      default     = "0644"
      normalize   = replace(value, "/^0+/", "")
      description = "Permissions, octal."
      validation  = rule.mode
    }
    validate = { type = string, optional = true, description = "Command that checks the new file before it replaces the old one; it finds it in $candidate, which only the user that scripts run as can read until then." }
    check    = { type = string, optional = true, description = "Command that checks once the file is in place, such as nginx -t; if it fails, the old file is put back." }
    reload   = { type = string, optional = true, description = "Command to run after the file has changed, such as systemctl reload nginx." }
    confirm  = { type = number, optional = true, description = "Seconds within which a new connection must come through after a change, or else the old file comes back: for files that could lock out who works on the host." }
    settled  = { type = bool, computed = true, progress = true, value = check != null || reload != null || confirm != null ? true : null, description = "Whether the last change has been checked, and what is to reload has. One that was cut off in between is made good by the next apply." }
    sha256   = { type = string, computed = true, value = sha256(content == null ? "" : content), description = "SHA-256 of the content, hexadecimal: what a service's restart_on names." }
  }

  read {
    # Whoever may write in a directory on the way may lead a script of root's to any other: nothing is read but what stands where it should.
    facts "places" {
      script = <<-SH
        %{ for directory in distinct([for o in objects : dirname(o.path)]) ~}
        said=$( ( look ${directory} ) 2>&1 ) || [ -z "$said" ] || emit ${directory} "$said"
        %{ endfor ~}
      SH
    }
    facts "stat" {
      columns = ["raw", "mode", "uid", "gid", "owner", "group", "path"]
      key     = "path"
      script  = <<-SH
        %{ for directory, names in { for o in objects : dirname(o.path) => basename(o.path)... } ~}
        ( look ${directory} && stat -c ${"%f %a %u %g %U %G ${replace(trimsuffix(directory, "/"), "%", "%%")}/%n"} -- ${names} ) 2>/dev/null || :
        %{ endfor ~}
      SH
    }
    facts "unsettled" {
      script = "emit_unsettled"
    }
    # Contents travel only where they differ from what is recorded. Whoever may write there may have put anything in the file's place: only
    # regular files are opened, only those of the recorded length are hashed, and none for long.
    facts "content" {
      script = <<-SH
        # What is there, in the order of what is recorded: as lines for sha256sum, or already known to differ.
        compared() {
          while IFS= read -r line; do
            raw=$${line%% *} line=$${line#* } size=$${line%% *} name=$${line#* }
            while IFS= read -r want <&4; do
              sum=$${want%% *} want=$${want#* }
              [ "$${want#* }" != "$name" ] || break
            done
            case $raw in 8*) ;; *) continue;; esac
            if [ "$size" = "$${want%% *}" ]; then printf '%s  %s\n' "$sum" "$name"; else printf '%s: FAILED\n' "$name" >&5; fi
          done
        }
        differing() { recorded | { exec 4<&0; there | compared | "$@"; } 5>&1; }
        one_by_one() {
          while IFS= read -r line; do
            printf '%s\n' "$line" | timeout 2 sha256sum --check --quiet 2>/dev/null || [ $? != 124 ] || printf '%s: FAILED\n' "$${line#*  }"
          done
        }
        differences() {
          found=$(differing timeout 20 sha256sum --check --quiet 2>/dev/null) || [ $? != 124 ] || found=$(differing one_by_one)
          printf '%s\n' "$found" | while IFS= read -r line; do
            name=$${line%: FAILED*}
            # Names with a backslash are written with two, after another one.
            case $name in \\*) name=$(printf %b "$${name#?}");; esac
            [ -f "$name" ] && [ ! -L "$name" ] || continue
            path=$${1%/}/$${name#./}
            emit_file "$path" "$name" || emit "$path" "(it cannot be read)"
            # Of its own: what is too long to be carried is not what its text says, and not every file is a text.
            sum=$(timeout 5 sh -c 'dd if="$1" iflag=nofollow,nonblock bs=64k status=none | sha256sum' sh "$name") || sum="(it cannot be told: too long, or not to be read)"
            emit "sha256 $path" "$${sum%  -}"
          done
        }
        %{ for directory, there in { for o in objects : dirname(o.path) => o... } ~}
        recorded() { printf '%s %s %s\n'%{ for o in there } ${secret(sha256(o.content == null ? "" : o.content))} ${secret(floor(length(replace(base64encode(o.content == null ? "" : o.content), "=", "")) * 3 / 4))} ${"./${basename(o.path)}"}%{ endfor }; }
        there() { stat -c '%f %s %n' -- ${[for o in there : "./${basename(o.path)}"]} 2>/dev/null || :; }
        ( look ${directory} 2>/dev/null && differences ${directory} ) || :
        %{ endfor ~}
      SH
    }
    refused = try(facts.places[dirname(path)], null)
    gone = !startswith(try(facts.stat[path].raw, ""), "8")
  }
  object = {
    content = try(facts.content[path] == "" && content == null ? null : facts.content[path], content)
    settled = check != null || reload != null || confirm != null ? !can(facts.unsettled[sha256(path)]) : null
    sha256  = try(facts.content["sha256 ${path}"], sha256(content == null ? "" : content))
  }

  # All of it happens in a directory that nobody else can enter: the file's own may belong to anybody.
  create {
    stdin  = content == null ? "" : content
    script = <<-SH
      umask 077
      stage ${path}
      [ ! -d "$place" ] || fail ${path} "is a directory"
      ${fragment.made}
      if [ -L ./was ]; then
        remember link "$(readlink -- ./was)"
      elif [ -f ./was ]; then
        remember mode "$(stat -c %a -- ./was)"
        remember owner "$(stat -c %u:%g -- ./was)"
        remember_file content ./was
      elif [ -e ./was ]; then
        fail ${path} "is there and is no file"
      fi
      ${fragment.put}
    SH
  }
  update {
    attributes = ["content", "mode", "owner", "group", "settled"]
    stdin      = content == null ? "" : content
    script     = <<-SH
      umask 077
      stage ${path}
      ${fragment.made}
      ${fragment.put}
    SH
  }
  # What is only done with the next change of the file needs nothing now.
  update { attributes = ["validate", "check", "reload", "confirm"] }
  delete {
    stdin  = lookup(before, "content", "")
    script = <<-SH
      %{ if can(before.content) ~}
      umask 077
      stage ${path}
      base64 -d >./new
      chown -h -- ${before.owner} ./new
      chmod -- ${before.mode} ./new
      mv -fT -- ./new "$place"
      %{ else ~}
      if [ -d ${dirname(path)} ]; then
        enter ${path}
        rm -f -- "$place"
      fi
      %{ if can(before.link) ~}
      enter ${path}
      ln -sT -- ${before.link} "$place"
      %{ endif ~}
      %{ endif ~}
      settled ${sha256(path)}
      %{ if reload != null ~}
      outside sh -c ${reload} >&2 || :
      %{ endif ~}
    SH
  }
}

# The new file, where nobody sees it yet.
fragment "made" {
  script = <<-SH
    cat >./new
    chown -h -- ${ownership} ./new
    chmod -- ${mode} ./new
    %{ if validate != null ~}
    candidate=$(pwd -P)/new
    export candidate
    outside sh -c ${validate} >&2
    %{ endif ~}
  SH
}

# In its place, and back again where the check refuses it or nobody gets in any more.
fragment "put" {
  script = <<-SH
    %{ if check != null || confirm != null ~}
    if [ -e ./was ] || [ -L ./was ]; then
      back="mv -fT -- ./was $(word "$place")"
    else
      back="rm -f -- $(word "$place")"
    fi
    %{ endif ~}
    %{ if settled != null ~}
    unsettled ${sha256(path)}
    %{ endif ~}
    %{ if confirm != null ~}
    arm ${confirm} "$back%{ if reload != null }; ( cd / && sh -c $(word ${reload}))%{ endif }"
    %{ endif ~}
    changed
    mv -fT -- ./new "$place"
    %{ if check != null ~}
    outside sh -c ${check} >&2 || { eval "$back"; settled ${sha256(path)}; unchanged; fail "the check refused the new" ${path} "and the old one was put back"; }
    %{ endif ~}
    %{ if reload != null ~}
    outside sh -c ${reload} >&2
    %{ endif ~}
    %{ if confirm != null ~}
    confirm ${reload == null ? 0 : min(2, confirm / 2)}
    %{ endif ~}
    %{ if settled != null ~}
    settled ${sha256(path)}
    %{ endif ~}
  SH
}
