# PostgreSQL on the host itself, asked through psql as the system user postgres. Passwords travel by standard input only.
#
# What was there before is never dropped: a role or database is dropped only where a create has noted, before it made it, that it was not
# there. What it found instead it has noted as well, and gives back. Texts are written E'...' with doubled backslashes and quotes, which
# mean the same under every setting of the server. Where a password or its verifier is sent, the session is first kept out of the server's
# log and statistics, in as far as this version and its loaded modules have the settings.
resource "host_postgresql_role" {
  summary  = "A role of the host's PostgreSQL. One that was there before is not dropped in the end, but gets back what it had; one that was imported stays. What one that is dropped has made in databases of others stays, and is their owners'."
  identity = ["host", "name"]

  validation = { condition = name != "postgres" || superuser == true && login != false, message = "The role postgres stays a superuser that may log in: everything here is done as it." }

  attributes = {
    host             = { type = host, required = true, replaces = true, description = "Where." }
    name = {
      type        = string
      required    = true
      replaces    = true
      description = "Name of the role."
      validation  = rule.role
    }
    password         = { type = string, optional = true, sensitive = true, description = "Password. Left alone where not given." }
    login            = { type = bool, default = true, description = "Whether it may log in." }
    superuser        = { type = bool, default = false, description = "Whether it may everything." }
    create_database  = { type = bool, default = false, description = "Whether it may make databases." }
    create_role      = { type = bool, default = false, description = "Whether it may make roles." }
    replication      = { type = bool, default = false, description = "Whether it may replicate." }
    connection_limit = {
      type        = number
      default     = -1
      description = "Connections at once; -1 for no limit."
      validation  = { condition = value == floor(value) && value >= -1 && value <= 2147483647, message = "A limit of connections is a whole number from -1." }
    }
    verifier         = { type = string, computed = true, sensitive = true, recompute = ["password"], description = "What the server keeps of the password: another one than after the last apply means that the password was changed by hand." }
  }

  let = {
    # Texts for SQL: a literal and an identifier.
    name_text   = "E'${replace(replace(name, "\\", "\\\\"), "'", "''")}'"
    name_quoted = "\"${replace(name, "\"", "\"\"")}\""
    # A password that is set anew gets another salt, and so another verifier: only where it changes.
    options     = "${login ? "LOGIN" : "NOLOGIN"} ${superuser ? "SUPERUSER" : "NOSUPERUSER"} ${create_database ? "CREATEDB" : "NOCREATEDB"} ${create_role ? "CREATEROLE" : "NOCREATEROLE"} ${replication ? "REPLICATION" : "NOREPLICATION"} CONNECTION LIMIT ${connection_limit} ${password == null || password == try(prior.password, null) ? "" : "PASSWORD E'${replace(replace(password == null ? "" : password, "\\", "\\\\"), "'", "''")}'"}"
    # The session says nothing of what it does.
    quiet = "SELECT count(set_config(name, quiet.value, false)) FROM pg_settings JOIN (VALUES ('log_statement', 'none'), ('log_min_error_statement', 'panic'), ('log_min_duration_statement', '-1'), ('log_min_duration_sample', '-1'), ('log_transaction_sample_rate', '0'), ('log_duration', 'off'), ('log_parameter_max_length', '0'), ('log_parameter_max_length_on_error', '0'), ('debug_print_parse', 'off'), ('debug_print_rewritten', 'off'), ('debug_print_plan', 'off'), ('debug_print_raw_parse', 'off'), ('track_activities', 'off'), ('auto_explain.log_min_duration', '-1'), ('pg_stat_statements.track', 'none'), ('pg_stat_statements.track_utility', 'off'), ('pgaudit.log', 'none')) AS quiet (name, value) USING (name);"
  }

  read {
    facts "roles" {
      columns   = ["login", "superuser", "create_database", "create_role", "replication", "connection_limit", "verifier", "name"]
      separator = "\t"
      key       = "name"
      script    = <<-SH
        cd /
        command -v psql >/dev/null || exit 0
        runuser -u postgres -- psql -X -q -A -t -F "$(printf '\t')" -c "SELECT rolcanlogin, rolsuper, rolcreatedb, rolcreaterole, rolreplication, rolconnlimit, coalesce(rolpassword, ''), rolname FROM pg_authid" ||
          fail "PostgreSQL does not answer on this host, so what it has is not known. See systemctl status postgresql and /var/log/postgresql. An apply with -target mends its service, or a line of pg_hba.conf, before everything else is read"
      SH
    }
    gone = !can(facts.roles[name])
  }
  object = {
    login            = facts.roles[name].login == "t"
    superuser        = facts.roles[name].superuser == "t"
    create_database  = facts.roles[name].create_database == "t"
    create_role      = facts.roles[name].create_role == "t"
    replication      = facts.roles[name].replication == "t"
    connection_limit = tonumber(facts.roles[name].connection_limit)
    password         = verifier == null || verifier == facts.roles[name].verifier ? password : null
    verifier         = facts.roles[name].verifier
  }

  create {
    stdin  = <<-SQL
      SET standard_conforming_strings = on;
      ${quiet}
      SELECT format('CREATE ROLE %I', ${name_text}) WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = ${name_text}) \gexec
      ALTER ROLE ${name_quoted} ${options};
    SQL
    script = <<-SH
      ${fragment.ask}
      was=$(ask -v name=${name} -f - <<'SQL'
      SELECT concat_ws(' ', CASE WHEN rolcanlogin THEN 'LOGIN' ELSE 'NOLOGIN' END, CASE WHEN rolsuper THEN 'SUPERUSER' ELSE 'NOSUPERUSER' END,
        CASE WHEN rolcreatedb THEN 'CREATEDB' ELSE 'NOCREATEDB' END, CASE WHEN rolcreaterole THEN 'CREATEROLE' ELSE 'NOCREATEROLE' END,
        CASE WHEN rolreplication THEN 'REPLICATION' ELSE 'NOREPLICATION' END, 'CONNECTION LIMIT', rolconnlimit) FROM pg_authid WHERE rolname = :'name';
      SQL
      )
      if [ -n "$was" ]; then
        kept=$(umask 077; mktemp)
        at_exit 'rm -f -- "$kept"'
        ask -v name=${name} -f - >"$kept" <<'SQL'
      SELECT rolpassword FROM pg_authid WHERE rolname = :'name';
      SQL
        remember_file verifier "$kept"
        remember attributes "$was"
      else
        remember made yes
      fi
      # All of it or nothing. (Terse, because an error would otherwise quote the statement, and so the password.)
      changed
      ask -1 -v VERBOSITY=terse -f - >/dev/null || { unchanged; fail "PostgreSQL refuses the role; nothing has changed"; }
    SH
  }
  update {
    stdin  = <<-SQL
      SET standard_conforming_strings = on;
      ${quiet}
      ALTER ROLE ${name_quoted} ${options};
    SQL
    script = <<-SH
      cd /
      runuser -u postgres -- psql -X -q -1 -v ON_ERROR_STOP=1 -v VERBOSITY=terse -f - >/dev/null
    SH
  }
  delete {
    stdin  = <<-SQL
      SET standard_conforming_strings = on;
      ${quiet}
      %{ if can(before.attributes) ~}
      SELECT format('ALTER ROLE %I %s%s', rolname, E'${replace(replace(before.attributes, "\\", "\\\\"), "'", "''")}', ${password == null ? "''" : "format(' PASSWORD %L', nullif(E'${replace(replace(trimspace(try(base64decode(before.verifier), "")), "\\", "\\\\"), "'", "''")}', ''))"}) FROM pg_roles WHERE rolname = ${name_text} \gexec
      %{ else ~}
      DROP ROLE IF EXISTS ${name_quoted};
      %{ endif ~}
    SQL
    script = <<-SH
      cd /
      %{ if can(before.attributes) || can(before.made) ~}
      command -v psql >/dev/null || exit 0
      %{ if !can(before.attributes) ~}
      # What it made in databases of others stays, and is their owners' from now on. Databases of its own keep it from going.
      psql() { runuser -u postgres -- psql -X -q -A -t -v ON_ERROR_STOP=1 -v name=${name} "$@"; }
      owned=$(psql -f - <<'SQL'
      SELECT datname FROM pg_database WHERE pg_get_userbyid(datdba) = :'name';
      SQL
      )
      all=$(psql -c 'SELECT datname FROM pg_database WHERE datallowconn')
      [ -n "$owned" ] || printf '%s\n' "$all" | while IFS= read -r database; do
        psql -d "dbname=$(word "$database")" -f - <<'SQL'
      SELECT format('REASSIGN OWNED BY %I TO %I', rolname, pg_get_userbyid(datdba)), format('DROP OWNED BY %I', rolname) FROM pg_roles, pg_database WHERE rolname = :'name' AND datname = current_database() \gexec
      SQL
      done
      %{ endif ~}
      runuser -u postgres -- psql -X -q -1 -v ON_ERROR_STOP=1 -f - >/dev/null
      %{ endif ~}
    SH
  }
}

resource "host_postgresql_database" {
  summary  = "A database of the host's PostgreSQL. One that was there before, or was imported, is never dropped; one that was there before gets back its owner."
  identity = ["host", "name"]
  guarded  = true

  attributes = {
    host     = { type = host, required = true, replaces = true, description = "Where." }
    name = {
      type        = string
      required    = true
      replaces    = true
      description = "Name of the database."
      validation  = { condition = can(regex("^[^\\x00-\\x1f\\x7f]{1,63}$", value)), message = "The name of a database has 1 to 63 characters and no control characters, such as line ends." }
    }
    owner    = {
      type        = string
      default     = "postgres"
      description = "Role that owns it."
      validation  = rule.role
    }
    encoding = {
      type        = string
      default     = "UTF8"
      replaces    = true
      normalize   = upper(replace(value, "-", ""))
      description = "Encoding of its texts."
      validation  = { condition = can(regex("^[A-Za-z0-9_-]+$", value)), message = "Not an encoding: ${value}" }
    }
    protect  = { type = bool, default = true, description = "Whether it is kept from being deleted. A database holds data." }
  }

  let = {
    # Texts for SQL: literals and an identifier.
    name_text   = "E'${replace(replace(name, "\\", "\\\\"), "'", "''")}'"
    owner_text  = "E'${replace(replace(owner, "\\", "\\\\"), "'", "''")}'"
    name_quoted = "\"${replace(name, "\"", "\"\"")}\""
  }

  read {
    facts "databases" {
      columns   = ["owner", "encoding", "name"]
      separator = "\t"
      key       = "name"
      script    = <<-SH
        cd /
        command -v psql >/dev/null || exit 0
        runuser -u postgres -- psql -X -q -A -t -F "$(printf '\t')" -c "SELECT pg_get_userbyid(datdba), pg_encoding_to_char(encoding), datname FROM pg_database" ||
          fail "PostgreSQL does not answer on this host, so what it has is not known. See systemctl status postgresql and /var/log/postgresql. An apply with -target mends its service, or a line of pg_hba.conf, before everything else is read"
      SH
    }
    gone = !can(facts.databases[name])
  }
  object = {
    owner    = facts.databases[name].owner
    encoding = facts.databases[name].encoding
  }

  create {
    stdin  = <<-SQL
      SET standard_conforming_strings = on;
      SELECT format('CREATE DATABASE %I OWNER %I ENCODING %L TEMPLATE template0', ${name_text}, ${owner_text}, E'${replace(replace(encoding, "\\", "\\\\"), "'", "''")}') WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = ${name_text}) \gexec
      SELECT format('ALTER DATABASE %I OWNER TO %I', datname, ${owner_text}) FROM pg_database WHERE datname = ${name_text} AND pg_get_userbyid(datdba) <> ${owner_text} \gexec
    SQL
    script = <<-SH
      ${fragment.ask}
      was=$(ask -v name=${name} -f - <<'SQL'
      SELECT pg_encoding_to_char(encoding) || ' ' || pg_get_userbyid(datdba) FROM pg_database WHERE datname = :'name';
      SQL
      )
      if [ -n "$was" ]; then
        [ "$${was%% *}" = ${encoding} ] || fail "there is a database" ${name} "of the encoding $${was%% *} already, and no database can change its encoding"
        remember owner "$${was#* }"
      else
        remember made yes
      fi
      changed
      ask -f - >/dev/null || { unchanged; fail "PostgreSQL refuses the database; nothing has changed"; }
    SH
  }
  update {
    attributes = ["owner"]
    stdin      = "ALTER DATABASE \"${replace(name, "\"", "\"\"")}\" OWNER TO \"${replace(owner, "\"", "\"\"")}\";\n"
    script     = <<-SH
      cd /
      runuser -u postgres -- psql -X -q -v ON_ERROR_STOP=1 -f -
    SH
  }
  update { attributes = ["protect"] }
  delete {
    stdin  = <<-SQL
      SET standard_conforming_strings = on;
      %{ if can(before.made) ~}
      DROP DATABASE IF EXISTS ${name_quoted} WITH (FORCE);
      %{ endif ~}
      %{ if can(before.owner) ~}
      -- Its owner may be gone since.
      SELECT format('ALTER DATABASE %I OWNER TO %I', datname, coalesce((SELECT rolname FROM pg_roles WHERE rolname = E'${replace(replace(before.owner, "\\", "\\\\"), "'", "''")}'), CURRENT_USER)) FROM pg_database WHERE datname = ${name_text} \gexec
      %{ endif ~}
    SQL
    script = <<-SH
      cd /
      %{ if can(before.owner) || can(before.made) ~}
      command -v psql >/dev/null || exit 0
      runuser -u postgres -- psql -X -q -v ON_ERROR_STOP=1 -f -
      %{ endif ~}
    SH
  }
}

resource "host_postgresql_hba" {
  summary  = "A line of pg_hba.conf: who may log in from where, and how. Lines of ours stand before all others, in the order of their names."
  identity = ["host", "name"]

  validation = [
    { condition = type != "local" || address == null, message = "A line of the type local has no address." },
    { condition = type == "local" || address != null, message = "A line has an address, unless its type is local." },
  ]

  attributes = {
    host = { type = host, required = true, replaces = true, description = "Where." }
    name = {
      type        = string
      required    = true
      replaces    = true
      description = "Names the line; lines are in the order of their names."
      validation  = { condition = can(regex("^[A-Za-z0-9_.:/-]+$", value)), message = "A name has letters, digits, and _ . : / -: ${value}" }
    }
    type     = { type = string, default = "host", description = "host, hostssl, hostnossl or local.", validation = { condition = contains(["host", "hostssl", "hostnossl", "local"], value), message = "A type is host, hostssl, hostnossl or local." } }
    database = { type = string, default = "all", description = "Database, or several with commas, or all.", validation = rule.hba_word }
    user     = { type = string, default = "all", description = "Role, or several with commas, or all.", validation = rule.hba_word }
    address = {
      type        = string
      optional    = true
      description = "Network, such as 10.0.0.0/8 or 10.0.0.1/32; or all, samehost, samenet or the name of a host; not for local."
      validation = {
        condition = can(cidrhost(value, 0)) || can(regex("^[.]?([A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?[.])*[A-Za-z]([A-Za-z0-9-]*[A-Za-z0-9])?$", value))
        message   = "An address has its length, such as 10.0.0.0/8 or 10.0.0.1/32; or it is all, samehost, samenet or the name of a host: ${value}"
      }
    }
    method = {
      type        = string
      default     = "scram-sha-256"
      description = "How it proves itself: scram-sha-256, md5, password, peer, ident, cert, gss, sspi, ldap, radius, pam, bsd, oauth, trust or reject."
      validation  = { condition = contains(["scram-sha-256", "md5", "password", "peer", "ident", "cert", "gss", "sspi", "ldap", "radius", "pam", "bsd", "oauth", "trust", "reject"], value), message = "Not a method of PostgreSQL: ${value}" }
    }
    line     = { type = string, computed = true, value = join(" ", compact([type, database, user, address, method])), description = "The line." }
  }

  read {
    facts "lines" {
      script = <<-SH
        cd /
        command -v psql >/dev/null || exit 0
        # Where the server does not answer, its configuration still says which file it is.
        hba_file() { runuser -u postgres -- psql -X -q -A -t -c 'SHOW hba_file' 2>/dev/null || pg_conftool -s show hba_file 2>/dev/null; }
        file=$(hba_file) || exit 0
        [ -f "$file" ] || exit 0
        while IFS= read -r line; do
          case $line in
            *" # ashlar "*) emit "$${line##* # ashlar }" "$${line% # ashlar *}";;
          esac
        done <"$file"
      SH
    }
    gone = !can(facts.lines[name])
  }
  object = { line = facts.lines[name] }

  create {
    script = <<-SH
      # Where the server does not answer, its configuration still says which file it is.
      hba_file() { outside runuser -u postgres -- psql -X -q -A -t -c 'SHOW hba_file' 2>/dev/null || pg_conftool -s show hba_file 2>/dev/null; }
      # Lines that the server could not take, of the file as it is on disk. (That no TLS is set up yet makes no line wrong.)
      wrong() { outside runuser -u postgres -- psql -X -q -A -t -c "SET lc_messages = 'C'" -c "SELECT 'line ' || line_number || ': ' || error FROM pg_hba_file_rules WHERE error IS NOT NULL AND error NOT LIKE '%cannot match because SSL%' ORDER BY line_number"; }
      file=$(hba_file) || fail "PostgreSQL's pg_hba.conf was not found: its server does not answer, and pg_conftool knows of none"
      ${fragment.hba_staged}
      ours=
      others=
      while IFS= read -r line || [ -n "$line" ]; do
        case $line in
          *" # ashlar "${name}) ;;
          *" # ashlar "*) ours=$ours$line$nl;;
          *) others=$others$line$nl;;
        esac
      done <./was
      ours=$ours${line}" # ashlar "${name}$nl
      { printf %s "$ours" | sort -t '#' -k 2; printf %s "$others"; } >./new
      chown -h --reference=./was -- ./new
      chmod --reference=./was -- ./new
      if ! before=$(wrong); then
        # Nobody is there to judge the file. What keeps the server down may be just what this line replaces.
        changed
        mv -fT -- ./new "$place"
        outside runuser -u postgres -- psql -X -q -A -t -c 'SELECT pg_reload_conf()' >/dev/null 2>&1 || :
        exit 0
      fi
      # Until the server has judged the new file the old one is put back, however this ends; nothing has been reloaded by then.
      judged=no
      at_exit '[ "$judged" = yes ] || { ln -PfT -- ./was ./new && mv -fT -- ./new "$place"; }'
      changed
      mv -fT -- ./new "$place"
      after=$(wrong) || { unchanged; fail "PostgreSQL does not judge the new pg_hba.conf, and the old one was put back"; }
      # It may not be better than it was; but what is wrong in several lines is mended one at a time.
      if [ -n "$after" ] && [ "$(printf '%s\n' "$after" | wc -l)" -ge "$(printf %s "$${before:+$before$nl}" | wc -l)" ]; then
        unchanged
        fail "PostgreSQL refuses the new pg_hba.conf, and the old one was put back: $after"
      fi
      judged=yes
      outside runuser -u postgres -- psql -X -q -A -t -c 'SELECT pg_reload_conf()' >/dev/null
    SH
  }
  update { same_as = "create" }
  delete {
    script = <<-SH
      command -v psql >/dev/null || exit 0
      # Where the server does not answer, its configuration still says which file it is.
      hba_file() { outside runuser -u postgres -- psql -X -q -A -t -c 'SHOW hba_file' 2>/dev/null || pg_conftool -s show hba_file 2>/dev/null; }
      file=$(hba_file) || exit 0
      [ -f "$file" ] || exit 0
      ${fragment.hba_staged}
      others=
      while IFS= read -r line || [ -n "$line" ]; do
        case $line in
          *" # ashlar "${name}) ;;
          *) others=$others$line$nl;;
        esac
      done <./was
      printf %s "$others" >./new
      chown -h --reference=./was -- ./new
      chmod --reference=./was -- ./new
      mv -fT -- ./new "$place"
      # A server that is down reads it when it starts.
      outside runuser -u postgres -- psql -X -q -A -t -c 'SELECT pg_reload_conf()' >/dev/null || :
    SH
  }
}

fragment "ask" {
  script = <<-SH
    cd /
    command -v psql >/dev/null || fail "there is no PostgreSQL on this host: host_package installs it, and depends_on says what needs it"
    ask() { runuser -u postgres -- psql -X -q -A -t -v ON_ERROR_STOP=1 "$@"; }
  SH
}

fragment "hba_staged" {
  script = <<-SH
    # It stands in a directory of the database's user, and this is root.
    umask 077
    stage "$file"
    [ -f ./was ] && [ ! -L ./was ] || fail "$file" "is no file"
  SH
}

rule "role" {
  condition = can(regex("^[^\\x00-\\x1f\\x7f]{1,63}$", value))
  message   = "The name of a role has 1 to 63 characters and no control characters, such as line ends."
}

rule "hba_word" {
  condition = can(regex("^[^\\s#\\x00-\\x1f\\x7f]+$", value))
  message   = "No blanks or control characters in it."
}
