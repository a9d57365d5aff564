# A few settings are lists of names: quoted as one, "a, b" would be a single name with a comma in it, and the server would not start again.
resource "host_postgresql_setting" {
  summary  = "A setting of the host's PostgreSQL, by ALTER SYSTEM. The server is restarted where the setting takes a restart. Several may claim one; when the last goes, the setting is as it was before."
  identity = ["host", "name"]
  shared   = true

  attributes = {
    host = { type = host, required = true, replaces = true, description = "Where." }
    name = {
      type        = string
      required    = true
      replaces    = true
      description = "Name of the setting, such as listen_addresses."
      validation  = { condition = can(regex("^[a-z_][a-z0-9_.]*$", value)), message = "Not a setting's name: ${value}" }
    }
    value = {
      type        = string
      required    = true
      description = "Its value, as postgresql.conf has it between quotes; units as SHOW gives them."
      validation  = { condition = !can(regex("[\\x00-\\x1f\\x7f\\\\]", value)), message = "A value is one line without backslashes." }
    }
    service = {
      type        = string
      default     = "postgresql"
      description = "Unit that is restarted where the setting takes that."
      validation  = rule.unit
    }
  }

  let = { written = contains(["local_preload_libraries", "search_path", "session_preload_libraries", "shared_preload_libraries", "temp_tablespaces", "unix_socket_directories"], name) ? join(", ", [for part in split(",", value) : "E'${replace(replace(trim(trimspace(part), "\""), "\\", "\\\\"), "'", "''")}'"]) : "E'${replace(replace(value, "\\", "\\\\"), "'", "''")}'" }

  read {
    facts "settings" {
      columns   = ["name", "value"]
      separator = "\t"
      script    = <<-SH
        cd /
        command -v psql >/dev/null || exit 0
        runuser -u postgres -- psql -X -q -A -t -F "$(printf '\t')" -c "SELECT DISTINCT ON (name) name, setting FROM pg_file_settings WHERE error IS NULL ORDER BY name, seqno DESC" ||
          fail "PostgreSQL does not answer on this host, so what it has is not known. See systemctl status postgresql and /var/log/postgresql. An apply with -target mends its service, or a line of pg_hba.conf, before everything else is read"
      SH
    }
    gone = !can(facts.settings[name])
  }
  object = { value = facts.settings[name].value }

  create {
    stdin  = <<-SQL
      ALTER SYSTEM SET ${name} = ${written};
    SQL
    script = <<-SH
      cd /
      command -v psql >/dev/null || fail "there is no PostgreSQL on this host: host_package installs it, and depends_on says what needs it"
      ${fragment.answers}
      answers || { ask -c 'SELECT 1'; fail "PostgreSQL does not answer"; }
      was=$(ask -v name=${name} -f - <<'SQL'
      SELECT 'v' || setting FROM pg_file_settings WHERE name = :'name' AND sourcefile LIKE '%/postgresql.auto.conf' ORDER BY seqno DESC LIMIT 1;
      SQL
      )
      [ -z "$was" ] || remember value "$${was#v}"
      ${fragment.kept}
      changed
      ${fragment.set}
    SH
  }
  update {
    attributes = ["value"]
    stdin      = <<-SQL
      ALTER SYSTEM SET ${name} = ${written};
    SQL
    script     = <<-SH
      cd /
      ${fragment.answers}
      ${fragment.kept}
      ${fragment.set}
    SH
  }
  update { attributes = ["service"] }
  delete {
    stdin  = <<-SQL
      %{ if can(before.value) ~}
      ALTER SYSTEM SET ${name} = ${contains(["local_preload_libraries", "search_path", "session_preload_libraries", "shared_preload_libraries", "temp_tablespaces", "unix_socket_directories"], name) ? join(", ", [for part in split(",", before.value) : "E'${replace(replace(trim(trimspace(part), "\""), "\\", "\\\\"), "'", "''")}'"]) : "E'${replace(replace(before.value, "\\", "\\\\"), "'", "''")}'"};
      %{ else ~}
      ALTER SYSTEM RESET ${name};
      %{ endif ~}
    SQL
    script = <<-SH
      command -v psql >/dev/null || exit 0
      cd /
      ask() { runuser -u postgres -- psql -X -q -A -t -v ON_ERROR_STOP=1 "$@"; }
      ask -f -
      ask -c 'SELECT pg_reload_conf()' >/dev/null
      sleep 0.3
      [ "$(ask -c 'SELECT count(*) FROM pg_settings WHERE pending_restart')" = 0 ] || systemctl restart -- ${service}
    SH
  }
}

fragment "answers" {
  script = <<-SH
    ask() { runuser -u postgres -- psql -X -q -A -t -v ON_ERROR_STOP=1 "$@"; }
    answers() {
      tries=0
      until ask -c 'SELECT 1' >/dev/null 2>&1; do
        tries=$((tries + 1))
        [ $tries -lt 150 ] || return 1
        sleep 0.2
      done
    }
  SH
}

fragment "kept" {
  script = <<-SH
    conf=$(ask -c 'SHOW data_directory')/postgresql.auto.conf
    old=$(umask 077; mktemp /run/ashlar-setting.XXXXXX)
    at_exit 'rm -f -- "$old"'
    cp -p -- "$conf" "$old"
  SH
}

fragment "set" {
  script = <<-SH
    ask -f -
    ask -c 'SELECT pg_reload_conf()' >/dev/null
    sleep 0.3
    if [ "$(ask -c 'SELECT count(*) FROM pg_settings WHERE pending_restart')" != 0 ]; then
      # Debian's unit says that all is well even where the server did not start.
      systemctl restart -- ${service} || :
      if ! answers; then
        cp -p -- "$old" "$conf"
        systemctl restart -- ${service} || :
        answers || fail "PostgreSQL does not start with this setting, nor with the one before it, which was put back. See /var/log/postgresql"
        unchanged
        fail "PostgreSQL does not start with this setting, and the one before it was put back. See /var/log/postgresql"
      fi
    fi
  SH
}
