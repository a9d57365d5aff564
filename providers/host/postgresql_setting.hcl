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
      validation  = { condition = !can(regex("[\\n\\\\]", value)), message = "A value is one line without backslashes." }
    }
    service = { type = string, default = "postgresql", description = "Unit that is restarted where the setting takes that." }
  }

  read {
    facts "settings" {
      columns   = ["name", "value"]
      separator = "\t"
      script    = <<-SH
        command -v psql >/dev/null || exit 0
        runuser -u postgres -- psql -X -q -A -t -F "$(printf '\t')" -c "SELECT DISTINCT ON (name) name, setting FROM pg_file_settings WHERE error IS NULL ORDER BY name, seqno DESC" 2>/dev/null || :
      SH
    }
    gone = !can(facts.settings[name])
  }
  object = { value = facts.settings[name].value }

  create {
    stdin  = "ALTER SYSTEM SET ${name} = '${replace(value, "'", "''")}';\n"
    script = <<-SH
      ask() { runuser -u postgres -- psql -X -q -A -t -v ON_ERROR_STOP=1 "$@"; }
      tries=0
      until ask -c 'SELECT 1' >/dev/null 2>&1; do
        tries=$((tries + 1))
        [ $tries -lt 150 ] || { ask -c 'SELECT 1'; fail "PostgreSQL does not answer"; }
        sleep 0.2
      done
      was=$(ask -v name=${name} -f - <<'SQL'
      SELECT 'v' || setting FROM pg_file_settings WHERE name = :'name' AND sourcefile LIKE '%/postgresql.auto.conf' ORDER BY seqno DESC LIMIT 1;
      SQL
      )
      [ -z "$was" ] || remember value "$${was#v}"
      changed
      ask -f -
      ask -c 'SELECT pg_reload_conf()' >/dev/null
      sleep 0.3
      [ "$(ask -c 'SELECT count(*) FROM pg_settings WHERE pending_restart')" = 0 ] || systemctl restart ${service}
    SH
  }
  update {
    attributes = ["value"]
    stdin      = "ALTER SYSTEM SET ${name} = '${replace(value, "'", "''")}';\n"
    script     = <<-SH
      ask() { runuser -u postgres -- psql -X -q -A -t -v ON_ERROR_STOP=1 "$@"; }
      ask -f -
      ask -c 'SELECT pg_reload_conf()' >/dev/null
      sleep 0.3
      [ "$(ask -c 'SELECT count(*) FROM pg_settings WHERE pending_restart')" = 0 ] || systemctl restart ${service}
    SH
  }
  update { attributes = ["service"] }
  delete {
    stdin  = can(before.value) ? "ALTER SYSTEM SET ${name} = '${replace(before.value, "'", "''")}';\n" : "ALTER SYSTEM RESET ${name};\n"
    script = <<-SH
      command -v psql >/dev/null || exit 0
      ask() { runuser -u postgres -- psql -X -q -A -t -v ON_ERROR_STOP=1 "$@"; }
      ask -f -
      ask -c 'SELECT pg_reload_conf()' >/dev/null
      sleep 0.3
      [ "$(ask -c 'SELECT count(*) FROM pg_settings WHERE pending_restart')" = 0 ] || systemctl restart ${service}
    SH
  }
}
